// A box gives back each reply at its place, whatever is blanked beside it.
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeKeys } from '../../src/store/keys.ts'
import { blankReplies, sealReplies, unsealReplies } from '../../src/store/reply_box.ts'
import { seal } from '../../src/store/seal.ts'
import { testFolder } from '../stage/folder.ts'

const keys = makeKeys(path.join(testFolder(), 'keys'))
const reply = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0'))
const replies = fc.array(reply, { minLength: 1, maxLength: 100 })

test('each comes back at its place, also in a box that was a single reply', () => {
  fc.assert(
    fc.property(replies, (texts) => {
      expect(unsealReplies(keys, sealReplies(keys, texts))).toEqual(texts)
      expect(unsealReplies(keys, seal(keys, texts[0] ?? '', 'inbound.reply'))).toEqual([texts[0]])
    }),
  )
})

test('what is blanked is gone and moves no other; a box in which nothing is left is none', () => {
  fc.assert(
    fc.property(replies, fc.func(fc.boolean()), (texts, goes) => {
      const places = new Set(texts.flatMap((text, at) => (goes(text) ? [at] : [])))
      const rest = blankReplies(keys, sealReplies(keys, texts), places)
      expect(rest === undefined).toBe(places.size === texts.length)
      if (rest) expect(unsealReplies(keys, rest)).toEqual(texts.map((text, at) => (places.has(at) ? '' : text)))
    }),
  )
})

test('a reply that would move those behind it is refused', () => {
  expect(() => sealReplies(keys, ['one', 'two\0three'])).toThrow('NUL')
})
