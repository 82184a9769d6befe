import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readHours, readNumber } from '../../../src/conversation/hear/number.ts'
import { unitWords } from '../../../src/conversation/hear/units.ts'
import { expectFast } from './expect_fast.ts'

describe('readNumber', () => {
  it.each([
    ['8.5', 850],
    ['8,5', 850],
    ['८.५', 850],
    ['1,234.5', 123450],
    ['1.234,5', 123450],
    ['1 234,5', 123450],
    ['1\u202f234,5', 123450],
    ["1'234", 123400],
    ['1’234', 123400],
    ["8'5", 850],
    ['12’50 €', 1250],
    ["1.234'50", 123450],
    ["1'234'50", 123450],
    ['1,23,456', 12345600],
    ['१,२३,४५६.७५', 12345675],
    ['1,234,567.89', 123456789],
    ['1.234.567,89', 123456789],
    ['١٬٢٣٤٫٥', 123450],
    ['1,234', 123400],
    ['1.234', 123400],
    ['0.123', undefined],
    ['1234,567', undefined],
    ['8.5.', 850],
    ['.5', 50],
    ['½', 50],
    ['8½', 850],
    ['8 ½', 850],
    ['8 1/2', 850],
    ['८ ३/४', 875],
    ['साढ़े 8', 850],
    ['सा\u095dे ८', 850],
    ['साढे 8 घंटे', 850],
    ['Saadhe 8', 850],
    ['sadhe 8 hrs', 850],
    ['सवा 8', 825],
    ['sava 8', 825],
    ['पौने 8', 775],
    ['paune 8', 775],
    ['साढ़े 8.5', undefined],
    ['saadhe 8:30', undefined],
    ['saadhe 8 sau', undefined],
    ['sawa 8', undefined],
    ['Rs 1,900 1/4', 190025],
    ['8.5 1/2', undefined],
    ['8 1/3', undefined],
    ['8 1/2/3', undefined],
    ['1/2', undefined],
    ['-5', -500],
    ['−5', -500],
    ['Rs -5', -500],
    ['-0', 0],
    ['100.00', 10000],
    ['007', 700],
  ])('%j is %j hundredths', (said, size) => expect(readNumber(said, 2)).toBe(size))

  it.each([
    'Rs 1900',
    'Rs.1900',
    'rs. 1,900',
    '₹1,900/-',
    '1900 rs',
    '1900/=',
    'KSh 1900',
    '1900 रुपये',
    'INR1900.',
    '1900 km',
  ])('%j is 1900', (said) => expect(readNumber(said, 0)).toBe(1900))

  it.each([
    ...[
      '',
      'abc',
      'Rs',
      '1 2',
      '19 00',
      '1,2,3',
      '1,234 567',
      '5-8',
      '8 - 9',
      '--5',
      '5-',
      '1. 5',
      '1..5',
      '1.2.3,4',
    ],
    ...[
      '1e10',
      '0x1',
      '5%',
      '5k',
      '5 min',
      '2 quintal',
      '3 lakh',
      'about 5',
      '5 or 6',
      '12345678901234567890',
      'NaN',
    ],
    ...['1٫2٫3', '5 constructor'],
  ])('%j is no number', (said) => expect(readNumber(said, 2)).toBeUndefined())

  it('never rounds, and knows its bounds', () => {
    expect(readNumber('8.55', 1)).toBeUndefined()
    expect(readNumber('8.50', 1)).toBe(85)
    expect(readNumber('8.0', 0)).toBe(8)
    expect(readNumber('1,234', 3)).toBe(1234)
    expect(readNumber('90071992547409.91', 2)).toBe(Number.MAX_SAFE_INTEGER)
    expect(readNumber('90071992547409.92', 2)).toBeUndefined()
  })

  it('takes only the units of the field', () => {
    expect(readNumber('8 h', 2, unitWords.money)).toBeUndefined()
    expect(readNumber('Rs 8', 2, unitWords.money)).toBe(800)
    expect(readNumber('8 trips', 0, new Set(['trips']))).toBe(8)
  })

  it('reads back every way a number is written', () => {
    const styles = ['en', 'de', 'fr', 'en-IN', 'de-CH', 'hi-u-nu-deva', 'sw', 'es', 'ar-EG', 'fa', 'bn', 'mr', 'ta']
    const hundredths = fc.integer({ min: -1e13, max: 1e13 })
    fc.assert(
      fc.property(hundredths, fc.constantFrom(...styles), (size, style) => {
        const written = new Intl.NumberFormat(style, { minimumFractionDigits: 2 }).format(size / 100)
        expect([written, readNumber(written, 2)]).toEqual([written, size])
      }),
      { numRuns: 1000 },
    )
  })

  it('is a safe integer or nothing, whatever is typed', () => {
    const unit = fc.oneof(
      fc.constantFrom(..."0123456789.,' -+₹hrs½٫٬१"),
      fc.string({ unit: 'grapheme', maxLength: 1 }),
    )
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), fc.integer({ min: 0, max: 4 }), (said, decimals) => {
        for (const size of [readNumber(said, decimals), readHours(said, decimals)])
          expect(size === undefined || (Number.isSafeInteger(size) && !Object.is(size, -0))).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('stays fast on 10,000 characters', () => {
    for (const part of ['1', '1,', ' ', '½', '.', '1 ', 'h', '8h30']) {
      expectFast(() => {
        readNumber(part.repeat(10_000 / part.length), 2)
        readHours(part.repeat(10_000 / part.length), 2)
      })
    }
  })
})

describe('readHours', () => {
  it.each([
    ['8:30', 850],
    ['8h30', 850],
    ['8h 30m', 850],
    ['8 hrs 30 min', 850],
    ['8 hours and 5 minutes', 808],
    ['8 horas y media', 850],
    ['8 y media', 850],
    ['8 heures et demie', 850],
    ['8h et demie', 850],
    ['saa 8 na nusu', 850],
    ['masaa 8 na nusu', 850],
    ['8 and a half hours', 850],
    ['8.5 y media', undefined],
    ['8 y media docena', undefined],
    ['८ घंटे ३० मिनट', 850],
    ['masaa 8 na dakika 30', 850],
    ['45 min', 75],
    ['8:20', 833],
    ['8.5 hrs', 850],
    ['8½h', 850],
    ['saa 8', 800],
    ['8', 800],
  ])('%j is %i hundredths of an hour', (said, size) => expect(readHours(said, 2)).toBe(size))

  it.each(['8:60', '8:5', 'Rs 8', '8 km', '8:30:00', 'eight'])('%j is not understood', (said) =>
    expect(readHours(said, 2)).toBeUndefined(),
  )

  it('takes only minutes that a coarse field can hold', () => {
    expect(readHours('8:30', 1)).toBe(85)
    expect(readHours('8:20', 1)).toBeUndefined()
    expect(readHours('8:30', 0)).toBeUndefined()
    expect(readHours('8:00', 0)).toBe(8)
  })
})
