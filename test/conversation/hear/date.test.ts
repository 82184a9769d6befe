import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayWordsOf, readDate } from '../../../src/conversation/hear/date.ts'
import { machine } from '../../../src/messaging/machine.ts'
import { expectFast } from './expect_fast.ts'

const today = '2026-11-24'
const words = dayWordsOf([
  { weekdays: ['Sun', 'Mon', 'Tue', 'Wed'] },
  { weekdays: ['dom', 'lun', 'mar'] },
  { today: ['today', 't'], yesterday: ['yesterday', 'Y'], day_before_yesterday: ['day before yesterday'] },
  { today: ['आज'], yesterday: ['कल'], day_before_yesterday: ['परसों'], tomorrow: ['आने वाला कल'] },
  { today: ['leo', "aujourd'hui"], yesterday: ['jana'], day_after_tomorrow: ['après-demain'] },
])
const read = (said: string, on = today) => readDate(said, on, words)

describe('readDate', () => {
  it.each(['today', ' TODAY. ', 't', 'आज', 'Leo', 'Aujourd’hui'])('%j is today', (said) =>
    expect(read(said)).toBe(today),
  )
  it.each(['yesterday', 'Y', 'कल', 'jana'])('%j is yesterday', (said) => expect(read(said)).toBe('2026-11-23'))
  it.each([
    'Tue 17 Nov',
    'tue, 17/11',
    'Tuesday 17 November',
    'Jumanne 17 Nov',
    'मंगलवार 17 नवंबर',
    'mardi 17 nov. 2026',
  ])('the day of the week before %j says nothing more', (said) => expect(read(said)).toBe('2026-11-17'))
  it('takes "mar" for March where a day may follow it', () => {
    expect(read('mar 17')).toBe('2026-03-17')
    expect(read('mar')).toBe(undefined)
    expect(read('tomato 17 Nov')).toBe(undefined)
  })
  it('takes a day of the week alone for the latest', () => {
    expect(readDate('वीरवार', today, machine.vocabulary.dayWords)).toBe('2026-11-19')
    expect(readDate('Somvar', today, machine.vocabulary.dayWords)).toBe('2026-11-23')
    expect(['Tuesday', 'Mon', 'jumatatu', 'सोमवार', 'domingo'].map((said) => read(said))).toEqual([
      '2026-11-24',
      '2026-11-23',
      '2026-11-23',
      '2026-11-23',
      '2026-11-22',
    ])
  })
  it.each(['el lunes', 'el día lunes', 'le lundi', 'on Monday', 'सोमवार को'])('%j is that Monday', (said) =>
    expect(read(said)).toBe('2026-11-23'),
  )
  it.each([
    ['last sunday', '2026-11-22'],
    ['Sunday last', '2026-11-22'],
    ['the last Friday', '2026-11-20'],
    ['last Tuesday', '2026-11-17'],
    ['jumamosi iliyopita', '2026-11-21'],
    ['पिछले रविवार', '2026-11-22'],
    ['pichle ravivar', '2026-11-22'],
    ['el sábado pasado', '2026-11-21'],
    ['dimanche dernier', '2026-11-22'],
    ['last Monday', undefined],
    ['पिछले सोमवार', undefined],
    ['last', undefined],
    ['last last', undefined],
    ['last 17 Nov', undefined],
  ])('%j is %s, where only one day can be meant', (said, day) =>
    expect(readDate(said, today, machine.vocabulary.dayWords)).toBe(day),
  )
  it('takes "last Monday" on a Sunday for that of the same week, or of the one before: for none', () => {
    const on = (day: string) => readDate('last Monday', day, machine.vocabulary.dayWords)
    expect(['2026-11-22', '2026-11-23'].map(on)).toEqual([undefined, '2026-11-16'])
  })
  it('takes no other day of the week, and no number alone, which may be her hours', () => {
    expect(['Wed 17 Nov', 'Mon 8', 'Tue 8.5', 'Tuesday 8'].map((said) => read(said))).toEqual(
      Array(4).fill(undefined),
    )
  })
  it.each([
    ['Day before YESTERDAY', '2026-11-22'],
    ['परसों', '2026-11-22'],
    ['आने वाला  कल', '2026-11-25'],
    ['Apres-demain', '2026-11-26'],
  ])('%j is %s', (said, day) => expect(read(said)).toBe(day))

  it.each([
    ...[
      '3',
      '३',
      '3/11',
      '03/11',
      '3-11-26',
      '3.11.',
      '03.11.2026',
      '3 11 2026',
      '3 / 11',
      '2026-11-03',
      '2026/11/3',
    ],
    ...['3 Nov', 'Nov 3', '3nov', '3rd November', 'November 3, 2026', 'on the 3rd of Nov', 'tarehe 3', '3 Novemba'],
    ...['3 नवंबर', '३ नवम्बर', '3 नव॰', '3 de noviembre de 2026', 'le 3 novembre', '3 nov. 26', '3\\11\\2026'],
  ])('%j is 3 November', (said) => expect(read(said)).toBe('2026-11-03'))

  it.each([
    ['24', '2026-11-24'],
    ['25', '2026-10-25'],
    ['31', '2026-10-31'],
    ['25/11', '2026-11-25'],
    ['26/12', '2025-12-26'],
    ['25 Dec', '2026-12-25'],
    ['25-12-2026', '2026-12-25'],
    ['29/2', '2024-02-29'],
    ['1er août', '2026-08-01'],
    ['10 Sept 25', '2025-09-10'],
    ['1-2-99', '1999-02-01'],
    ['5 फरवरी', '2026-02-05'],
  ])('%j is %s', (said, day) => expect(read(said)).toBe(day))

  it('crosses the year', () => {
    expect(read('y', '2026-01-01')).toBe('2025-12-31')
    expect(read('31', '2026-01-02')).toBe('2025-12-31')
    expect(read('3/1', '2026-12-28')).toBe('2027-01-03')
    expect(read('31', '2026-03-01')).toBe('2026-01-31')
    expect(read('29', '2026-03-01')).toBe('2026-01-29')
  })

  it.each([
    ...[
      '',
      '0',
      '32',
      '31/4',
      '30 Feb',
      '29-2-2026',
      '11/13',
      '2026-13-01',
      '2026-11-31',
      '1900',
      '3 jui',
      'hello',
    ],
    ...['Nov', '3 3 Nov', '3/11-2026', 'today 3', '1-1-1800', '3 constructor', '-3'.repeat(4)],
  ])('%j is no date', (said) => expect(read(said)).toBeUndefined())

  it('knows the months of five languages, long and short, and each means one month', () => {
    for (const language of ['en', 'hi', 'sw', 'es', 'fr'])
      for (const month of ['long', 'short'] as const)
        for (let at = 0; at < 12; at++) {
          const format = new Intl.DateTimeFormat(language, { month, timeZone: 'UTC' })
          const name = format.format(new Date(Date.UTC(2026, at, 5)))
          expect([name, read(`5 ${name} 2025`)]).toEqual([name, `2025-${String(at + 1).padStart(2, '0')}-05`])
        }
  })

  it('without a year is at most a month ahead, and with one is what was written', () => {
    const day = fc.date({ min: new Date('2000-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(day, day, (now, then) => {
        const [on, iso] = [now.toISOString().slice(0, 10), then.toISOString().slice(0, 10)]
        const [year, month, date] = iso.split('-')
        expect(read(`${date}.${month}.${year}`, on)).toBe(iso)
        const ahead = Date.parse(read(`${date}/${month}`, on) ?? on) - Date.parse(on)
        expect(ahead <= 31 * 86_400_000).toBe(true)
        expect((read(`${date}`, on) ?? '') <= on).toBe(true)
      }),
    )
  })

  it('stays fast on 10,000 characters', () => {
    for (const part of ['1', '3 ', '3/', 'a1', '.']) {
      expectFast(() => {
        read(part.repeat(10_000 / part.length))
      })
    }
  })
})
