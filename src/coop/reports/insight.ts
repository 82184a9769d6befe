// The group's median of one figure in one cell of one week, and the rule of when anyone may hear it. Each member
// counts once, by her own median, so that whoever reports often does not speak for the group.

import { addDays, mondayOf } from '../calendar.ts'
import type { Form } from '../charter/charter.ts'
import { dayOfKey } from './key.ts'
import type { Report } from './report.ts'
import { type Currency, decimalsOf, divideHalfUp, measureOf } from './scale.ts'
import type { Values } from './values.ts'

/** The group's median of a form's figure in one cell of one week, published by the worker. */
export interface Cell {
  readonly form: string
  /** Monday of the week, YYYY-MM-DD. */
  readonly week: string
  /** The chosen options of the form's `insight.by`, joined by a comma; empty where there are none. */
  readonly cell: string
  readonly median: number
  /** Distinct members whose reports are in it. */
  readonly members: number
}

/** Fewest other members behind a median that a member may hear. */
export const fewestOthers = 5

/** Whether a median over so many distinct members may be shown to a reader who is, or is not, one of them. */
export const mayShow = (members: number, isIn: boolean): boolean => members - (isIn ? 1 : 0) >= fewestOthers

/** One report's figure in the cell, and whose it is. */
export interface Counted {
  readonly member: number
  readonly value: number
}

/**
 * The median of a cell in steps of `step`, over the members' own medians; none with fewer than five members, since
 * nobody may hear it. It is the rule; Postgres keeps it for all cells at once, in `queries.ts`.
 */
export function cellMedian(
  reports: readonly Counted[],
  step: number,
): { readonly median: number; readonly members: number } | undefined {
  const own = new Map<number, bigint[]>()
  for (const { member, value } of reports) own.set(member, [...(own.get(member) ?? []), BigInt(value)])
  if (own.size < fewestOthers) return undefined
  const fourfold = twiceMedian([...own.values()].map(twiceMedian))
  return { median: inSteps(fourfold, step), members: own.size }
}

/** A median of which the fourfold is given, in whole steps. */
export const inSteps = (fourfold: bigint, step: number): number =>
  Number(divideHalfUp(fourfold, 4n * BigInt(step)) * BigInt(step))

/** The median of one member's own values, rounded half up; none without values. */
export const ownMedian = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : Number(divideHalfUp(twiceMedian(values.map(BigInt)), 2n))

/** What a median is rounded to: whole units of the currency, and the last kept digit of other numbers. */
export function stepOf(form: Form, currency: Currency): number {
  const measure = measureOf(form, form.insight.figure)
  return measure?.type === 'money' ? 10 ** decimalsOf(measure, currency) : 1
}

/** The cell of a week that a report belongs to: its choices of `insight.by`; empty where there are none. */
export const cellOf = (form: Form, values: Values): string =>
  form.insight.by.map((id) => values[id] ?? '').join(',')

/** The value that a report brings into its cell; none where the figure is absent. */
export function insightValue(form: Form, values: Values, figures: Values): number | undefined {
  const value = figures[form.insight.figure] ?? values[form.insight.figure]
  return typeof value === 'number' ? value : undefined
}

/**
 * The newest published median of a report's cell, of its own week or the one before, that its maker may hear: where her
 * `own` reports are in it, at least five others must be in it beside her.
 */
export function groupCell(
  form: Form,
  values: Values,
  day: string,
  cells: readonly Cell[],
  own: readonly Report[],
): Cell | undefined {
  const cell = cellOf(form, values)
  const weeks = [mondayOf(day), addDays(mondayOf(day), -7)]
  const published = weeks.flatMap(
    (week) => cells.find((each) => each.form === form.id && each.cell === cell && each.week === week) ?? [],
  )
  return published.find((each) => mayShow(each.members, isInCell(form, each, own)))
}

const isInCell = (form: Form, { cell, week }: Cell, own: readonly Report[]): boolean =>
  own.some(
    (report) =>
      report.form === form.id && cellOf(form, report.values) === cell && mondayOf(dayOfKey(report.key)) === week,
  )

// Twice, so that the middle between two values stays a whole number.
function twiceMedian(values: readonly bigint[]): bigint {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const upper = sorted.length >> 1
  const lower = sorted.length % 2 === 1 ? upper : upper - 1
  return at(sorted, lower) + at(sorted, upper)
}

function at(sorted: readonly bigint[], index: number): bigint {
  const value = sorted[index]
  if (value === undefined) throw new Error('The median of no values was asked for')
  return value
}
