// Cross-checks between the answers of one report: "costs are at most gross". It says which checks a report breaks;
// what is then asked is the conversation's.
import type { Check, Form, Question } from '../charter/charter.ts'
import { type Currency, decimalsOf, measureOf } from './scale.ts'
import type { Values } from './values.ts'

/** The checks that these answers break, in the charter's order. One that lacks an answer is not broken. */
export const brokenChecks = (form: Form, values: Values, figures: Values, currency: Currency): Check[] =>
  form.checks.filter((check) => isBroken(form, check, { ...values, ...figures }, currency))

/** The answer to ask for again where a check is broken: its left side, or what that figure is first made of. */
export function answerBehind(form: Form, check: Check): Question {
  let id: string | undefined = check.left
  for (let figure = figureOf(form, id); figure; figure = figureOf(form, id)) id = figure.plus[0] ?? figure.minus[0]
  const question = form.questions.find((each) => each.id === id)
  if (!question) throw new Error(`A check of form "${form.id}" has no question behind "${check.left}"`)
  return question
}

const figureOf = (form: Form, id: string | undefined) => form.figures.find((figure) => figure.id === id)

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
