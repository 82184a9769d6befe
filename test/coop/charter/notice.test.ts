// The fingerprint of a notice: the same for the same words, another for anything else.
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Purpose } from '../../../src/coop/charter/charter.ts'
import { charterHash, noticeHash, noticeText } from '../../../src/coop/charter/notice.ts'

const purpose: Purpose = {
  id: 'pay',
  name: { en: 'Pay', fr: 'Paie' },
  notice: { version: 2, text: { en: 'We keep it – 2 years.', fr: 'Gardé 2 ans.' } },
  retired: false,
}
const changed = (notice: Partial<Purpose['notice']>): Purpose => ({
  ...purpose,
  notice: { ...purpose.notice, ...notice },
})

test('is over the text that is not folded, with purpose, version and language before it', () => {
  const canonical = 'coopline notice\npay\n2\nen\nWe keep it – 2 years.'
  expect(noticeHash(purpose, 'en')).toBe(createHash('sha256').update(canonical).digest('hex'))
})

test('changes with every part, and not with how an accent is composed', () => {
  const hash = noticeHash(purpose, 'fr')
  expect(noticeHash(changed({ text: { fr: 'Gardé 2 ans.'.normalize('NFD') } }), 'fr')).toBe(hash)
  const others = [
    noticeHash(purpose, 'en'),
    noticeHash(changed({ version: 3 }), 'fr'),
    noticeHash({ ...purpose, id: 'pay2' }, 'fr'),
    noticeHash(changed({ text: { fr: 'Garde 2 ans.' } }), 'fr'),
  ]
  expect(new Set([hash, ...others]).size).toBe(5)
})

test('a language without a text is our fault, and says so', () => {
  expect(() => noticeText(purpose, 'hi')).toThrow('purpose "pay" has no text in "hi"')
})

test("a charter's file is the same file whatever its line ends", () => {
  expect(charterHash('a: 1\r\nb: 2\r\n')).toBe(charterHash('a: 1\nb: 2\n'))
})
