import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
import { describe, expect, it } from 'vitest'
import { countSegments, isGsm7 } from '../../../src/messaging/speak/segments.ts'
import { expectFast } from '../../conversation/hear/expect_fast.ts'

const a = (times: number) => 'a'.repeat(times)
const oracle = (text: string) => {
  const message = new SegmentedMessage(text, 'auto', false)
  return { segments: message.segmentsCount, encoding: message.encodingName }
}
const ours = (text: string) => {
  const { segments, encoding } = countSegments(text)
  return { segments, encoding }
}

describe('countSegments', () => {
  it.each([
    ['', 1, 'GSM-7', 0],
    [a(160), 1, 'GSM-7', 160],
    [a(161), 2, 'GSM-7', 161],
    [a(306), 2, 'GSM-7', 306],
    [a(307), 3, 'GSM-7', 307],
    ['€'.repeat(80), 1, 'GSM-7', 160],
    [`${a(159)}€`, 2, 'GSM-7', 161],
    [`${a(152)}€${a(152)}`, 3, 'GSM-7', 306],
    ['न'.repeat(70), 1, 'UCS-2', 70],
    ['न'.repeat(71), 2, 'UCS-2', 71],
    ['न'.repeat(134), 2, 'UCS-2', 134],
    [`${'न'.repeat(66)}😀${'न'.repeat(66)}`, 3, 'UCS-2', 134],
    ['ç', 1, 'UCS-2', 1],
    ['Ç', 1, 'GSM-7', 1],
  ])('%j takes %i', (text, segments, encoding, units) =>
    expect(countSegments(text)).toEqual({ segments, encoding, units }),
  )

  it("agrees with Twilio's own calculator wherever a character is one code point", () => {
    const letter = fc.constantFrom(...'aZ1 \n\r\f€[]~é@ΔΣñ')
    const other = fc.constantFrom(...'çáनकஅ“₹`', '😀', '🗳', '𝟙')
    const text = fc.oneof(
      fc.string({ unit: letter, maxLength: 700, size: 'max' }),
      fc.string({ unit: fc.oneof(letter, other), maxLength: 300, size: 'max' }),
    )
    fc.assert(
      fc.property(text, (each) => {
        expect(ours(each)).toEqual(oracle(each))
      }),
      { numRuns: 300 },
    )
  }, 30_000)

  // The calculator also keeps a letter and its vowel signs in one part, which phones and networks do not promise.
  it('never counts more than the calculator where letters carry marks', () => {
    const cluster = fc.constantFrom('कि', 'क्ष', 'नु', 'é', 'ড়', ' ', 'மு')
    fc.assert(
      fc.property(fc.string({ unit: cluster, maxLength: 200, size: 'max' }), (text) => {
        expect(ours(text).segments).toBeLessThanOrEqual(oracle(text).segments)
        expect(ours(text).encoding).toBe(oracle(text).encoding)
      }),
      { numRuns: 100 },
    )
  }, 30_000)

  it('agrees on every character of the basic plane', () => {
    for (let unit = 0; unit < 0xd800; unit += unit < 0x2100 ? 1 : 97) {
      const character = String.fromCharCode(unit)
      expect([character, isGsm7(character)]).toEqual([character, oracle(character).encoding === 'GSM-7'])
    }
  })

  it('stays fast on 10,000 characters', () => {
    expectFast(() => {
      countSegments('😀'.repeat(5_000))
      countSegments(`${a(10_000)}€`)
    })
  })
})
