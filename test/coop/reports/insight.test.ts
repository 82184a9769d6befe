// Medians by the definition, and the rule of who may hear them.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Counted,
  cellMedian,
  cellOf,
  groupCell,
  insightValue,
  mayShow,
  ownMedian,
  stepOf,
} from '../../../src/coop/reports/insight.ts'
import { example, formOf } from '../charter/example.ts'

const drivers = example('drivers')
const market = example('market')
const price = formOf(market)

const value = fc.integer({ min: -1_000_000, max: 10_000_000 })
const reports = fc.array(fc.record({ member: fc.integer({ min: 1, max: 12 }), value }), {
  minLength: 1,
  maxLength: 60,
})

// By the definition, in fractions: half of the values lie on either side.
function plainMedian(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]]
  return (low + high) / 2
}

describe("a cell's median", () => {
  test("is the median of the members' own medians", () => {
    fc.assert(
      fc.property(reports, (all) => {
        const members = [...Map.groupBy(all, ({ member }) => member).values()]
        const expected = plainMedian(members.map((own) => plainMedian(own.map((each) => each.value))))
        const cell = cellMedian(all, 1)
        const shown = { median: Math.floor(expected + 0.5), members: members.length }
        expect(cell).toEqual(members.length < 5 ? undefined : shown)
      }),
    )
  })

  test('does not depend on the order of the reports', () => {
    fc.assert(
      fc.property(reports, fc.integer({ min: 1, max: 1000 }), (all, step) => {
        expect(cellMedian(all.toReversed(), step)).toEqual(cellMedian(all, step))
      }),
    )
  })

  test('is a whole multiple of its step, the nearest one', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 5, maxLength: 9 }),
        fc.integer({ min: 1, max: 1000 }),
        (values, step) => {
          const all = values.map((each, member) => ({ member, value: each }))
          const { median } = cellMedian(all, step) ?? { median: Number.NaN }
          expect(Math.abs(median % step)).toBe(0)
          expect(Math.abs(median - plainMedian(values))).toBeLessThanOrEqual(step / 2)
        },
      ),
    )
  })

  test('one who reports often does not speak for the group', () => {
    const often: Counted[] = Array.from({ length: 50 }, () => ({ member: 1, value: 90_000 }))
    const others: Counted[] = [2, 3, 4, 5].map((member) => ({ member, value: 10_000 + member }))
    expect(cellMedian([...often, ...others], 1)).toEqual({ median: 10_004, members: 5 })
  })

  test('one very high pay does not move it', () => {
    const pays = [90, 100, 110, 120, 900].map((pay, member) => ({ member, value: pay }))
    expect(cellMedian(pays, 1)?.median).toBe(110)
  })

  test('is rounded to the unit of the currency', () => {
    expect([stepOf(formOf(drivers), drivers), stepOf(price, market)]).toEqual([100, 100])
    const pays = [18_824, 18_851, 19_900, 18_849, 18_850].map((pay, member) => ({ member, value: pay }))
    expect(cellMedian(pays, 100)).toEqual({ median: 18_900, members: 5 })
  })
})

test('own median: none of nothing, the middle, half up', () => {
  expect([ownMedian([]), ownMedian([7]), ownMedian([1, 2]), ownMedian([9, 1, 5])]).toEqual([undefined, 7, 2, 5])
})

test('five others must have reported, whoever hears it', () => {
  expect([mayShow(5, true), mayShow(6, true), mayShow(4, false), mayShow(5, false)]).toEqual([
    false,
    true,
    false,
    true,
  ])
})

describe('where a report belongs', () => {
  const values = { crop: 'kale', market: 'molo', price: 6000 }
  const cell = { form: 'price', cell: 'kale,molo', median: 6100, members: 6 }

  test('its cell and its value', () => {
    expect([cellOf(price, values), cellOf(formOf(drivers), { hours: 850 })]).toEqual(['kale,molo', ''])
    expect(insightValue(price, values, {})).toBe(6000)
    expect(insightValue(formOf(drivers), { hours: 850 }, { 'net-per-hour': 18_824 })).toBe(18_824)
    expect(insightValue(formOf(drivers), { hours: 850 }, {})).toBeUndefined()
  })

  test('its week before the one before, and only a median that may be heard', () => {
    const older = { ...cell, week: '2026-11-16' }
    const newer = { ...cell, week: '2026-11-23', median: 6200 }
    const hers = (day: string) => ({
      ...{ form: 'price', key: `${day},kale,molo`, version: 1, values, figures: {}, madeAt: 0, poolAt: 0 },
    })
    const both = [hers('2026-11-17'), hers('2026-11-24')]
    const find = (cells: (typeof older)[], own = both) => groupCell(price, values, '2026-11-24', cells, own)
    expect(find([older, newer])).toBe(newer)
    expect(find([older, { ...newer, members: 5 }])).toBe(older)
    // Five others beside her, in whichever week she has reported.
    const five = { ...older, members: 5 }
    expect(find([five])).toBeUndefined()
    expect(find([five], [hers('2026-11-17')])).toBeUndefined()
    expect(find([five], [hers('2026-11-24')])).toBe(five)
    expect(find([{ ...older, week: '2026-11-09' }])).toBeUndefined()
    expect(
      find([
        { ...older, cell: 'kale,njoro' },
        { ...newer, form: 'shift' },
      ]),
    ).toBeUndefined()
  })
})
