import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitLine } from '../../../src/conversation/hear/line.ts'
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
    ['8.5', ['8.5']],
    ['', []],
    [' ; ', []],
  ])('%j is %j', (line, answers) => expect(splitLine(line)).toEqual(answers))

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
    for (const part of ['1', '1 ', '"', '“', ',', '1,', '/', ' /', ';', '1 h ', '8.5,1900 ']) {
      expectFast(() => {
        splitLine(part.repeat(10_000 / part.length))
      })
    }
  })
})
