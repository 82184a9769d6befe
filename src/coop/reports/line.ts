// Hears a report in one line: "8.5 1900 300", with the form's word before it and its day before or after it if she
// likes. Answers stand in the order of the form's questions; it never guesses one that is missing.
import { dayOfLine } from '../../conversation/hear/day_of_line.ts'
import { splitLine } from '../../conversation/hear/line.ts'
import { firstWord, foldWords, restAfterFirst } from '../../conversation/hear/words.ts'
import type { Form, Question } from '../charter/charter.ts'
import { type Answer, type Hearing, type Problem, readAnswer } from './questions.ts'
import type { Values } from './values.ts'

export interface Line {
  /** The answers that were understood. */
  readonly values: Values
  /** The first that was not, its question, and the questions of the others. */
  readonly wrong?: Problem & { readonly question: string; readonly others: readonly string[] }
  /** Words that no question was left for. */
  readonly surplus: number
}

export interface LineHearing extends Omit<Hearing, 'group'> {
  /** The group's median for a question, in the cell that the answers so far name. */
  readonly groupOf?: (question: Question, values: Values) => number | undefined
}

/** Reads a one-line report. The form's word alone, or nothing, gives a line without values. */
export function readLine(form: Form, said: string, hearing: LineHearing): Line {
  const { rest, named } = withoutWord(form, said)
  const day = form.questions.find((question) => question.type === 'day')
  const dated = day && dayOfLine(rest, named, hearing.today, hearing.dayWords)
  const asked = form.questions.filter((question) => question.type !== 'day')
  const words = splitLine(dated ? withoutWord(form, dated.rest).rest : rest)
  const { heard, surplus } = hearAll(asked, words, hearing)
  const all = day && dated ? keep(heard, day, readAnswer(day, dated.day, hearing)) : heard
  return { ...all, surplus }
}

function withoutWord(form: Form, said: string): { rest: string; named: boolean } {
  const word = firstWord(said)
  const named = word !== '' && Object.values(form.word).some((own) => foldWords(own) === word)
  return { rest: named ? restAfterFirst(said) : said.trim(), named }
}

interface Heard {
  readonly values: Readonly<Record<string, number | string>>
  readonly wrong?: NonNullable<Line['wrong']>
}

function hearAll(asked: readonly Question[], words: readonly string[], hearing: LineHearing) {
  let heard: Heard = { values: {} }
  let at = 0
  let next = 0
  while (at < words.length && next < asked.length) {
    const fit = fitting(asked.slice(next), words.slice(at, at + longestName), heard.values, hearing)
    heard = keep(heard, fit.question, fit.answer)
    at += fit.words
    next = asked.indexOf(fit.question) + 1
  }
  return { heard, surplus: words.length - at }
}

function keep(heard: Heard, question: Question, answer: Answer | undefined): Heard {
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

const isNotUnderstood = ({ answer }: Fit): boolean =>
  answer !== undefined && 'problem' in answer && answer.problem === 'not_understood'
