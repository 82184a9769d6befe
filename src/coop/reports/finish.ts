// A report whose questions are all answered, made whole: its day, its key, and the figures that follow. It
// records nothing; the flow establishes the fact.
import type { Form } from '../charter/charter.ts'
import { figuresOf } from './figures.ts'
import { reportKey } from './key.ts'
import type { Currency } from './scale.ts'
import type { Values } from './values.ts'

export interface Finished {
  readonly key: string
  /** The answers, with the day of the report among them where the form is of days. */
  readonly values: Values
  readonly figures: Values
}

/** Makes a filled form a report. A report for which she named no day is of today. */
export function finish(form: Form, answers: Values, today: string, currency: Currency): Finished {
  const values = form.key.includes('day') ? { ...answers, day: answers.day ?? today } : answers
  const figures = figuresOf(form, values, currency)
  return { key: reportKey(form, values, today), values, figures }
}
