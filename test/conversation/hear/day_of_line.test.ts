// The day that opens or closes a line, and what is none.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { besideDay, dayOfLine } from '../../../src/conversation/hear/day_of_line.ts'
import { machine } from '../../../src/messaging/machine.ts'
import { expectFast } from './expect_fast.ts'

const { dayWords } = machine.vocabulary
const dayOf = (line: string, alone = false) => dayOfLine(line, alone, dayWords)

describe('a line', () => {
  test.each([
    ['8.5 1900 300 yesterday', 'yesterday', '8.5 1900 300 '],
    ['yesterday 8.5 1900 300', 'yesterday', '8.5 1900 300'],
    ['3 Nov 8 1900', '3 Nov', '8 1900'],
    ['Nov 3: 8 1900', 'Nov 3', '8 1900'],
    ['3/11/2026 8 1900', '3/11/2026', '8 1900'],
    ['8.5,1900,300,22/11', '22/11', '8.5,1900,300,'],
    ['tomato,nakuru,45,10,b,22 Nov', '22 Nov', 'tomato,nakuru,45,10,b,'],
    ['8 1900 yesterday,', 'yesterday,', '8 1900 '],
    ['2026-11-03;8;1900', '2026-11-03', '8;1900'],
    ['8 1900 3 Nov 2026', '3 Nov 2026', '8 1900 '],
    ['कल 8 1900', 'कल', '8 1900'],
    ['8 1900 300 aaj ka', 'aaj ka', '8 1900 300 '],
    ['कल की 8 1900', 'कल की', '8 1900'],
    ['parso ka 8 1900', 'parso ka', '8 1900'],
    ['8 1900 yday', 'yday', '8 1900 '],
    ['8 1900 itwar', 'itwar', '8 1900 '],
    ['veervar 8 1900', 'veervar', '8 1900'],
    ['pasado mañana 8 1900', 'pasado mañana', '8 1900'],
    ['8 120 30 el lunes', 'el lunes', '8 120 30 '],
    ['on Monday 8 1900', 'on Monday', '8 1900'],
    ['today', 'today', ''],
  ])('%j has the day %j', (line, day, rest) => expect(dayOf(line)).toEqual({ day, rest }))

  test.each(['', '8.5 1900 300', '3 11 2026', '3.11 8 1900', '8/1900/300', '23/11', 'hello 3', '8.5 1900 300.11'])(
    '%j has none',
    (line) => expect(dayOf(line)).toBeUndefined(),
  )

  test('of a day in digits alone has one only where nothing else can be meant', () => {
    expect(dayOf('23/11', true)).toEqual({ day: '23/11', rest: '' })
  })

  test('with two days has one that is none', () => {
    expect(dayOf('yesterday 8 1900 22/11')).toEqual({ day: 'yesterday 22/11', rest: '8 1900 ' })
  })
})

test('what follows a day, whatever day it is', () => {
  expect(besideDay('tomorrow 8 1900', dayWords)).toBe('8 1900')
  expect(besideDay('29 Feb 8 1900', dayWords)).toBe('8 1900')
  expect(besideDay('8 hours 1900 yesterday', dayWords)?.trim()).toBe('8 hours 1900')
  expect(besideDay('8 1900', dayWords)).toBeUndefined()
})

test('numbers alone never have a day, and nothing takes long', () => {
  const number = fc.oneof(
    fc.nat(9999).map(String),
    fc.nat(9999).map((each) => String(each / 100)),
  )
  fc.assert(fc.property(fc.array(number, { maxLength: 8 }), (all) => dayOf(all.join(' ')) === undefined))
  for (const text of ['a '.repeat(5000), 'a,'.repeat(5000), ' '.repeat(10_000), '3/'.repeat(5000)])
    expectFast(() => void dayOf(text))
})
