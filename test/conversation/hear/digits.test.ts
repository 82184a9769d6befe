import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldDigits } from '../../../src/conversation/hear/digits.ts'
import { expectFast } from './expect_fast.ts'

const everyDigit = [...Array(0x1fc00).keys()]
  .map((point) => String.fromCodePoint(point))
  .filter((c) => /\p{Nd}/u.test(c))

describe('foldDigits', () => {
  it('reads the digits of the scripts that members write', () => {
    const written = [
      '०१२३४५६७८९',
      '٠١٢٣٤٥٦٧٨٩',
      '۰۱۲۳۴۵۶۷۸۹',
      '০১২৩৪৫৬৭৮৯',
      '૦૧૨૩૪૫૬૭૮૯',
      '௦௧௨௩௪௫௬௭௮௯',
      '０１２３４５６７８９',
    ]
    for (const digits of written) expect(foldDigits(digits)).toBe('0123456789')
  })

  it('knows every decimal digit of Unicode: each script has ten, in order', () => {
    const values = everyDigit.map((digit) => Number(foldDigits(digit)))
    expect(values.length).toBeGreaterThan(600)
    expect(values).toEqual(values.map((_, place) => place % 10))
  })

  it('reads keycaps and mixed scripts, and leaves the rest alone', () => {
    expect(foldDigits('1️⃣ 2⃣')).toBe('1 2')
    expect(foldDigits('१2३')).toBe('123')
    expect(foldDigits('नमस्ते ½ é')).toBe('नमस्ते ½ é')
  })

  it('is the identity on ASCII and idempotent everywhere', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => foldDigits(text) === text))
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => foldDigits(foldDigits(text)) === foldDigits(text)),
    )
  })

  it('stays fast on 10,000 digits', () => {
    expectFast(() => {
      foldDigits('९'.repeat(10_000))
    })
  })
})
