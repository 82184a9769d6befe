// Cross-checks between the answers of one report: "costs are at most gross". It says which checks a report breaks, by
// which values, and which answers stand behind them; what is then asked is the conversation's.
import type { Gaps, Value } from '../../conversation/reply.ts'
import type { Check, Form, Question } from '../charter/charter.ts'
import { type Currency, decimalsOf, measureOf, sayMeasure } from './scale.ts'
import type { Values } from './values.ts'

/** The checks that these answers break, in the charter's order. One that lacks an answer is not broken. */
export const brokenChecks = (form: Form, values: Values, figures: Values, currency: Currency): Check[] =>
  form.checks.filter((check) => isBroken(form, check, { ...values, ...figures }, currency))

/** A broken check as a reply says it: its own text, and both its sides by name and value. */
export function sayCheck(form: Form, check: Check, known: Values, currency: Currency): Gaps {
  const left = saySide(form, check.left, known, currency)
  const right = saySide(form, check.right, known, currency)
  const gaps = { left: left.name, left_value: left.value, right: right.name, right_value: right.value }
  return { check: { words: check.text }, ...gaps }
}

function saySide(form: Form, id: string, known: Values, currency: Currency): { name: Value; value: Value } {
  const measure = measureOf(form, id)
  const value = known[id]
  if (!measure || typeof value !== 'number') throw new Error(`Form "${form.id}" has no number "${id}" to check`)
  return { name: { words: measure.name }, value: sayMeasure(measure, value, currency) }
}

/** The answers that a check is about, any of which may be the wrong one, in the form's order. */
export function answersBehind(form: Form, check: Check): Question[] {
  const ids = new Set([...madeOf(form, check.left), ...madeOf(form, check.right)])
  return form.questions.filter(({ id }) => ids.has(id))
}

// A question is its own answer; a figure is made of questions and earlier figures.
function madeOf(form: Form, id: string): string[] {
  const figure = form.figures.find((each) => each.id === id)
  if (!figure) return [id]
  const parts = [...figure.plus, ...figure.minus, ...(figure.per === undefined ? [] : [figure.per])]
  return parts.flatMap((part) => madeOf(form, part))
}

function isBroken(form: Form, check: Check, known: Values, currency: Currency): boolean {
  const left = exact(form, check.left, known, currency)
  const right = exact(form, check.right, known, currency)
  if (left === undefined || right === undefined) return false
  return check.is === 'at_most' ? left > right : left < right
}

// The most decimals that a charter can keep, so that two values compare as whole numbers.
const mostDecimals = 3

function exact(form: Form, id: string, known: Values, currency: Currency): bigint | undefined {
  const measure = measureOf(form, id)
  const value = known[id]
  if (!measure || typeof value !== 'number') return undefined
  return BigInt(value) * 10n ** BigInt(mostDecimals - decimalsOf(measure, currency))
}
