// Which command a message is: a word of the charter's or of the vocabulary, in any language of the co-op, with what may
// follow it. A word that answers the open question is none.
import type { Applied, Form } from '../../coop/charter/charter.ts'
import { isLanguage } from '../../coop/charter/language_names.ts'
import { isCalled } from '../../coop/reports/line.ts'
import { type Event, started } from '../event.ts'
import { plainly, politely } from '../hear/courtesies.ts'
import { numberWished } from '../hear/number_wish.ts'
import { firstWord, foldWords, restAfterFirst } from '../hear/words.ts'
import type { Heard, Standing } from '../heard.ts'
import type { CommandRule, Machine } from '../machine.ts'
import type { Session } from '../session.ts'
import { admitted } from './admitted.ts'

/** The event of a command; nothing where a message is none. */
export function command(
  machine: Machine,
  charter: Applied,
  session: Session,
  standing: Standing,
  heard: Heard,
): Event | undefined {
  const hear = (text: string) => commandIn(machine, charter, session, spaced(text))
  const polite = politely(heard.text)
  const mine = hear(heard.text) ?? (polite === heard.text ? undefined : hear(polite))
  const mayBeLanguage = standing.member === 'active' && heard.repliedTo === undefined
  if (!mine && mayBeLanguage && namesLanguage(charter, session, polite))
    return started('language', { rest: polite })
  if (!mine || isOffered(machine, charter, session, heard.text)) return undefined
  return admitted(standing.member, ofUnfinished(session, mine.event), { rest: mine.rest })
}

// Whoever cannot read the menu may name the language that she reads. Where a language is asked for, a report's answer
// or a ballot, that question hears it.
const ownWords: ReadonlySet<string> = new Set(['join', 'language', 'report', 'vote'])

const namesLanguage = ({ languages }: Applied, { open }: Session, text: string): boolean =>
  !(open && ownWords.has(open.flow)) && isLanguage(foldWords(text), languages)

function commandIn(machine: Machine, charter: Applied, session: Session, text: string) {
  const word = firstWord(text)
  if (word === '' || (yieldsToQuestion(word) && session.open)) return undefined
  const rest = restAfterFirst(text)
  const event = ofCharter(charter, word, rest) ?? ofVocabulary(machine, charter, word, rest, session.open)
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
function isOffered(machine: Machine, charter: Applied, { open }: Session, text: string): boolean {
  const node = open && machine.flows[open.flow]?.nodes[open.node]
  if (!open || node?.verb !== 'choose' || !node.names) return false
  const said = plainly(text)
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

function ofVocabulary(
  machine: Machine,
  charter: Applied,
  word: string,
  rest: string,
  open: Session['open'],
): Event | undefined {
  for (const language of charter.languages) {
    const rule = machine.commands[machine.vocabulary.commands(language).get(word) ?? '']
    const heard = rule && heardBy(rule, rest, open)
    if (rule && heard !== undefined) return started(rule.flow, { ...rule.answers, ...(heard && { rest: heard }) })
  }
  return undefined
}

// What a command hears behind its word; nothing where it is no such command. "OFF pay medians" is asked which, but
// while a question is open such words are rather an answer to it.
function heardBy({ rest: takes }: CommandRule, rest: string, open: Session['open']): string | undefined {
  if (rest === '' || takes === 'anything') return rest
  if (takes === 'nothing') return undefined
  return numberWished(rest) ?? (takes === 'wish' && !open ? '' : undefined)
}
