import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldForSms } from '../../../src/messaging/speak/fold.ts'
import { countSegments, isGsm7 } from '../../../src/messaging/speak/segments.ts'
import { expectFast } from '../../conversation/hear/expect_fast.ts'

describe('foldForSms', () => {
  it.each([
    ['Se contó: sí. Texto así “1”', 'Se conto: si. Texto asi "1"'],
    ['Être reçu à l’école', "Etre recu à l'école"],
    ['É è é ù ì ò Ñ ñ ü ö ä Ç ¿ ¡', 'É è é ù ì ò Ñ ñ ü ö ä Ç ¿ ¡'],
    ['₹1,900 – 8…', 'Rs1,900 - 8...'],
    ['1\u202f900\u00a0F\t`x`', "1 900 F 'x'"],
    ['3 × 4 • cœur', '3 x 4 - coeur'],
    ['e\u0301 a\u0301', 'é a'],
    ['Namastē ā ṣ ṇ', 'Namaste a s n'],
    ['plain', 'plain'],
    ['', ''],
  ])('%j goes as %j', (text, folded) => expect(foldForSms(text)).toBe(folded))

  it.each(['नमस्ते – “1”', 'Vote 😀 – sí', '8½ – h', 'Жизнь – 1', 'Łódź 日本'])('%j stays as it is', (text) =>
    expect(foldForSms(text)).toBe(text),
  )

  it('leaves a text that would take more parts', () => {
    const dots = '…'.repeat(70)
    expect(foldForSms(dots)).toBe(dots)
  })

  it('is untouched or pure GSM-7, idempotent, and no longer in parts', () => {
    const unit = fc.oneof(
      fc.constantFrom(...'aeiou áéíóúêçñ€“”’–…₹`\u00a0×→œ'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    )
    const mostlyLatin = fc.string({ unit: fc.constantFrom(...'ab áíç“₹…[\u0301'), maxLength: 250, size: 'max' })
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit, maxLength: 200 }), mostlyLatin), (text) => {
        const folded = foldForSms(text)
        expect(folded === text || isGsm7(folded)).toBe(true)
        expect(foldForSms(folded)).toBe(folded)
        expect(countSegments(folded).segments).toBeLessThanOrEqual(countSegments(text).segments)
      }),
      { numRuns: 1000 },
    )
  })

  it('stays fast on 10,000 characters', () => {
    expectFast(() => {
      for (const character of ['á', '₹', '\u0301', '…']) foldForSms(character.repeat(10_000))
    })
  })
})
