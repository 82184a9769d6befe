// Reports as a sheet for an organiser: units as people write them, and instead of a member a word that is new in every
// export, so that two exports cannot be joined by it. Rows come in the order of those words, which says nothing.
import { stringify } from 'csv-stringify/sync'
import type { Form } from '../charter/charter.ts'
import { dayOfKey } from './key.ts'
import { type Currency, decimalsOf } from './scale.ts'
import type { Values } from './values.ts'

export interface PooledReport {
  readonly member: number
  readonly key: string
  readonly week: string
  readonly cell: string
  readonly values: Values
  readonly figures: Values
}

/** The first line of a form's sheet as CSV. */
export const sheetHead = (form: Form, currency: Currency): string =>
  csv([['member', 'day', ...columnsOf(form, currency).map(({ name }) => name)]])

/** The lines of reports in a form's sheet; `words` has a word for each of their members. */
export function sheetRows(
  form: Form,
  reports: readonly PooledReport[],
  currency: Currency,
  words: ReadonlyMap<number, string>,
): string {
  const columns = columnsOf(form, currency)
  const rows = reports
    .map((report): Cell[] => [
      words.get(report.member) ?? '',
      dayOfKey(report.key),
      ...columns.map(({ read }) => read(report)),
    ])
    .toSorted((a, b) => (`${a[0]} ${a[1]}` < `${b[0]} ${b[1]}` ? -1 : 1))
  return csv(rows)
}

const csv = (rows: Cell[][]): string => stringify(rows, { escape_formulas: true })

type Cell = string | number
interface Column {
  readonly name: string
  readonly read: (report: PooledReport) => Cell
}

function columnsOf(form: Form, currency: Currency): Column[] {
  const questions = form.questions
    .filter((question) => question.type !== 'day')
    .map((question): Column => {
      const decimals = question.type === 'choice' ? 0 : decimalsOf(question, currency)
      return { name: question.id, read: ({ values }) => inUnits(values[question.id], decimals) }
    })
  const figures = form.figures.map(
    (figure): Column => ({
      name: figure.id,
      read: (report) => inUnits(report.figures[figure.id], decimalsOf(figure, currency)),
    }),
  )
  return [...questions, ...figures]
}

const inUnits = (value: number | string | undefined, decimals: number): Cell =>
  typeof value === 'number' ? value / 10 ** decimals : (value ?? '')
