// What a form wants next, and what is never looked up for it.
import { describe, expect, test } from 'vitest'
import type { Form, Question } from '../../../src/coop/charter/charter.ts'
import { answersBehind } from '../../../src/coop/reports/checks.ts'
import type { Usual } from '../../../src/coop/reports/doubts.ts'
import {
  asItStands,
  confirm,
  type Filling,
  newFilling,
  nextWant,
  refitted,
  takeBack,
  unsaid,
} from '../../../src/coop/reports/filling.ts'
import { example, formOf } from '../charter/example.ts'

const drivers = example('drivers')
const shift = formOf(drivers)
const usual = (): Usual => ({ currency: drivers, own: [] })
const filled = (values: Filling['values'], change: Partial<Filling> = {}): Filling => ({
  ...newFilling('2026-11-24'),
  values,
  optional: 'none',
  ...change,
})
const want = (filling: Filling) => nextWant(shift, filling, drivers, usual)

test('doubts come before what is missing, and one at a time', () => {
  const first = want(filled({ hours: 1300, costs: 260_000 }))
  expect(first).toMatchObject({ want: 'certainty', question: { id: 'hours' } })
  if (first.want !== 'certainty') throw new Error('thirteen hours are doubted')
  const second = want(confirm(filled({ hours: 1300, costs: 260_000 }), first))
  expect(second).toMatchObject({ want: 'certainty', question: { id: 'costs' } })
})

test('an answer that is given anew is asked for before anything else is doubted', () => {
  const filling = filled({ hours: 1300, gross: 300_000, costs: 260_000 })
  const doubt = want(filling)
  if (doubt.want !== 'certainty') throw new Error('thirteen hours are doubted')
  expect(want(takeBack(shift, filling, doubt))).toMatchObject({ want: 'answer', question: { id: 'hours' } })
})

test('what is usual is asked for once for each answer, and for none that is still missing', () => {
  const asked: string[] = []
  const usualOf = (question: Question) => {
    asked.push(question.id)
    return usual()
  }
  nextWant(shift, filled({ gross: 190_000 }), drivers, usualOf)
  expect(asked).toEqual(['gross'])
})

describe('behind a broken check stands', () => {
  const check = (left: string): Form['checks'][number] => ({
    ...{ left, is: 'at_most', right: 'gross', text: { en: 'Too much.' }, firm: true },
  })
  test.each([
    ['costs', ['gross', 'costs']],
    ['net', ['gross', 'costs']],
    ['net-per-hour', ['hours', 'gross', 'costs']],
  ])('of %s all answers that it is made of', (left, ids) => {
    expect(answersBehind(shift, check(left)).map(({ id }) => id)).toEqual(ids)
  })
})

test('a broken check says both its sides, and any answer behind it can be mended', () => {
  const filling = filled({ hours: 800, gross: 19_000, costs: 300_000 }, { sure: ['costs', 'hours'] })
  const broken = want(filling)
  expect(broken).toMatchObject({
    want: 'check',
    gaps: { left: { words: { en: 'Costs' } }, left_value: { money: 300_000 }, right_value: { money: 19_000 } },
  })
  if (broken.want !== 'check') throw new Error('costs are above fares')
  expect(takeBack(shift, filling, broken)).toMatchObject({
    ...{ values: { hours: 800 }, pending: ['gross', 'costs'], sure: ['hours'] },
  })
  expect(want(confirm(filling, broken))).toEqual({ want: 'nothing' })
})

describe('under another charter', () => {
  const refit = (filling: Filling, change: (question: Question) => Question[]) =>
    refitted({ ...shift, questions: shift.questions.flatMap(change) }, filling, drivers)
  const filling = filled({ hours: 850, gross: 190_000, platform: 'ola' }, { sure: ['gross', 'hours', 'check:net'] })

  test('all that it still asks for is kept', () => {
    expect(refit(filling, (each) => [each])).toEqual(filling)
  })

  test('an answer that it would refuse is forgotten, with her word that it was right', () => {
    const lower = refit(filling, (each) =>
      each.id === 'gross' ? [{ ...each, hard: [0, 1000] } as Question] : [each],
    )
    expect(lower).toMatchObject({ values: { hours: 850, platform: 'ola' }, sure: ['hours', 'check:net'] })
  })

  test('so is an option that is gone, and a question that is', () => {
    const without = (option: string) => (each: Question) =>
      each.type === 'choice' ? [{ ...each, options: each.options.filter(({ id }) => id !== option) }] : [each]
    expect(refit(filling, without('ola')).values).toEqual({ hours: 850, gross: 190_000 })
    const asked = { ...filling, pending: ['hours', 'gross'] }
    const left = refit(asked, (each) => (each.id === 'hours' ? [] : [each]))
    expect(left).toMatchObject({ values: { gross: 190_000, platform: 'ola' }, pending: ['gross'] })
  })
})

describe('a form that she leaves', () => {
  const whole = { hours: 800, gross: 190_000, costs: 30_000 }
  const left = (filling: Filling) => asItStands(shift, filling, drivers, usual)

  test('is kept where all that it must have is there, whatever else was still to come', () => {
    expect(left(filled(whole, { optional: 'undecided' }))).toMatchObject({ values: whole })
    expect(left(filled({ ...whole, km: 12 }, { optional: 'all', pending: ['trips'] }))).toMatchObject({
      ...{ values: { ...whole, km: 12 }, pending: [] },
    })
  })

  test('is kept without an answer in doubt that may be left out', () => {
    expect(left(filled({ ...whole, km: 400 }))).toMatchObject({ values: whole, skipped: ['km'] })
    expect(left(filled({ ...whole, km: 400 }, { sure: ['km'] }))).toMatchObject({ values: { ...whole, km: 400 } })
  })

  test.each([
    ['lacks an answer', filled({ hours: 800, gross: 190_000 })],
    ['has one in doubt', filled({ ...whole, hours: 1400 })],
    ['breaks a check', filled({ ...whole, gross: 20_000 })],
    ['had its day refused', filled(whole, { pending: ['day'] })],
  ])('is not where it %s', (_why, filling) => expect(left(filling)).toBeUndefined())
})

test('a correction takes over what may be left out and is not said, where the form still takes it', () => {
  const before = { hours: 800, gross: 190_000, costs: 30_000, km: 120, trips: 900, platform: 'gone', area: 'north' }
  const said = filled({ hours: 900 }, { skipped: ['area'] })
  expect(unsaid(shift, said, { ...before, day: '2026-11-23' }, drivers)).toEqual({ km: 120 })
  const check = { left: 'km', is: 'at_most' as const, right: 'gross', text: {}, firm: false }
  const checked: Form = { ...shift, checks: [check] }
  expect(unsaid(checked, said, before, drivers)).toEqual({})
})
