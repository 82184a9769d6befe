// Figures and cross-checks, against the same sums in fractions of BigInt.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { brokenChecks } from '../../../src/coop/reports/checks.ts'
import { figuresOf } from '../../../src/coop/reports/figures.ts'
import { divideHalfUp } from '../../../src/coop/reports/scale.ts'
import { example, formOf } from '../charter/example.ts'

const drivers = example('drivers')
const shift = formOf(drivers)
const report = fc.record({
  hours: fc.integer({ min: 25, max: 2400 }),
  gross: fc.integer({ min: 0, max: 2_000_000 }),
  costs: fc.integer({ min: 0, max: 500_000 }),
})

describe('figures', () => {
  test('8.5 hours, Rs 1900, Rs 300: net Rs 1600, Rs 188.24 an hour', () => {
    const figures = figuresOf(shift, { hours: 850, gross: 190_000, costs: 30_000 }, drivers)
    expect(figures).toEqual({ net: 160_000, 'net-per-hour': 18_824 })
  })

  test('lie within half a paisa of the fraction, and half goes up', () => {
    fc.assert(
      fc.property(report, (values) => {
        const { net = 0, 'net-per-hour': perHour = 0 } = figuresOf(shift, values, drivers)
        expect(net).toBe(values.gross - values.costs)
        const error = 2n * (BigInt(perHour) * BigInt(values.hours) - BigInt(net) * 100n)
        expect(error > -BigInt(values.hours) && error <= BigInt(values.hours)).toBe(true)
      }),
    )
  })

  test('are absent without their answers, by zero, and beyond what is exact', () => {
    expect(figuresOf(shift, { hours: 0, gross: 100, costs: 0 }, drivers)).toEqual({ net: 100 })
    expect(figuresOf(shift, { hours: 850, gross: 100 }, drivers)).toEqual({})
    expect(figuresOf(shift, { hours: 1, gross: Number.MAX_SAFE_INTEGER, costs: 0 }, drivers)).not.toHaveProperty(
      'net-per-hour',
    )
  })

  test('of different decimals are brought together', () => {
    const [net] = shift.figures
    if (!net) throw new Error('the form has no figure')
    const distance = { ...net, id: 'far', type: 'number', decimals: 1, plus: ['km', 'hours'], minus: [] } as const
    const form = { ...shift, figures: [{ ...distance, plus: [...distance.plus], minus: [] }] }
    expect(figuresOf(form, { km: 12, hours: 825 }, drivers)).toEqual({ far: 203 })
  })
})

test('division is rounded half up for either sign', () => {
  const cases = [
    [3n, 2n],
    [-3n, 2n],
    [5n, 4n],
    [-5n, 4n],
    [-7n, 4n],
    [6n, -4n],
    [0n, 7n],
  ] as const
  expect(cases.map(([over, under]) => Number(divideHalfUp(over, under)))).toEqual([2, -1, 1, -1, -2, -1, 0])
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt({ min: 1n }), (over, under) => {
      const error = 2n * (divideHalfUp(over, under) * under - over)
      expect(error > -under && error <= under).toBe(true)
    }),
  )
})

describe('cross-checks', () => {
  const broken = (values: Record<string, number>) =>
    brokenChecks(shift, values, {}, drivers).map(({ left }) => left)

  test('are broken beyond the line, not on it, and not without an answer', () => {
    expect(broken({ gross: 100, costs: 101 })).toEqual(['costs'])
    expect(broken({ gross: 100, costs: 100 })).toEqual([])
    expect(broken({ costs: 101 })).toEqual([])
  })

  test('compare what is kept with different decimals, and figures', () => {
    const check = { left: 'hours', is: 'at_least', right: 'trips', text: {}, firm: true } as const
    const form = { ...shift, checks: [check, { ...check, left: 'net', is: 'at_most', right: 'gross' } as const] }
    expect(brokenChecks(form, { hours: 850, trips: 9, gross: 1 }, { net: 2 }, drivers)).toEqual(form.checks)
    expect(brokenChecks(form, { hours: 900, trips: 9, gross: 2 }, { net: 2 }, drivers)).toEqual([])
  })
})
