// The verb `fill`: takes a form of the charter through, in one line or question by question. What the form wants next
// is the form's own business (`coop/reports/filling.ts`); here it is asked for, and heard.
import type { Check, Form, Question } from '../coop/charter/charter.ts'
import type { Usual } from '../coop/reports/doubts.ts'
import {
  answered,
  confirm,
  type Filling,
  newFilling,
  nextWant,
  skip,
  takeBack,
  type Want,
} from '../coop/reports/filling.ts'
import { groupCell, readerIsIn } from '../coop/reports/insight.ts'
import { reportKey } from '../coop/reports/key.ts'
import { readLine } from '../coop/reports/line.ts'
import { type Hearing, offersOf, type Problem, readAnswer } from '../coop/reports/questions.ts'
import type { Values } from '../coop/reports/values.ts'
import { localDay } from '../coop/reports/week.ts'
import { act, isZero, tryAgain } from './act.ts'
import type { Fill } from './flow.ts'
import { readChoice } from './hear/choice.ts'
import { foldWords } from './hear/words.ts'
import type { Offer } from './reply.ts'
import type { Answers, Json, Question as Open } from './session.ts'
import { enter, type Place, sceneOf, speak, type Turn, waitAt } from './turn.ts'

type FillNode = Fill<Answers, string>

/** Asks for what the form wants next; goes on where it wants nothing more. A `line` among the answers is read first. */
export function putForm(turn: Turn, place: Place, node: FillNode): void {
  const form = node.form(sceneOf(turn, place.answers))
  const { line, ...answers } = place.answers
  const filling = fillingOf(turn, answers[node.as])
  if (typeof line !== 'string' || line.trim() === '')
    return putWant(turn, { ...place, answers }, node, form, filling)
  takeLine(turn, { ...place, answers }, node, form, line)
}

// Words in which no answer is found are no line.
function isLine(turn: Turn, form: Form, said: string): boolean {
  const { values, surplus } = readLine(form, said, hearingOf(turn))
  return surplus > 0 || Object.keys(values).length > 0
}

function takeLine(turn: Turn, place: Place, node: FillNode, form: Form, line: string): void {
  const heard = readLine(form, line, { ...hearingOf(turn), groupOf: (values) => groupMedian(turn, form, values) })
  if (heard.surplus > 0) {
    speak(turn, 'form', 'line', 'surplus', {
      line: { list: form.questions.filter(isRequired).map((each) => each.name) },
    })
    return putWant(turn, place, node, form, newFilling(todayOf(turn)))
  }
  const { wrong } = heard
  const filling: Filling = { ...newFilling(todayOf(turn)), values: heard.values, optional: 'none' }
  if (!wrong) return putWant(turn, place, node, form, filling)
  const question = form.questions.find((each) => each.id === wrong.question)
  if (question) sayProblem(turn, question, wrong)
  putWant(turn, place, node, form, { ...filling, pending: wrong.question }, 'said')
}

const isRequired = (question: Question): boolean => !question.optional

function putWant(turn: Turn, place: Place, node: FillNode, form: Form, filling: Filling, asked?: 'said'): void {
  const want = nextWant(form, filling, usualOf(turn, form, filling))
  const answers: Answers = { ...place.answers, [node.as]: filling as object as Json }
  if (want.want === 'nothing') return act(turn, { ...place, answers }, node, {})
  if (want.want === 'check' && want.check.firm) return refuseCheck(turn, place, node, form, filling, want.check)
  if (asked !== 'said' || want.want !== 'answer') sayWant(turn, want)
  waitAt(turn, { ...place, answers })
}

// A check that nobody may let stand: its left answer is asked for again.
function refuseCheck(turn: Turn, place: Place, node: FillNode, form: Form, filling: Filling, check: Check): void {
  const question = form.questions.find((each) => each.id === check.left)
  const ask = { words: question?.ask ?? {} }
  speak(turn, 'form', 'check', 'firm', { check: { words: check.text }, ask })
  putWant(turn, place, node, form, takeBack(filling, check.left), 'said')
}

function sayWant(turn: Turn, want: Want): void {
  switch (want.want) {
    case 'answer':
      return speak(
        turn,
        'form',
        'question',
        textOf(want.question),
        { ask: { words: want.question.ask } },
        offersFor(want),
      )
    case 'certainty': {
      const gaps = { ...want.doubt.gaps, name: { words: want.question.name } }
      return speak(turn, 'form', 'doubt', want.doubt.doubt, gaps, offersFor(want))
    }
    case 'check':
      return speak(turn, 'form', 'check', 'text', { check: { words: want.check.text } }, offersFor(want))
    case 'more': {
      const names = { list: want.questions.map((question) => question.name) }
      return speak(turn, 'form', 'more', 'text', { names }, offersFor(want))
    }
    case 'nothing':
      return
  }
}

const textOf = (question: Question): string => (question.optional ? 'optional' : 'text')

const offers = (...names: string[]): Offer[] => names.map((name, at) => ({ digit: at + 1, name }))

function offersFor(want: Want): Offer[] {
  if (want.want === 'answer') return want.question.type === 'choice' ? offersOf(want.question) : []
  return want.want === 'more' ? offers('save', 'add') : offers('right', 'fix')
}

/** Hears an answer to what the form wants. */
export function hearForm(turn: Turn, place: Place, node: FillNode, open: Open, said: string): void {
  const form = node.form(sceneOf(turn, place.answers))
  const filling = fillingOf(turn, place.answers[node.as])
  const want = nextWant(form, filling, usualOf(turn, form, filling))
  if (want.want === 'nothing') return act(turn, place, node, {})
  if (want.want === 'answer') return hearAnswer(turn, place, node, open, form, filling, want.question, said)
  if (isZero(said)) return enter(turn, 'menu', {})
  const digit = readChoice(
    said,
    offersFor(want).map((offer) => ({ digit: offer.digit, names: [] })),
    'digits',
  )
  if (digit === undefined) return retry(turn, open, want)
  putWant(turn, place, node, form, decided(filling, want, digit))
}

function decided(filling: Filling, want: Exclude<Want, { want: 'answer' | 'nothing' }>, digit: number): Filling {
  if (want.want === 'more') return { ...filling, optional: digit === 1 ? 'none' : 'all' }
  if (digit === 1) return confirm(filling, want)
  return takeBack(filling, want.want === 'check' ? want.check.left : want.question.id)
}

function hearAnswer(
  turn: Turn,
  place: Place,
  node: FillNode,
  open: Open,
  form: Form,
  filling: Filling,
  question: Question,
  said: string,
): void {
  if (question.type === 'choice' && isZero(said)) return enter(turn, 'menu', {})
  if (question.optional && isSkip(turn, said)) return putWant(turn, place, node, form, skip(filling, question))
  const answer = readAnswer(question, said, hearingFor(turn, form, filling.values, question))
  if ('value' in answer) return putWant(turn, place, node, form, answered(filling, question, answer.value))
  // Asked for the first answer she may well send them all.
  const untouched = Object.keys(filling.values).length === 0 && /\S\s+\S/.test(said)
  if (untouched && answer.problem === 'not_understood' && isLine(turn, form, said))
    return takeLine(turn, place, node, form, said)
  tryAgain(turn, open, () => sayProblem(turn, question, answer))
}

const isSkip = (turn: Turn, said: string): boolean =>
  said.trim() === '-' ||
  turn.world.charter.languages.some(
    (language) => turn.machine.vocabulary.commands(language).get(foldWords(said)) === 'skip',
  )

function sayProblem(turn: Turn, question: Question, problem: Problem): void {
  const offered = question.type === 'choice' ? offersOf(question) : []
  const gaps = { ...problem.gaps, name: { words: question.name }, ask: { words: question.ask } }
  speak(turn, 'form', 'problem', problem.problem, gaps, offered)
}

function retry(turn: Turn, open: Open, want: Want): void {
  const digits = { either: offersFor(want).map((offer) => offer.digit) }
  tryAgain(turn, open, () => speak(turn, 'machine', 'retry', 'text', { digits }))
}

const fillingOf = (turn: Turn, kept: Json | undefined): Filling =>
  kept ? (kept as object as Filling) : newFilling(todayOf(turn))

const todayOf = (turn: Turn): string => localDay(turn.world.now, turn.world.charter.timezone)

const hearingOf = (turn: Turn): Hearing => ({
  currency: turn.world.charter,
  today: todayOf(turn),
  dayWords: turn.machine.vocabulary.dayWords,
})

function hearingFor(turn: Turn, form: Form, values: Values, question: Question): Hearing {
  const group = question.id === form.insight.figure ? groupMedian(turn, form, values) : undefined
  return group === undefined ? hearingOf(turn) : { ...hearingOf(turn), group }
}

/** What an answer to a question is held against: her own last reports, but for the one it corrects, and the group. */
function usualOf(turn: Turn, form: Form, filling: Filling): (question: Question) => Usual {
  const mine = turn.world.reports.filter((report) => report.form === form.id)
  const key = partialKey(form, filling.values, todayOf(turn))
  const own = mine.filter((report) => report.key !== key).map((report) => report.values)
  const group = groupMedian(turn, form, filling.values)
  return (question) => ({
    currency: turn.world.charter,
    own,
    ...(group !== undefined && question.id === form.insight.figure && { group }),
  })
}

const partialKey = (form: Form, values: Values, today: string): string | undefined =>
  form.key.every((id) => id === 'day' || values[id] !== undefined) ? reportKey(form, values, today) : undefined

function groupMedian(turn: Turn, form: Form, values: Values): number | undefined {
  const day = typeof values.day === 'string' ? values.day : todayOf(turn)
  const isIn = readerIsIn(form, values, day, turn.world.reports)
  return groupCell(form, values, day, turn.world.insight, isIn)?.median
}
