// Figures that follow from the answers, such as net = gross - costs and net per hour. Whole-number arithmetic all
// the way, rounded half up once at the end; a figure that lacks an answer, or would divide by zero, is absent.
import type { Figure, Form } from '../charter/charter.ts'
import { type Currency, decimalsOf, divideHalfUp, measureOf } from './scale.ts'
import type { Values } from './values.ts'

/** All figures of a form that these answers allow, by id. */
export function figuresOf(form: Form, values: Values, currency: Currency): Values {
  const figures: Record<string, number> = {}
  for (const figure of form.figures) {
    const value = compute(form, figure, { ...values, ...figures }, currency)
    if (value !== undefined) figures[figure.id] = value
  }
  return figures
}

interface Term {
  readonly value: bigint
  readonly decimals: number
}

function compute(form: Form, figure: Figure, known: Values, currency: Currency): number | undefined {
  const term = (id: string) => termOf(form, id, known, currency)
  const sum = sumOf(figure.plus.map(term), figure.minus.map(term))
  const per = figure.per === undefined ? { value: 1n, decimals: 0 } : term(figure.per)
  if (!sum || !per || per.value === 0n) return undefined
  const kept = decimalsOf(figure, currency)
  const result = divideHalfUp(sum.value * power(per.decimals + kept), per.value * power(sum.decimals))
  return Number.isSafeInteger(Number(result)) ? Number(result) : undefined
}

function termOf(form: Form, id: string, known: Values, currency: Currency): Term | undefined {
  const measure = measureOf(form, id)
  const value = known[id]
  if (!measure || typeof value !== 'number') return undefined
  return { value: BigInt(value), decimals: decimalsOf(measure, currency) }
}

function sumOf(plus: readonly (Term | undefined)[], minus: readonly (Term | undefined)[]): Term | undefined {
  const terms = [...plus, ...minus]
  const known = terms.filter((term) => term !== undefined)
  if (known.length < terms.length) return undefined
  const decimals = Math.max(...known.map((term) => term.decimals))
  const signed = known.map(
    (term, at) => (at < plus.length ? 1n : -1n) * term.value * power(decimals - term.decimals),
  )
  return { value: signed.reduce((total, value) => total + value, 0n), decimals }
}

const power = (digits: number): bigint => 10n ** BigInt(digits)
