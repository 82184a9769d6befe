import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitLine } from '../../../src/conversation/hear/line.ts'
import { readHours } from '../../../src/conversation/hear/number.ts'
import { expectFast } from './expect_fast.ts'

describe('splitLine', () => {
  it.each([
    ...[
      '8.5 1900 300',
      ' 8.5  1900\t300 ',
      '8.5\n1900\r\n300',
      '8.5, 1900, 300',
      '8.5;1900;300',
      '8.5 ; 1900 ; 300',
    ],
    ...[
      '8.5/1900/300',
      '8.5 / 1900 / 300',
      '8.5#1900#300',
      '*8.5*1900*300#',
      '8.5,1900,300',
      '8.5 Rs 1900 Rs. 300',
    ],
    ...['8.5,1900 300', '8.5 1900,300', '"8.5" 1900 300'],
    ...['8.5 1900 rs 300 rs', '8.5 1900 /- 300', '8.5 ₹ 1900 300 /=', '8.5،1900،300'],
  ])('%j holds three answers', (line) => expect(splitLine(line)).toEqual(['8.5', '1900', '300']))

  it.each([
    ['8,5 1,900 300', ['8,5', '1,900', '300']],
    ['8.5h 1900rs 300km', ['8.5h', '1900rs', '300km']],
    ['8.5 hrs Rs 1,900 300 km', ['8.5 hrs', '1,900', '300 km']],
    ['saa 8 1900', ['saa 8', '1900']],
    ['1900/- 300/-', ['1900/-', '300/-']],
    ['८.५ १९००', ['८.५', '१९००']],
    ['1,23,456 8', ['1,23,456', '8']],
    ['"North West" 24 3/11', ['North West', '24', '3/11']],
    ['“North West”; 24', ['North West', '24']],
    ['"open 5', ['open', '5']],
    ['2026-11-03 8', ['2026-11-03', '8']],
    ['kitunguu,molo,60', ['kitunguu', 'molo', '60']],
    ['kitunguu,molo 60,5', ['kitunguu', 'molo', '60,5']],
    ['nyanya ,molo ,60', ['nyanya', 'molo', ',60']],
    ['tomato,nakuru,45,10,b,', ['tomato', 'nakuru', '45', '10', 'b']],
    ['tomato/nakuru/1,900', ['tomato', 'nakuru', '1,900']],
    ['"North,West" 24', ['North,West', '24']],
    ['8,1900,300', ['8', '1900', '300']],
    ['8,1900', ['8', '1900']],
    ['8.5h,1900,300', ['8.5h', '1900', '300']],
    ['1,900', ['1,900']],
    ['8 1/2 2000 300', ['8 1/2', '2000', '300']],
    ['८ १/२, 2000, 300', ['८ १/२', '2000', '300']],
    ['8 1/2 hours Rs 2000 300', ['8 1/2 hours', '2000', '300']],
    ['साढ़े 8 1900 300', ['साढ़े 8', '1900', '300']],
    ['SHIFT saadhe 8 ghante 1900 300', ['SHIFT', 'saadhe 8 ghante', '1900', '300']],
    ['8 y media 120 30', ['8 y media', '120', '30']],
    ['8 heures et demie, 120, 30', ['8 heures et demie', '120', '30']],
    ['saa 8 na nusu 120 30', ['saa 8 na nusu', '120', '30']],
    ['8 11/2 1/2 300', ['8', '11/2', '1/2', '300']],
    ['8.5', ['8.5']],
    ['', []],
    [' ; ', []],
  ])('%j is %j', (line, answers) => expect(splitLine(line)).toEqual(answers))

  it.each([
    ...[
      '8 hours 30 minutes',
      '8 Hours and 30 Minutes',
      '8 hours, 30 minutes',
      '8h 30m',
      '8 hrs 30min',
      '8hrs 30 mins',
    ],
    ...['८ घंटे ३० मिनट', '8 घंटे और 30 मिनट', 'masaa 8 na dakika 30', 'saa 8 dakika 30'],
    ...['8 horas y 30 minutos', '8 horas 30 min', '8 heures 30 minutes', '8 heures et 30 min', '8 h 30 min'],
  ])('"%s" is one answer', (hours) => {
    for (const line of [`${hours} 2000 300`, `${hours}, 2000, 300`, `${hours};2000;300`]) {
      expect(splitLine(line)).toEqual([hours, '2000', '300'])
    }
    expect(readHours(hours, 2)).toBe(850)
  })

  it('takes no number for minutes that has not their word', () => {
    expect(splitLine('8 hrs 30 300')).toEqual(['8 hrs', '30', '300'])
    expect(splitLine('8 30 minutes 300')).toEqual(['8', '30', 'minutes', '300'])
    expect(splitLine('8 hours 30 minuten')).toEqual(['8 hours', '30', 'minuten'])
  })

  it('skips nothing in silence', () => {
    expect(splitLine('7#A#1#2')).toEqual(['7', 'A', '1', '2'])
    expect(splitLine('8.5;;300')).toEqual(['8.5', '', '300'])
    expect(splitLine('8.5, , 300')).toEqual(['8.5', '', '300'])
    expect(splitLine('8.5 30 min')).toEqual(['8.5', '30', 'min'])
    expect(splitLine('1 2 kg 1 100')).toEqual(['1', '2 kg', '1', '100'])
  })

  it('gives back any numbers, whatever separates them', () => {
    const number = fc.constantFrom('8.5', '8,5', '1,900', '300', '०.५', '0', '1900rs')
    const separator = fc.constantFrom(' ', '  ', ', ', ';', ' / ', '\n', '\t', '#', '*', ' ; ')
    fc.assert(
      fc.property(fc.array(number, { minLength: 1 }), separator, (numbers, between) => {
        expect(splitLine(numbers.join(between))).toEqual(numbers)
      }),
    )
  })

  it('stays fast on 10,000 characters', () => {
    for (const part of [
      '1',
      '1 ',
      '1 1/2 ',
      '8 hours 30 ',
      'a,',
      '"',
      '“',
      ',',
      '1,',
      '/',
      ' /',
      ';',
      '1 h ',
      '8.5,1900 ',
    ]) {
      expectFast(() => {
        splitLine(part.repeat(10_000 / part.length))
      })
    }
  })
})
