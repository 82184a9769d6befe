// Answers that are possible but unlikely, so that she is asked "really?": outside the soft range, far from her own
// median or the group's, or hours that look like a clock's. It only names the doubt; a yes to it is hers to say.
import type { Value } from '../../conversation/reply.ts'
import type { Question } from '../charter/charter.ts'
import { ownMedian } from './insight.ts'
import { type Currency, decimalsOf, sayMeasure, scaled } from './scale.ts'
import type { Values } from './values.ts'

/** What an answer is held against. */
export interface Usual {
  readonly currency: Currency
  /** The answers of her last reports of this form, without the one that this answer corrects. */
  readonly own: readonly Values[]
  /** The group's median, where she may hear it. */
  readonly group?: number
}

/** Why an answer is doubted: the name of the question's text, with the answer and what it was held against. */
export interface Doubt {
  readonly doubt: 'like_a_clock' | 'unusual' | 'unlike_her' | 'unlike_group'
  readonly gaps: Readonly<Record<string, Value>>
}

/** Fewer reports than these say nothing about what is usual for her. */
const fewestOwn = 4

/** The doubt that an answer within its hard range raises, if any. */
export function doubtOf(question: Question, value: number | string, usual: Usual): Doubt | undefined {
  if (question.type === 'choice' || question.type === 'day' || typeof value !== 'number') return undefined
  const say = (amount: number) => sayMeasure(question, amount, usual.currency)
  const held = (doubt: Doubt['doubt'], median: number): Doubt => ({
    doubt,
    gaps: { value: say(value), usual: say(median) },
  })
  const clock = clockLike(question, value, decimalsOf(question, usual.currency))
  if (clock) return { doubt: 'like_a_clock', gaps: { ...clock, value: say(value) } }
  if (isOutside(question.soft, value, decimalsOf(question, usual.currency))) {
    return { doubt: 'unusual', gaps: { value: say(value) } }
  }
  const own = medianOfHers(question.id, usual.own)
  if (isFar(value, own, question.soft_times_own)) return held('unlike_her', own)
  if (isFar(value, usual.group, question.soft_times_group)) return held('unlike_group', usual.group)
  return undefined
}

// "8.30" is kept as 8.3, and may be half past eight; halves and quarters of an hour look like no clock.
function clockLike(question: Question, value: number, decimals: number): Doubt['gaps'] | undefined {
  const isHours = question.type === 'number' && question.hours
  const [hours, part] = [Math.floor(value / 10 ** decimals), value % 10 ** decimals]
  const minutes = (part * 100) / 10 ** decimals
  if (!isHours || ![15, 30, 45].includes(minutes)) return undefined
  const number = Math.round((hours + minutes / 60) * 10 ** decimals)
  return { hours, minutes, usual: { number, decimals } }
}

function isOutside(soft: readonly [number, number] | undefined, value: number, decimals: number): boolean {
  if (!soft) return false
  return value < scaled(soft[0], decimals) || value > scaled(soft[1], decimals)
}

function medianOfHers(id: string, own: readonly Values[]): number | undefined {
  const values = own.map((report) => report[id]).filter((value) => typeof value === 'number')
  return values.length < fewestOwn ? undefined : ownMedian(values)
}

// Of nothing, or of less than nothing, no multiple means anything.
function isFar(value: number, median: number | undefined, times: number | undefined): median is number {
  if (median === undefined || times === undefined || median <= 0) return false
  return value > median * times || value * times < median
}
