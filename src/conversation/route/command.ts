// Which command a message is: a word of the charter's or of the vocabulary, in any language of the co-op, with what may
// follow it. A word that answers the open question is none.
import type { Applied, Form } from '../../coop/charter/charter.ts'
import { isLanguage } from '../../coop/charter/language_names.ts'
import { isCalled } from '../../coop/reports/line.ts'
import { type Event, started } from '../event.ts'
import { plainly, politely } from '../hear/courtesies.ts'
import { numberWished } from '../hear/number_wish.ts'
import { firstWord, foldWords, restAfterFirst } from '../hear/words.ts'
import type { Arrival } from '../heard.ts'
import type { CommandRule } from '../machine.ts'
import type { Session } from '../session.ts'
import { admitted } from './admitted.ts'

/** The event of a command; nothing where a message is none. */
export function command(arrival: Arrival): Event | undefined {
  const { session, standing, heard } = arrival
  const polite = politely(heard.text)
  const mine = commandIn(arrival, heard.text) ?? (polite === heard.text ? undefined : commandIn(arrival, polite))
  const mayBeLanguage = standing.member === 'active' && heard.repliedTo === undefined
  if (!mine && mayBeLanguage && namesLanguage(arrival, polite)) return started('language', { rest: polite })
  if (!mine || isOffered(arrival)) return undefined
  return admitted(standing.member, ofUnfinished(session, mine.event), { rest: mine.rest })
}

// Whoever cannot read the menu may name the language that she reads. Where a language is asked for, a report's answer
// or a ballot, that question hears it.
const ownWords: ReadonlySet<string> = new Set(['join', 'language', 'report', 'vote'])

const namesLanguage = ({ charter: { languages }, session: { open } }: Arrival, text: string): boolean =>
  !(open && ownWords.has(open.flow)) && isLanguage(foldWords(text), languages)

function commandIn(arrival: Arrival, typed: string) {
  const text = spaced(typed)
  const [word, rest] = [firstWord(text), restAfterFirst(text)]
  if (word === '') return undefined
  const isDigit = yieldsToQuestion(word) && arrival.session.open
  const first = isDigit ? undefined : (ofCharter(arrival.charter, word, rest) ?? ofVocabulary(arrival, word, rest))
  const event = first ?? turnedRound(arrival, text)
  return event && { event, rest }
}

// "OFF1" is "OFF 1".
const spaced = (text: string): string => text.replace(/^(\s*[\p{L}\p{M}]{2,12})(\p{Nd}{1,2}\s*)$/u, '$1 $2')

// While she makes a report, UNDO is about that one, and never about the last that she finished.
function ofUnfinished({ open, under }: Session, event: Event): Event {
  if (event.event !== 'started' || event.flow !== 'undo') return event
  return [open, under].some((question) => question?.flow === 'report')
    ? started('undo', { unfinished: true })
    : event
}

// A digit is the open question's; only where nothing is open, or the question hands it back, is 0 the menu.
const yieldsToQuestion = (word: string): boolean => /^\d+$/.test(word)

// "Join" answers the question that offers it, and is the command anywhere else.
function isOffered({ machine, charter, session: { open }, heard }: Arrival): boolean {
  const node = open && machine.flows[open.flow]?.nodes[open.node]
  if (!open || node?.verb !== 'choose' || !node.names) return false
  const said = plainly(heard.text)
  return node.options.some(({ name }) =>
    charter.languages.some(
      (language) => foldWords(machine.vocabulary.name(open.flow, open.node, name, language)) === said,
    ),
  )
}

function ofCharter(charter: Applied, word: string, rest: string): Event | undefined {
  if (word === foldWords(charter.word)) return started('join', { rest })
  const form = formCalled(charter, word)
  return form && started('report', { form: form.id, line: rest })
}

/** The form that goes by this folded word. */
export const formCalled = (charter: Applied, word: string): Form | undefined =>
  charter.forms.find((form) => isCalled(form, word))

function ofVocabulary(arrival: Arrival, word: string, rest: string): Event | undefined {
  for (const rule of rulesOf(arrival, word)) {
    const heard = heardBy(rule, rest, arrival.session.open)
    if (heard !== undefined) return started(rule.flow, { ...rule.answers, ...(heard && { rest: heard }) })
  }
  return undefined
}

/** What this folded word commands in each language of the co-op. */
const rulesOf = ({ machine, charter }: Arrival, word: string): CommandRule[] =>
  charter.languages.flatMap(
    (language) => machine.commands[machine.vocabulary.commands(language).get(word) ?? ''] ?? [],
  )

// What a command hears behind its word; nothing where it is no such command. "OFF pay medians" is asked which, but
// while something else than the menu is open such words are rather an answer to it.
function heardBy({ rest: takes }: CommandRule, rest: string, open: Session['open']): string | undefined {
  if (rest === '' || takes === 'anything') return rest
  if (takes === 'nothing') return undefined
  return numberWished(rest) ?? (takes === 'wish' && (!open || open.flow === 'menu') ? '' : undefined)
}

// "1 OFF", "switch off 2", "1 बंद करो": the same wish, with its word at another place.
function turnedRound(arrival: Arrival, text: string): Event | undefined {
  if (text.length > longestWish) return undefined
  const words = text.split(' ').filter((word) => !switching.has(foldWords(word)))
  for (const [at, word] of words.entries()) {
    const rule = rulesOf(arrival, foldWords(word)).find(({ rest }) => rest === 'wish')
    const number = rule && numberWished(words.toSpliced(at, 1).join(' '))
    if (rule && number) return started(rule.flow, { ...rule.answers, rest: number })
  }
  return undefined
}

const switching: ReadonlySet<string> = new Set(['turn', 'switch'])
const longestWish = 40
