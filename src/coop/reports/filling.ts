// A form that is being filled: what has been answered, and what it needs next. Pure: asking and hearing are the
// conversation's; an answer is only ever what she said, never a default that she did not see.
import type { Gaps } from '../../conversation/reply.ts'
import type { Check, Form, Question } from '../charter/charter.ts'
import { answersBehind, brokenChecks, sayCheck } from './checks.ts'
import { type Doubt, doubtOf, type Usual } from './doubts.ts'
import { figuresOf } from './figures.ts'
import { type Answer, isAnswer } from './questions.ts'
import type { Currency } from './scale.ts'
import type { Values } from './values.ts'

export interface Filling {
  /** The day on which it was begun: a report for which she names no day is of that day. */
  readonly begun: string
  readonly values: Values
  /** Questions whose unlikely answer she has confirmed, and the checks that she lets stand. */
  readonly sure: readonly string[]
  /** Optional questions that she has passed over. */
  readonly skipped: readonly string[]
  /** Questions whose answers were wrong or taken back, to be asked next although they may be optional. */
  readonly pending: readonly string[]
  /** What she wants of the optional questions: none after a report in one line. */
  readonly optional: 'undecided' | 'none' | 'all'
}

export const newFilling = (begun: string): Filling => ({
  begun,
  values: {},
  sure: [],
  skipped: [],
  pending: [],
  optional: 'undecided',
})

/**
 * The same report with nothing answered but its day, where she has named it: now, or before. One that could not be
 * taken is still to be asked for.
 */
export function emptied({ begun, values, pending }: Filling, named?: Answer): Filling {
  const day = named ?? (values.day === undefined ? undefined : { value: values.day })
  if (day && 'value' in day) return { ...newFilling(begun), values: { day: day.value } }
  return { ...newFilling(begun), pending: day || pending.includes('day') ? ['day'] : [] }
}

/** Whether she has answered anything but the day. */
export const isBegun = ({ values }: Filling): boolean => Object.keys(values).some((id) => id !== 'day')

/** Whether it came in a line of which an answer is to be given anew. */
export const cameWrong = ({ optional, pending }: Filling): boolean => optional === 'none' && pending.length > 0

/** Whether a line gives every answer once more that she has given. */
export const repeats = ({ values }: Filling, line: Values): boolean =>
  Object.keys(values).every((id) => id === 'day' || values[id] === line[id])

/**
 * The filling as far as the form of today still asks for it: the charter may have changed since. An answer that it
 * would refuse now, or has no option for, is asked for again.
 */
export function refitted(form: Form, filling: Filling, currency: Currency): Filling {
  const isTaken = ([id, value]: [string, number | string]) => {
    const question = questionOf(form, id)
    return question !== undefined && isAnswer(question, value, currency)
  }
  const values = Object.fromEntries(Object.entries(filling.values).filter(isTaken))
  const isKept = (id: string) => filling.values[id] === undefined || values[id] !== undefined
  const pending = filling.pending.filter((id) => questionOf(form, id))
  return { ...filling, values, pending, sure: filling.sure.filter(isKept) }
}

export type Want =
  | { readonly want: 'answer'; readonly question: Question }
  | { readonly want: 'certainty'; readonly question: Question; readonly doubt: Doubt }
  | { readonly want: 'check'; readonly check: Check; readonly gaps: Gaps }
  | { readonly want: 'more'; readonly questions: readonly Question[] }
  | { readonly want: 'nothing' }

/**
 * What the form wants next: the answer that was wrong, then doubts, missing answers, its checks, and the offer to say
 * more. What is usual is only asked for where there is an answer to hold against it.
 */
export function nextWant(
  form: Form,
  filling: Filling,
  currency: Currency,
  usualOf: (question: Question) => Usual,
): Want {
  const pending = questionOf(form, filling.pending[0])
  if (pending) return { want: 'answer', question: pending }
  const doubted = firstDoubt(form, filling, usualOf)
  if (doubted) return doubted
  const missing = missingIn(form, filling.values)
  if (missing) return { want: 'answer', question: missing }
  return brokenCheck(form, filling, currency) ?? more(form, filling)
}

/**
 * The answers of the version that a form corrects of which she has said nothing: neither another, nor that there is
 * none. One that the form of today would refuse is not among them, nor one that a check is about: she would be asked.
 */
export function unsaid(form: Form, { values, skipped }: Filling, before: Values, currency: Currency): Values {
  const said = new Set([...Object.keys(values), ...skipped, 'day'])
  const checked = form.checks.flatMap((check) => answersBehind(form, check))
  const kept = form.questions.flatMap((question): [string, Values[string]][] => {
    const { id, optional } = question
    const value = before[id]
    const isKept = optional && value !== undefined && !said.has(id) && !checked.includes(question)
    return isKept && isAnswer(question, value, currency) ? [[id, value]] : []
  })
  return Object.fromEntries(kept)
}

/**
 * The form as it can be kept without another word from her, without what may be left out and is still in question.
 * Nothing where an answer that it must have is missing or in doubt, a check is broken, or her day was not taken.
 */
export function asItStands(
  form: Form,
  filling: Filling,
  currency: Currency,
  usualOf: (question: Question) => Usual,
): Filling | undefined {
  if (filling.pending.includes('day')) return undefined
  const kept: Filling = { ...filling, pending: [], optional: 'none' }
  const want = nextWant(form, kept, currency, usualOf)
  if (want.want === 'nothing') return kept
  if (want.want !== 'certainty' || !want.question.optional) return undefined
  return asItStands(form, skip(filling, want.question), currency, usualOf)
}

/** The first question that must be answered and is not. */
export const missingIn = (form: Form, values: Values): Question | undefined =>
  form.questions.find(({ id, optional }) => !optional && values[id] === undefined)

function firstDoubt(form: Form, filling: Filling, usualOf: (question: Question) => Usual): Want | undefined {
  for (const question of form.questions) {
    const value = filling.values[question.id]
    if (value === undefined || filling.sure.includes(question.id)) continue
    const doubt = doubtOf(question, value, usualOf(question))
    if (doubt) return { want: 'certainty', question, doubt }
  }
  return undefined
}

function brokenCheck(form: Form, filling: Filling, currency: Currency): Want | undefined {
  if (form.checks.length === 0) return undefined
  const figures = figuresOf(form, filling.values, currency)
  const broken = brokenChecks(form, filling.values, figures, currency)
  const check = broken.find((each) => !filling.sure.includes(checkName(each)))
  const known = { ...filling.values, ...figures }
  return check && { want: 'check', check, gaps: sayCheck(form, check, known, currency) }
}

function more(form: Form, filling: Filling): Want {
  const open = form.questions.filter(
    (question) => filling.values[question.id] === undefined && !filling.skipped.includes(question.id),
  )
  const [question] = open
  if (!question || filling.optional === 'none') return { want: 'nothing' }
  return filling.optional === 'all' ? { want: 'answer', question } : { want: 'more', questions: open }
}

const questionOf = (form: Form, id: string | undefined): Question | undefined =>
  form.questions.find((question) => question.id === id)

const checkName = ({ left, is, right }: Check): string => `check:${left} ${is} ${right}`

/** The form with one answer more, or another. */
export const answered = (filling: Filling, { id }: Question, value: number | string): Filling => ({
  ...filling,
  values: { ...filling.values, [id]: value },
  sure: without(filling.sure, id),
  pending: without(filling.pending, id),
})

/** The form with a question still to be answered, although it may be optional. */
export const wanting = (filling: Filling, { id }: Question): Filling => ({
  ...filling,
  pending: [id, ...without(filling.pending, id)],
})

/** The form with an optional question passed over, whatever she answered to it. */
export const skip = (filling: Filling, { id }: Question): Filling => ({
  ...filling,
  values: lacking(filling.values, [id]),
  skipped: [...filling.skipped, id],
  pending: without(filling.pending, id),
})

const lacking = (values: Values, ids: readonly string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([id]) => !ids.includes(id)))

const without = (ids: readonly string[], id: string): string[] => ids.filter((each) => each !== id)

type Doubted = Extract<Want, { want: 'certainty' | 'check' }>

/** She has said that an unlikely answer, or a broken check, is right. */
export const confirm = (filling: Filling, want: Doubted): Filling => ({
  ...filling,
  sure: [...filling.sure, want.want === 'check' ? checkName(want.check) : want.question.id],
})

/** She takes back the answer that was doubted, or all that a check is about, to give it anew. */
export function takeBack(form: Form, filling: Filling, want: Doubted): Filling {
  const questions = want.want === 'check' ? answersBehind(form, want.check) : [want.question]
  const ids = questions.map(({ id }) => id)
  const isLeft = (id: string) => !ids.includes(id)
  return {
    ...filling,
    values: lacking(filling.values, ids),
    sure: filling.sure.filter(isLeft),
    pending: [...ids, ...filling.pending.filter(isLeft)],
  }
}
