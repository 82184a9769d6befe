// Hears a report in one line: "8.5 1900 300", with the form's word before it and its day before or after it if she
// likes. Answers stand in the order of the form's questions; it never guesses one that is missing, and where a word is
// not understood it keeps the others only if they can stand nowhere else.
import { politely } from '../../conversation/hear/courtesies.ts'
import { dayOfLine } from '../../conversation/hear/day_of_line.ts'
import { splitLine } from '../../conversation/hear/line.ts'
import { firstWord, foldWords, restAfterFirst } from '../../conversation/hear/words.ts'
import type { Form, Question } from '../charter/charter.ts'
import { type Answer, type Hearing, notUnderstood, type Problem, readAnswer } from './questions.ts'
import type { Values } from './values.ts'

/** What a line says, or why nothing of it can be kept: nobody can tell which word was meant for which question. */
export type Line = Placed | Unread
export interface Unread {
  readonly unread: 'surplus' | 'unclear' | 'several'
  /** Its day, where it names one: it holds for what she sends in its place, or is asked for. */
  readonly day?: Answer
}
export interface Placed {
  /** The answers that were understood. */
  readonly values: Values
  /** The questions that may be left out and were, with a "-". */
  readonly skipped?: readonly string[]
  /** The first that was not, its question, and the questions of the others. */
  readonly wrong?: Problem & { readonly question: string; readonly others: readonly string[] }
}

export interface LineHearing extends Omit<Hearing, 'group'> {
  /** Units that stand before their number in her language. */
  readonly leadingUnits?: ReadonlySet<string> | undefined
  /** The group's median for a question, in the cell that the answers so far name. */
  readonly groupOf?: (question: Question, values: Values) => number | undefined
}

/**
 * Reads a one-line report. The form's word alone, or nothing, gives a line without values. `isNamed`: she has said that
 * it is a report, so that "23/11" by itself is its day; its word before it says so too.
 */
export function readLine(form: Form, said: string, hearing: LineHearing, isNamed = false): Line {
  const line = readOne(form, said, hearing, isNamed)
  if (!('unread' in line) || line.unread === 'surplus') return line
  return areSeveral(form, said.trim().split(/\s+/), hearing) ? { unread: 'several' } : line
}

function readOne(form: Form, said: string, hearing: LineHearing, isNamed = false): Line {
  const { rest, named } = withoutWord(form, said)
  const day = form.questions.find((question) => question.type === 'day')
  const dated = day && dayOfLine(rest, named || isNamed, hearing.dayWords)
  const asked = form.questions.filter((question) => question.type !== 'day')
  const words = splitLine(dated ? withoutWord(form, dated.rest).rest : rest, hearing.leadingUnits)
  const fits = fitAll(asked, words, hearing)
  const unread = unreadOf(asked, words, fits, hearing)
  const dayAnswer = day && dated ? readAnswer(day, dated.day, hearing) : undefined
  // So many words may be two reports, of which the day is one's.
  const isOne = words.length < 2 * asked.filter(({ optional }) => !optional).length
  if (unread) return { unread, ...(dayAnswer && { day: isOne ? dayAnswer : notUnderstood }) }
  const placed = fits.every(isNotUnderstood) ? fits.slice(0, 1) : fits
  const skipped = placed.filter((fit) => fit.question.optional && !fit.answer).map(({ question }) => question.id)
  const start = skipped.length > 0 ? { ...nothing, skipped } : nothing
  const heard = placed.reduce((all, fit) => keep(all, fit.question, fit.answer), start)
  return day ? keep(heard, day, dayAnswer) : heard
}

const mostWords = 40

// A report for each of two days, or of two crops, one behind the other.
function areSeveral(form: Form, words: readonly string[], hearing: LineHearing): boolean {
  const isOne = (some: readonly string[]) => isWholeReport(form, readOne(form, some.join(' '), hearing))
  return (
    words.length <= mostWords &&
    words.some((_, at) => {
      const [first, others] = [words.slice(0, at), words.slice(at)]
      return isOne(first) && (isOne(others) || areSeveral(form, others, hearing))
    })
  )
}

/** Whether a line gives all that its form must have, and nothing wrong. */
export const isWholeReport = (form: Form, line: Line): line is Placed =>
  'values' in line && !line.wrong && form.questions.every(({ id, optional }) => optional || id in line.values)

/** Whether a form goes by this folded word, in any language of its co-op. */
export const isCalled = (form: Form, word: string): boolean =>
  word !== '' && Object.values(form.word).some((own) => foldWords(own) === word)

/** Whether every answer that the form must have is one digit: a mood from 1 to 5, a choice. */
export const isOfDigits = ({ questions }: Form): boolean =>
  questions.every((each) => each.optional || each.type === 'choice' || ('hard' in each && each.hard[1] < 10))

function withoutWord(form: Form, said: string): { rest: string; named: boolean } {
  const plain = politely(said)
  const named = isCalled(form, firstWord(plain))
  return { rest: named ? politely(restAfterFirst(plain)) : plain.trim(), named }
}

/** The words of a line, each with the question in whose place it stands, as far as there are questions. */
function fitAll(asked: readonly Question[], words: readonly string[], hearing: LineHearing): Fit[] {
  const fits: Fit[] = []
  let heard = nothing
  let at = 0
  let next = 0
  while (at < words.length && next < asked.length) {
    const fit = fitting(asked.slice(next), words.slice(at, at + longestName), heard.values, hearing)
    fits.push(fit)
    heard = keep(heard, fit.question, fit.answer)
    at += fit.words
    next = asked.indexOf(fit.question) + 1
  }
  return fits
}

const wordsOf = (fits: readonly Fit[]): number => fits.reduce((sum, fit) => sum + fit.words, 0)

// Where not a word is understood there is nothing that could be kept in a wrong place.
function unreadOf(
  asked: readonly Question[],
  words: readonly string[],
  fits: readonly Fit[],
  hearing: LineHearing,
): 'surplus' | 'unclear' | undefined {
  if (fits.every(isNotUnderstood)) return undefined
  if (fits.some(isNotUnderstood)) return isPlaced(asked, words, fits, hearing) ? undefined : 'unclear'
  return wordsOf(fits) < words.length ? 'surplus' : undefined
}

/**
 * Whether the word that is not understood can only be the answer in whose place it stands: each required question has
 * one answer, the word was not said of a number before it ("2 thousand"), and the line makes no sense without it.
 */
function isPlaced(
  asked: readonly Question[],
  words: readonly string[],
  fits: readonly Fit[],
  hearing: LineHearing,
): boolean {
  const [first, ...others] = fits.filter(isNotUnderstood)
  if (!first || others.length > 0) return false
  if (wordsOf(fits) < words.length || fits.length !== asked.filter(({ optional }) => !optional).length) return false
  const at = wordsOf(fits.slice(0, fits.indexOf(first)))
  if (/\p{Nd}/u.test(words[at - 1] ?? '')) return false
  return fitAll(asked, words.toSpliced(at, 1), hearing).some(isWrong)
}

const nothing: Placed = { values: {} }

function keep(heard: Placed, question: Question, answer: Answer | undefined): Placed {
  if (answer === undefined) return heard
  if ('value' in answer) return { ...heard, values: { ...heard.values, [question.id]: answer.value } }
  const { wrong } = heard
  if (wrong) return { ...heard, wrong: { ...wrong, others: [...wrong.others, question.id] } }
  return { ...heard, wrong: { ...answer, question: question.id, others: [] } }
}

interface Fit {
  readonly question: Question
  readonly words: number
  /** None where the answer was left out with a "-". */
  readonly answer?: Answer
}

// Most words that the name of an option has.
const longestName = 3

/** The question that the next words answer: the first, or a later one where only optional ones are passed over. */
function fitting(asked: readonly Question[], words: readonly string[], values: Values, hearing: LineHearing): Fit {
  const [first] = asked
  if (!first) throw new Error('No question is left for the words of this line')
  if (words[0] === '' || words[0] === '-') return { question: first, words: 1 }
  for (const question of asked) {
    const fit = fitOf(question, words, values, hearing)
    if (!isNotUnderstood(fit)) return fit
    if (!question.optional) break
  }
  return { question: first, words: 1, answer: { problem: 'not_understood', gaps: {} } }
}

function fitOf(question: Question, words: readonly string[], values: Values, hearing: LineHearing): Fit {
  const group = hearing.groupOf?.(question, values)
  const heard = group === undefined ? hearing : { ...hearing, group }
  for (let count = question.type === 'choice' ? words.length : 1; count > 1; count--) {
    const answer = readAnswer(question, words.slice(0, count).join(' '), heard)
    if ('value' in answer) return { question, words: count, answer }
  }
  return { question, words: 1, answer: readAnswer(question, words[0] ?? '', heard) }
}

const isWrong = ({ answer }: Fit): boolean => answer !== undefined && 'problem' in answer
const isNotUnderstood = ({ answer }: Fit): boolean =>
  answer !== undefined && 'problem' in answer && answer.problem === 'not_understood'
