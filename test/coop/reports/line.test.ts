// Reports in one line, as members type them.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readLine } from '../../../src/coop/reports/line.ts'
import { machine } from '../../../src/messaging/machine.ts'
import { example, formOf } from '../charter/example.ts'

const drivers = example('drivers')
const market = example('market')
const shift = formOf(drivers)
const price = formOf(market)
const { dayWords } = machine.vocabulary
const today = '2026-11-24'

const heardShift = (said: string) => readLine(shift, said, { currency: drivers, today, dayWords })
const heardPrice = (said: string) => readLine(price, said, { currency: market, today, dayWords })
const unread = { problem: 'not_understood', gaps: {} }
const plain = { hours: 850, gross: 190_000, costs: 30_000 }

describe('a shift', () => {
  test.each([
    ['8.5 1900 300', plain],
    ['SHIFT 8.5 1900 300', plain],
    ['shift: 8.5, 1900, 300', plain],
    ['शिफ्ट ८.५ १९०० ३००', plain],
    ['8:30 Rs 1,900 Rs 300', plain],
    ['8,5 1900/- 300/-', plain],
    ['8.5/1900/300', plain],
    ['8.5\n1900\n300', plain],
    ['8.5 1900 300 yesterday', { ...plain, day: '2026-11-23' }],
    ['8.5 1900 300 the day before yesterday', { ...plain, day: '2026-11-22' }],
    ['yesterday 8.5 1900 300', { ...plain, day: '2026-11-23' }],
    ['Yesterday: 8.5, 1900, 300', { ...plain, day: '2026-11-23' }],
    ['kal - 8.5 1900 300', { ...plain, day: '2026-11-23' }],
    ['kal,8.5,1900,300', { ...plain, day: '2026-11-23' }],
    ['परसों ८.५ १९०० ३००', { ...plain, day: '2026-11-22' }],
    ['shift avant-hier 8,5 1900 300', { ...plain, day: '2026-11-22' }],
    ['the day before yesterday shift 8.5 1900 300', { ...plain, day: '2026-11-22' }],
    ['22/11 8.5 1900 300', { ...plain, day: '2026-11-22' }],
    ['22 Nov 8.5 1900 300', { ...plain, day: '2026-11-22' }],
    ['Nov 22 8.5 1900 300', { ...plain, day: '2026-11-22' }],
    ['el 22 de noviembre: 8.5 1900 300', { ...plain, day: '2026-11-22' }],
    ['tarehe 22 8.5 1900 300', { ...plain, day: '2026-11-22' }],
    ['8.5 1900 300 कल', { ...plain, day: '2026-11-23' }],
    ['8.5 1900 300 23/11', { ...plain, day: '2026-11-23' }],
    ['8.5 1900 300 22 Nov', { ...plain, day: '2026-11-22' }],
    ['8.5 1900 300 on 22 Nov', { ...plain, day: '2026-11-22' }],
    ['8.5 1900 300 2026-11-22', { ...plain, day: '2026-11-22' }],
    ['8.5 1900 300 120', { ...plain, km: 120 }],
    ['8.5 1900 300 120 14 2 airport', { ...plain, km: 120, trips: 14, platform: 'uber', area: 'airport' }],
    ['8.5 1900 300 120 uber y', { ...plain, km: 120, platform: 'uber', day: '2026-11-23' }],
    ['8.5 1900 300 connaught place', { ...plain, area: 'central' }],
  ])('%j', (said, values) => {
    expect(heardShift(said)).toEqual({ values })
  })

  test('says with a "-" what it leaves out', () => {
    expect(heardShift('8.5 1900 300 - 14')).toEqual({ values: { ...plain, trips: 14 }, skipped: ['km'] })
  })

  test.each([
    ['', {}],
    ['Shift', {}],
    ['8.5', { hours: 850 }],
    ['8.5 1900', { hours: 850, gross: 190_000 }],
    ['8.5;;300', { hours: 850, costs: 30_000 }],
  ])('%j lacks some answers, and none is guessed', (said, values) => {
    expect(heardShift(said)).toEqual({ values })
  })

  test.each([
    ['85 1900 300', 'hours', 'too_high', { gross: 190_000, costs: 30_000 }],
    ['long 1900 300', 'hours', 'not_understood', { gross: 190_000, costs: 30_000 }],
    ['8.5 1900 300 900', 'km', 'too_high', plain],
    ['8.5 1900 300 1/11', 'day', 'day_too_old', plain],
    ['8.5 1900 300 25/11/26', 'day', 'day_future', plain],
    ['tomorrow 8.5 1900 300', 'day', 'day_future', plain],
    ['8.5 1900 300 kesho kutwa', 'day', 'day_future', plain],
    ['yesterday 8.5 1900 300 22/11', 'day', 'not_understood', plain],
  ])('%j: the answer to %s is %s, and is asked for again', (said, question, problem, values) => {
    const line = heardShift(said)
    expect(line).toMatchObject({ wrong: { question, problem, others: [] } })
    expect(line).toHaveProperty('values', values)
  })

  test('with words that no question is left for is kept in no part', () => {
    expect(heardShift('8.5 1900 300 1 2 3 4 5 6')).toEqual({ unread: 'surplus' })
  })

  test.each([
    ...['8 about 2000 300', '8 1900 300 12 trips', '8 2000 300 someday', '8.5 1900 300 far', 'about 8 1900 300'],
    ...['8 2 thousand', '8 1900 lots', 'about 8 1900', '12 trips 300', 'half 8 190', '8 hours thirty', '8 lots'],
    ...['8 half 2000 300', '8 hours 30 minuten 2000 300', '8.5 1900 300 120 uber someday', 'I earned 1900'],
  ])('%j is not kept, since nobody can tell what the word is that was not understood', (said) => {
    expect(heardShift(said)).toEqual({ unread: 'unclear' })
  })

  test.each(['8 1900 300 9 2000 350', '8 1900 300 yesterday\n9 2000 350', 'Mon: 8 1900 300 120 Sun: 7 1500 200'])(
    '%j are several reports, and no day is that of one',
    (said) => expect(heardShift(said)).toEqual({ unread: 'several' }),
  )

  test('that is not kept has its day, but where its answers are so many that they may be of two reports', () => {
    const [today, asked] = [{ value: '2026-11-24' }, { problem: 'not_understood', gaps: {} }]
    expect(heardShift('8 about 300 24 Nov')).toEqual({ unread: 'unclear', day: today })
    expect(heardShift('8 1900 310 about 9 2000 360 24 Nov')).toEqual({ unread: 'unclear', day: asked })
  })

  test('in which not a word is understood is asked for from the first question', () => {
    for (const said of ['long', 'I was ill and so I did not work at all', 'it rained all day']) {
      expect(heardShift(said)).toEqual({ values: {}, wrong: { ...unread, question: 'hours', others: [] } })
    }
  })

  test.each([
    ['8 hours 30 minutes 2000 300', { hours: 850, gross: 200_000, costs: 30_000 }],
    ['8 1/2 2000 300', { hours: 850, gross: 200_000, costs: 30_000 }],
    ['घंटे 8 1/2 2000 300', { hours: 850, gross: 200_000, costs: 30_000 }],
    ['8.5,1900,300,22/11', { ...plain, day: '2026-11-22' }],
  ])('%j: what is one answer is heard as one', (said, values) => {
    expect(heardShift(said)).toEqual({ values })
  })

  test('the day alone says which day, and the rest is asked', () => {
    for (const said of ['shift yesterday', 'yesterday', 'shift 23/11', 'shift 23 nov']) {
      expect(heardShift(said)).toEqual({ values: { day: '2026-11-23' } })
    }
  })

  test('numbers that look like a day are not taken for one', () => {
    expect(heardShift('23/11')).toEqual({ values: { hours: 2300, gross: 1100 } })
    expect(heardShift('22 Nov 8 900 90')).toEqual({
      values: { day: '2026-11-22', hours: 800, gross: 90_000, costs: 9000 },
    })
    expect(heardShift('22 8 900')).toEqual({ values: { hours: 2200, gross: 800, costs: 90_000 } })
    expect(heardShift('8 12 30')).toEqual({ values: { hours: 800, gross: 1200, costs: 3000 } })
    expect(heardShift('8.5 1900 3.11')).toEqual({ values: { hours: 850, gross: 190_000, costs: 311 } })
  })

  const numbers = fc.tuple(
    fc.integer({ min: 25, max: 2400 }),
    fc.integer({ min: 0, max: 20_000 }),
    fc.integer({ min: 0, max: 5000 }),
  )

  test('with a word that is not understood keeps only what she meant, wherever it stands and whatever it is for', () => {
    const word = fc.constantFrom('about', 'lots', 'thousand', 'trips', 'xyzzy')
    fc.assert(
      fc.property(numbers, word, fc.nat(3), fc.nat(3), ([hours, gross, costs], unknown, place, leftOut) => {
        const said = [hours / 100, gross, costs].filter((_, at) => at !== leftOut).map(String)
        const line = heardShift(said.toSpliced(place, 0, unknown).join(' '))
        const meant = { hours, gross: gross * 100, costs: costs * 100 }
        if ('values' in line) expect(meant).toMatchObject(line.values)
        expect('unread' in line).toBe(leftOut !== 0 || place !== 0 || (gross > 0 && gross <= 24))
      }),
    )
  })

  test('says back what any three numbers within range were', () => {
    const separator = fc.constantFrom(' ', '  ', ', ', '; ', '\n', ' / ', '#')
    fc.assert(
      fc.property(numbers, separator, fc.boolean(), ([hours, gross, costs], between, word) => {
        const said = `${word ? 'shift ' : ''}${[hours / 100, gross, costs].join(between)}`
        expect(heardShift(said)).toEqual({
          values: { hours, gross: gross * 100, costs: costs * 100 },
        })
      }),
    )
  })

  test('never throws and never takes long, whatever is typed', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (said) => void heardShift(said)))
    const started = performance.now()
    heardShift('8 '.repeat(800))
    heardShift('a/'.repeat(800))
    expect(performance.now() - started).toBeLessThan(100)
  })
})

describe('a price', () => {
  test.each([
    ['tomato nakuru 80', { crop: 'tomato', market: 'nakuru', price: 8000 }],
    ['BEI nyanya shambani 80', { crop: 'tomato', market: 'farm-gate', price: 8000 }],
    ['price 4 1 KSh 60/-', { crop: 'kale', market: 'nakuru', price: 6000 }],
    ['sukuma wiki farm gate 45.5 120kg', { crop: 'kale', market: 'farm-gate', price: 4550, quantity: 1200 }],
    [
      'Viazi Molo 40 grade a jana',
      { crop: 'potato', market: 'molo', price: 4000, grade: 'best', day: '2026-11-23' },
    ],
    ['kitunguu,molo,60', { crop: 'onion', market: 'molo', price: 6000 }],
    [
      'PRICE tomato,nakuru,45,10,b,22/11',
      { crop: 'tomato', market: 'nakuru', price: 4500, quantity: 100, grade: 'fair', day: '2026-11-22' },
    ],
    ['1 Tomato 4 Molo 40', { crop: 'tomato', market: 'molo', price: 4000 }],
  ])('%j', (said, values) => {
    expect(heardPrice(said)).toEqual({ values })
  })

  test('a crop that is spelt wrong is asked for, never guessed', () => {
    expect(heardPrice('tomattto nakuru 80')).toMatchObject({
      values: { market: 'nakuru', price: 8000 },
      wrong: { question: 'crop', problem: 'not_understood', others: [] },
    })
  })

  test('with a word too many, or one that may have been said of a number, is not kept', () => {
    for (const said of [
      'fresh tomato nakuru 80',
      'tomato nakuru about 80',
      'tomato nakuru 80 each',
      '1 nakurru 5',
    ]) {
      expect(heardPrice(said)).toEqual({ unread: 'unclear' })
    }
  })

  test('is held against the group of the cell that the line names', () => {
    const groupOf = (_: object, values: object) =>
      'market' in values && values.market === 'molo' ? 4000 : undefined
    const hear = (said: string) => readLine(price, said, { currency: market, today, dayWords, groupOf })
    expect(hear('potato molo 401')).toMatchObject({ wrong: { question: 'price', problem: 'too_high' } })
    expect(hear('potato njoro 401')).not.toHaveProperty('wrong')
  })
})
