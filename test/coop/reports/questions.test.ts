// One answer heard: what is taken, what is asked again and with which range, and what is only doubted.
import { describe, expect, test } from 'vitest'
import { dayWordsOf } from '../../../src/conversation/hear/date.ts'
import type { Form, Question } from '../../../src/coop/charter/charter.ts'
import { doubtOf, type Usual } from '../../../src/coop/reports/doubts.ts'
import { offersOf, readAnswer } from '../../../src/coop/reports/questions.ts'
import { example, formOf } from '../charter/example.ts'

const drivers = example('drivers')
const market = example('market')
const shift = formOf(drivers)
const price = formOf(market)
const dayWords = dayWordsOf([{ today: ['aaj'], yesterday: ['yesterday'], tomorrow: ['demain'] }])
const hearing = { currency: drivers, today: '2026-11-24', dayWords }

function question(form: Form, id: string): Question {
  const found = form.questions.find((each) => each.id === id)
  if (!found) throw new Error(`no question ${id}`)
  return found
}
const hear = (id: string, said: string) => readAnswer(question(shift, id), said, hearing)

describe('an answer', () => {
  test.each([
    ['hours', '8.5', 850],
    ['hours', '८,५ घंटे', 850],
    ['hours', '8:30', 850],
    ['hours', '0.25', 25],
    ['hours', '24', 2400],
    ['gross', 'Rs 1,900/-', 190_000],
    ['gross', '₹1900.50', 190_050],
    ['gross', '0', 0],
    ['km', '120 km', 120],
    ['platform', '2', 'uber'],
    ['platform', 'ओला', 'ola'],
    ['platform', 'RAPIDO', 'rapido'],
    ['area', 'gurgaon', 'gurugram'],
    ['day', 'yesterday', '2026-11-23'],
    ['day', 'aaj', '2026-11-24'],
    ['day', '17/11', '2026-11-17'],
  ])('%s: "%s" is %s', (id, said, value) => {
    expect(hear(id, said)).toEqual({ value })
  })

  test.each([
    ['hours', 'long', 'not_understood'],
    ['hours', '1900 rs', 'not_understood'],
    ['gross', '8 hours', 'not_understood'],
    ['hours', '0.1', 'too_low'],
    ['hours', '24.01', 'too_high'],
    ['gross', '-5', 'too_low'],
    ['gross', '20000.01', 'too_high'],
    ['hours', '8.4321', 'too_many_decimals'],
    ['km', '10.5', 'too_many_decimals'],
    ['platform', '6', 'not_understood'],
    ['platform', 'ub', 'not_understood'],
    ['platform', '1 2', 'not_understood'],
    ['day', '16/11', 'day_too_old'],
    ['day', '25/11/2026', 'day_future'],
    ['day', 'demain', 'day_future'],
    ['day', '31/11', 'not_understood'],
  ])('%s: "%s" is %s', (id, said, problem) => {
    expect(hear(id, said)).toMatchObject({ problem })
  })

  test('that is out of range is told the range, as it is said', () => {
    expect(hear('hours', '30')).toMatchObject({
      gaps: { low: { number: 25, decimals: 2 }, high: { number: 2400, decimals: 2 } },
    })
    expect(hear('gross', '99999')).toMatchObject({ gaps: { low: { money: 0 }, high: { money: 2_000_000 } } })
    expect(hear('day', '1/11')).toMatchObject({
      gaps: { back: 7, oldest: { day: '2026-11-17', today: '2026-11-24' } },
    })
  })

  test("is held to ten times the group's median, and never beyond the charter's own range", () => {
    const ask = (said: string, group: number) =>
      readAnswer(question(price, 'price'), said, { ...hearing, currency: market, group })
    expect(ask('800', 8000)).toEqual({ value: 80_000 })
    expect(ask('801', 8000)).toMatchObject({
      problem: 'too_high',
      gaps: { low: { money: 800 }, high: { money: 80_000 } },
    })
    expect(ask('7.99', 8000)).toMatchObject({ problem: 'too_low' })
    expect(ask('2001', 90_000)).toMatchObject({ problem: 'too_high', gaps: { high: { money: 200_000 } } })
  })
})

describe('an answer is doubted', () => {
  const usual: Usual = { currency: drivers, own: [] }
  const own = (...amounts: number[]) => ({ currency: drivers, own: amounts.map((gross) => ({ gross })) })
  const doubt = (id: string, value: number | string, against = usual) =>
    doubtOf(question(shift, id), value, against)

  test('outside the soft range, not on its edge', () => {
    expect(doubt('hours', 1200)).toBeUndefined()
    expect(doubt('hours', 1201)).toEqual({ doubt: 'unusual', gaps: { value: { number: 1201, decimals: 2 } } })
  })

  test('far from her own median, once she has four reports', () => {
    expect(doubt('gross', 700_000, own(190_000, 200_000, 180_000))).toBeUndefined()
    expect(doubt('gross', 700_000, own(190_000, 200_000, 180_000, 190_000))).toEqual({
      doubt: 'unlike_her',
      gaps: { value: { money: 700_000 }, usual: { money: 190_000 } },
    })
    expect(doubt('gross', 570_000, own(190_000, 200_000, 180_000, 190_000))).toBeUndefined()
    expect(doubt('gross', 63_000, own(190_000, 200_000, 180_000, 190_000))).toMatchObject({ doubt: 'unlike_her' })
    expect(doubt('gross', 700_000, own(0, 0, 0, 0))).toBeUndefined()
  })

  test("far from the group's median", () => {
    const against = { currency: market, own: [], group: 8000 }
    expect(doubtOf(question(price, 'price'), 16_000, against)).toBeUndefined()
    expect(doubtOf(question(price, 'price'), 16_001, against)).toMatchObject({
      doubt: 'unlike_group',
      gaps: { usual: { money: 8000 } },
    })
    expect(doubtOf(question(price, 'price'), 3999, against)).toMatchObject({ doubt: 'unlike_group' })
  })

  test('never where it is a choice or a day', () => {
    expect([doubt('platform', 'ola'), doubt('day', '2026-11-24')]).toEqual([undefined, undefined])
  })
})

test('options are offered by digit', () => {
  const platform = question(shift, 'platform')
  if (platform.type !== 'choice') throw new Error('platform is a choice')
  expect(offersOf(platform)[1]).toEqual({ digit: 2, name: { words: { en: 'Uber', hi: 'उबर' } } })
})
