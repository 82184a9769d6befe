// What one report is of: the same key corrects, any other is another report.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { finish } from '../../../src/coop/reports/finish.ts'
import { dayOfKey, reportKey, sameValues } from '../../../src/coop/reports/key.ts'
import { example, formOf } from '../charter/example.ts'

const drivers = example('drivers')
const shift = formOf(drivers)
const market = example('market')
const price = formOf(market)
const values = { crop: 'tomato', market: 'molo', price: 8000 }

test('is the day, or the day and what was chosen', () => {
  expect(reportKey(shift, { hours: 850 }, '2026-11-24')).toBe('2026-11-24')
  expect(reportKey(shift, { day: '2026-11-22' }, '2026-11-24')).toBe('2026-11-22')
  expect(reportKey(price, values, '2026-11-24')).toBe('2026-11-24,tomato,molo')
  expect(dayOfKey('2026-11-24,tomato,molo')).toBe('2026-11-24')
  expect(() => reportKey(price, { crop: 'kale' }, '2026-11-24')).toThrow('has no market')
})

test('is the same exactly where day and choices are the same, whatever else was answered', () => {
  const id = fc.constantFrom('kale', 'maize', 'molo', 'njoro')
  const day = fc.constantFrom('2026-11-23', '2026-11-24')
  const report = fc.record({ crop: id, market: id, day, price: fc.nat() })
  fc.assert(
    fc.property(report, report, (one, other) => {
      const same = one.crop === other.crop && one.market === other.market && one.day === other.day
      expect(reportKey(price, one, '2026-01-01') === reportKey(price, other, '2026-01-01')).toBe(same)
    }),
  )
})

test('equal values are equal in any order, and nothing else is', () => {
  expect(sameValues({ a: 1, b: 'x' }, { b: 'x', a: 1 })).toBe(true)
  expect(sameValues({ a: 1 }, { a: 2 })).toBe(false)
  expect(sameValues({ a: 1 }, { a: 1, b: 2 })).toBe(false)
  expect(sameValues({ a: 1 }, { b: 1 })).toBe(false)
})

test('a filled form becomes a report of a day, with its figures', () => {
  const answers = { hours: 800, gross: 100_000, costs: 120_000 }
  expect(finish(shift, answers, '2026-11-24', drivers)).toMatchObject({
    key: '2026-11-24',
    values: { ...answers, day: '2026-11-24' },
    figures: { net: -20_000, 'net-per-hour': -2500 },
  })
  expect(finish(price, { ...values, day: '2026-11-20' }, '2026-11-24', market)).toEqual({
    key: '2026-11-20,tomato,molo',
    values: { ...values, day: '2026-11-20' },
    figures: {},
  })
})
