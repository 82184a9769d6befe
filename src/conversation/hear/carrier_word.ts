// The words that carriers keep for themselves, and the plain sentences in five languages that ask us to stop.
// A carrier word is the whole message and nothing else; a sentence counts only as a whole, never by a word in it.
import type { Language } from '../../coop/charter/charter.ts'
import { clausesOf, saysOneOf } from './clauses.ts'
import { optOutSentences } from './opt_out_sentences.ts'
import { isErasing } from './parting_sentences.ts'
import { foldWords } from './words.ts'

/** What the carrier takes a message for. */
export type CarrierWord = 'stop' | 'start' | 'help'

const carrierWords = new Map<string, CarrierWord>()
for (const word of ['stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'optout'])
  carrierWords.set(word, 'stop')
for (const word of ['start', 'yes', 'unstop']) carrierWords.set(word, 'start')
for (const word of ['help', 'info']) carrierWords.set(word, 'help')
const longestCarrierWord = 11

// Taken by other carriers, or by Advanced Opt-Out in other languages; a co-op may change carriers, so none is ours.
const otherReserved = [
  ...['REMOVE', 'ARRET', 'TD', 'OPT OUT', 'STOP ALL', 'OPTIN', 'OPT IN', 'SUBSCRIBE'],
  ...['PARAR', 'ALTO', 'BAJA', 'CANCELAR', 'DETENER'],
  ...['ARRETER', 'ARRETEZ', 'ANNULER', 'DESABONNER', 'DESABONNEMENT'],
  ...['ACHA', 'SITISHA', 'रोको', 'रोकें', 'रद्द'],
]
const reserved = new Set([...carrierWords.keys(), ...otherReserved].map(foldWords))

// Alone, or with a courtesy, these stop. "acha", "baja" and "alto" do so only for a member who speaks that language,
// since "achha" is Hindi for "good". The words that also end other things ("cancel", "end") must be the whole message.
const loneWords = new Set([
  ...[
    'stop',
    'stopall',
    'unsubscribe',
    'optout',
    'arret',
    'arretez',
    'desabonnement',
    'parar',
    'sitisha',
    'sitisheni',
    'acheni',
    'roko',
    'unsub',
    'arreter',
    'cessez',
    'desinscription',
    'msinisumbue',
    'usiniandikie',
    'msiniandikie',
  ],
  ...['रोको', 'रोकें', 'स्टॉप', 'स्टाप', 'स्टोप'],
])
const loneWordsOf: Readonly<Record<Language, readonly string[]>> = {
  en: [],
  hi: [],
  sw: ['acha'],
  es: ['baja', 'alto', 'pare', 'paren'],
  fr: ['arrete', 'stoppez'],
}
const stopThis = new Set(['stop it', 'stop this', 'stop all', 'stop everything'])
const endings = new Set(['cancel', 'end', 'quit', 'revoke'])

/** What the carrier itself does with this message: only its own words, whole, trimmed, in any case. */
export function carrierWord(text: string): CarrierWord | undefined {
  const word = text.trim()
  return word.length > longestCarrierWord ? undefined : carrierWords.get(word.toLowerCase())
}

/** Whether a word that stops messages is said of other things too, and so of a report that is being made: "cancel". */
export const endsMore = (text: string): boolean => endings.has(foldWords(text))

/** Whether some carrier takes this word: no command, answer or option of ours may be one. */
export function isReservedWord(text: string): boolean {
  return reserved.has(foldWords(text))
}

/** Whether a person plainly asks for no more messages, in any of the five languages. */
export function asksToStop(text: string, language?: Language): boolean {
  if (!/\p{L}/u.test(text)) return false
  const clauses = clausesOf(text.replace(notNow, ' '))
  const about = herData.test(text) ? clauses.filter((clause) => !endsSendingIt.test(clause)) : clauses
  if (saysOneOf(optOutSentences, about)) return true
  const saysStop = (clause: string) => saysOnlyStop(clause, language)
  const said = clauses.filter((clause) => clause !== '')
  // "Stop. Erase all my data.": the first is done, and its answer says that her data stays.
  if (said.some(saysStop) && said.every((clause) => saysStop(clause) || isErasing(clause))) return true
  return endsMore(text)
}

// "Don't text me now" asks for an hour of peace, and "now" is a courtesy elsewhere.
const notNow = /\b(?:do not|do?n['’]?t) \p{L}{2,12} me (?:right )?now\b|\b[mu]sini\p{L}{2,12} sasa\b/giu

// "Stop sending my prices to the buyers. Stop sending them" is about her data, and not about our messages: beside her
// data a clause that names nothing to send means that.
const endsSendingIt =
  /^(?:(?:stop|quit|cease) sending(?: (?:them|it|these|those|any|all|more))*|भेजना (?:बंद|बन्द) .*)$/u
const herData = new RegExp(
  [
    String.raw`\bmy (?:data|prices?|figures|information|reports?|earnings)\b`,
    'मेर[ाी] (?:डेटा|डाटा|जानकारी)|mera data|data yangu|taarifa zangu|mis datos|mes donn[eé]es',
  ].join('|'),
  'iu',
)

const starts = new Set(['start', 'unstop'])

/** Whether a person asks for messages again, in the carrier's word with a mark or a courtesy beside it: "Start!". */
export function asksToStart(text: string): boolean {
  const said = clausesOf(text).filter((clause) => clause !== '')
  return said.length > 0 && said.every((clause) => starts.has(clause))
}

function saysOnlyStop(clause: string, language: Language | undefined): boolean {
  if (stopThis.has(clause)) return true
  const own = language && loneWordsOf[language]
  return clause.split(' ').every((word) => loneWords.has(word) || own?.includes(word))
}
