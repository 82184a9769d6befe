// A charter is rehearsed before it is in force: what it makes too long is named.
import { expect, test } from 'vitest'
import type { Applied } from '../../src/coop/charter/charter.ts'
import { tooLongIn } from '../../src/messaging/rehearse.ts'
import { drivers, market } from '../flows/coops.ts'

test.each([drivers, market])('the example of $id has nothing that is too long', (charter) => {
  expect(tooLongIn(charter)).toEqual([])
})

const long = 'a'.repeat(140)
const said = (change: Partial<Applied>) =>
  tooLongIn({ ...drivers, languages: ['en'], ...change }).map(({ what }) => what)

test('a text of its own that makes a member read two segments is named', () => {
  expect(said({ about: { en: long } })).toEqual(['what the co-op is (about)'])
  expect(said({ about: { en: long }, joining: 'invited' })).toEqual(['what the co-op is (about)'])
  expect(said({ human: { en: long } })).toContain('whom to ask (human)')
  const purposes = drivers.purposes.map((purpose) => ({ ...purpose, name: { en: 'a'.repeat(60) } }))
  expect(said({ purposes })).toEqual(['the list of uses of data'])
})

test('a question is measured with what is wrong with an answer to it', () => {
  const [form] = drivers.forms
  if (!form) throw new Error('the example has no form')
  const questions = form.questions.map((each) =>
    each.id === 'gross' ? { ...each, ask: { en: 'a'.repeat(125) } } : each,
  )
  expect(said({ forms: [{ ...form, questions }] })).toEqual([
    'question gross of form shift, asked again after "9999999",',
  ])
})
