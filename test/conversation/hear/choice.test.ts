import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readChoice } from '../../../src/conversation/hear/choice.ts'
import { expectFast } from './expect_fast.ts'

const ballot = [
  { digit: 1, names: ['For', 'पक्ष में'] },
  { digit: 2, names: ['Against', 'विरोध'] },
  { digit: 3, names: ['Abstain'] },
]
const vote = (said: string) => readChoice(said, ballot, 'digits')
const named = (said: string) => readChoice(said, ballot, 'names')

describe('readChoice', () => {
  it.each(['1', ' 1 ', '1.', '1)', '(1)', '#1', '"1"', '*1*', '१', '١', '１', '1️⃣', '1\u200b', '1\n'])(
    '%j is option 1',
    (said) => expect(vote(said)).toBe(1),
  )

  it.each(['1 For', '1 - For', '1. for', '1) FOR.', '1=For', '1: For', '1 – for', '१ पक्ष में'])(
    '%j names digit and option alike',
    (said) => expect(vote(said)).toBe(1),
  )

  it.each([
    '',
    '0',
    '4',
    '12',
    '1 2',
    '1,2',
    '1.5',
    '-1',
    '+1',
    '01',
    '1.0',
    '0x1',
    '1e0',
    '1 1',
    '1?',
    '11',
    '1st',
  ])('%j is not understood', (said) => {
    expect(vote(said)).toBeUndefined()
    expect(named(said)).toBeUndefined()
  })

  it.each(['1 Against', '1 Fo', '1 forr', 'option 1', 'one', 'yes', '1 or 2', '1 maybe', 'For 1', '1For'])(
    '%j is never guessed',
    (said) => {
      expect(vote(said)).toBeUndefined()
      expect(named(said)).toBeUndefined()
    },
  )

  it('takes a whole name only where names are allowed', () => {
    for (const said of ['for', ' FOR! ', '“For”']) {
      expect(named(said)).toBe(1)
      expect(vote(said)).toBeUndefined()
    }
    expect(named('विरोध')).toBe(2)
    expect(named('abs')).toBeUndefined()
    expect(named('against it')).toBeUndefined()
  })

  it('gives none where two options go by the name, and lets digits win over names made of digits', () => {
    const twins = [
      { digit: 1, names: ['Yes'] },
      { digit: 2, names: ['yes', '1'] },
    ]
    expect(readChoice('yes', twins, 'names')).toBeUndefined()
    expect(readChoice('2 yes', twins, 'names')).toBe(2)
    expect(readChoice('1', twins, 'names')).toBe(1)
    expect(readChoice('2 1', twins, 'names')).toBeUndefined()
  })

  it('never answers with a digit that is not on offer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (said) => [undefined, 1, 2, 3].includes(named(said))),
      { numRuns: 500 },
    )
  })

  it('stays fast on 10,000 characters', () => {
    for (const said of [`1${' '.repeat(10_000)}x`, `1 ${'#'.repeat(10_000)}`, `1 ${'a'.repeat(10_000)}`]) {
      expectFast(() => {
        named(said)
      })
    }
  })
})
