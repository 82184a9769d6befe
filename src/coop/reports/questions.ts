// Hears one answer to one question of a form: understood and within its range, or what is wrong with it. It keeps
// nothing and asks nothing again; it never rounds, and never takes a near miss for an option.
import { readChoice } from '../../conversation/hear/choice.ts'
import { toThePoint } from '../../conversation/hear/courtesies.ts'
import { type DayWords, readDate } from '../../conversation/hear/date.ts'
import { readHours, readNumber } from '../../conversation/hear/number.ts'
import { perWeight, unitWords } from '../../conversation/hear/units.ts'
import type { Offer, Value } from '../../conversation/reply.ts'
import { addDays } from '../calendar.ts'
import type { ChoiceQuestion, DayQuestion, Question } from '../charter/charter.ts'
import { type Currency, decimalsOf, sayMeasure, scaled } from './scale.ts'

/** What an answer is heard against. */
export interface Hearing {
  readonly currency: Currency
  /** The co-op's own day, YYYY-MM-DD. */
  readonly today: string
  readonly dayWords: DayWords
  /** The group's median for a question that is held against it. */
  readonly group?: number
}

export type Answer = { readonly value: number | string } | Problem
/** Why an answer was not taken: the name of the retry text, and what the text has gaps for. */
export interface Problem {
  readonly problem: ProblemName
  readonly gaps: Readonly<Record<string, Value>>
}
export type ProblemName =
  | 'not_understood'
  | 'too_low'
  | 'too_high'
  | 'too_many_decimals'
  | 'day_future'
  | 'day_too_old'

type NumberQuestion = Extract<Question, { type: 'number' | 'money' }>

/** Reads what a member said to a question, courtesies and the like aside. */
export function readAnswer(question: Question, said: string, hearing: Hearing): Answer {
  if (question.type === 'choice') return readOption(question, said)
  if (question.type === 'day') return readDay(question, toThePoint(said), hearing)
  return readMeasure(question, toThePoint(said), hearing)
}

/** Whether an answer that was taken once would be taken today; a day that was named stays. */
export function isAnswer(question: Question, value: number | string, currency: Currency): boolean {
  if (question.type === 'choice') return question.options.some(({ id }) => id === value)
  if (question.type === 'day' || typeof value === 'string') return question.type === 'day'
  const { low, high } = limitsOf(question, { currency })
  return value >= low && value <= high
}

/** The options of a choice by digit, as they are offered. */
export const offersOf = (question: ChoiceQuestion): Offer[] =>
  question.options.map((option, at) => ({ digit: at + 1, name: { words: option.name } }))

/** The least and most that a number may be, as whole numbers, with the group's limits where there is a group. */
export function limitsOf(question: NumberQuestion, hearing: Pick<Hearing, 'currency' | 'group'>): Limits {
  const decimals = decimalsOf(question, hearing.currency)
  const [low, high] = question.hard.map((limit) => scaled(limit, decimals)) as [number, number]
  const { group } = hearing
  const times = question.hard_times_group
  if (group === undefined || times === undefined) return { low, high }
  return { low: Math.max(low, Math.ceil(group / times)), high: Math.min(high, Math.floor(group * times)) }
}
export interface Limits {
  readonly low: number
  readonly high: number
}

function readOption(question: ChoiceQuestion, said: string): Answer {
  const options = question.options.map((option, at) => ({
    digit: at + 1,
    names: [...Object.values(option.name), ...option.also],
  }))
  const digit = readChoice(said, options, 'names')
  const option = digit === undefined ? undefined : question.options[digit - 1]
  return option ? { value: option.id } : notUnderstood
}

function readDay(question: DayQuestion, said: string, { today, dayWords }: Hearing): Answer {
  const value = readDate(said, today, dayWords)
  if (value === undefined) return notUnderstood
  const sayDay = (day: string): Value => ({ day, today })
  if (value > today) return { problem: 'day_future', gaps: { day: sayDay(value) } }
  const oldest = addDays(today, -question.back)
  if (value >= oldest) return { value }
  return { problem: 'day_too_old', gaps: { day: sayDay(value), oldest: sayDay(oldest), back: question.back } }
}

function readMeasure(question: NumberQuestion, said: string, hearing: Hearing): Answer {
  const decimals = decimalsOf(question, hearing.currency)
  const value = number(question, said, decimals)
  if (value === undefined) return notKept(question, said, decimals)
  const { low, high } = limitsOf(question, hearing)
  if (value >= low && value <= high) return { value }
  const gaps = {
    value: sayMeasure(question, value, hearing.currency),
    low: sayMeasure(question, low, hearing.currency),
    high: sayMeasure(question, high, hearing.currency),
  }
  return { problem: value < low ? 'too_low' : 'too_high', gaps }
}

const paidFor = new RegExp(String.raw`(?<=\p{Nd}[^\p{Nd}]{0,12})${perWeight}\.?\s*$`, 'iu')

function number(question: NumberQuestion, said: string, decimals: number): number | undefined {
  if (question.type === 'money') return readNumber(said.replace(paidFor, ''), decimals, unitWords.money)
  if (question.hours) return readHours(said, decimals)
  return readNumber(said, decimals, unitsOf(question))
}

// A number that would be understood with more decimals than the question keeps is told so.
function notKept(question: NumberQuestion, said: string, decimals: number): Answer {
  if (number(question, said, 6) === undefined) return notUnderstood
  return { problem: 'too_many_decimals', gaps: { count: decimals } }
}

function unitsOf(question: NumberQuestion): ReadonlySet<string> {
  const own = Object.values(question.unit ?? {}).map((unit) => unit.toLowerCase())
  return new Set([...unitWords.distance, ...unitWords.weight, ...own])
}

/** What says nothing that the question could take. */
export const notUnderstood: Problem = { problem: 'not_understood', gaps: {} }
