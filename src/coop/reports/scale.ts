// Whole numbers and their decimals: 850 with two decimals is 8.5. It says how each question or figure is scaled and
// how its value is spoken; it never computes with fractions.
import type { Value } from '../../conversation/reply.ts'
import type { Charter, Form, Measure } from '../charter/charter.ts'

/** The part of a charter that money is counted by. */
export type Currency = Pick<Charter, 'currency_digits'>

/** The digits behind the point of a question's or figure's value; money has the currency's. */
export const decimalsOf = (measure: Measure, currency: Currency): number =>
  measure.type === 'money' ? currency.currency_digits : measure.decimals

/** A number of the charter, such as 0.25, as a whole number of so many decimals. */
export const scaled = (written: number, decimals: number): number => Math.round(written * 10 ** decimals)

/** Rounds a fraction half up, exactly: 3/2 is 2 and -3/2 is -1. */
export function divideHalfUp(over: bigint, under: bigint): bigint {
  if (under < 0n) return divideHalfUp(-over, -under)
  const twice = 2n * over + under
  const whole = twice / (2n * under)
  return twice < 0n && whole * 2n * under !== twice ? whole - 1n : whole
}

/** A whole number as a reply says it. */
export const sayMeasure = (measure: Measure, value: number, currency: Currency): Value =>
  measure.type === 'money' ? { money: value } : { number: value, decimals: decimalsOf(measure, currency) }

/** The question or figure of a form by its id, where it is counted in whole numbers. */
export function measureOf(form: Form, id: string): Measure | undefined {
  const question = form.questions.find((each) => each.id === id)
  if (question) return question.type === 'choice' || question.type === 'day' ? undefined : question
  return form.figures.find((figure) => figure.id === id)
}
