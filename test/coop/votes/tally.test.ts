// The count, against the sentences of the bylaws in whole-number arithmetic with BigInt.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leaders, quorumOf, type Rule, tally } from '../../../src/coop/votes/tally.ts'

const half: Rule = { by: 'majority', share: { part: 1, whole: 2 }, reach: 'above' }
const thirds: Rule = { by: 'majority', share: { part: 2, whole: 3 }, reach: 'at_least' }
const most: Rule = { by: 'plurality' }

describe('quorum', () => {
  test.each([
    [43, 50, 5, 22],
    [100, 20, 5, 20],
    [101, 20, 5, 21],
    [10, 20, 5, 5],
    [1, 50, 1, 1],
    [3, 0, 1, 1],
    [7, 100, 1, 7],
  ])('of a roll of %i at %i%%, at least %i: %i', (roll, percent, least, needed) => {
    expect(quorumOf(roll, { percent, least })).toBe(needed)
  })

  test('is the least number of ballots that reaches the percentage', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(100), (roll, percent) => {
        const needed = BigInt(quorumOf(roll, { percent, least: 1 }))
        const share = BigInt(roll) * BigInt(percent)
        expect(needed * 100n >= share).toBe(true)
        expect(needed === 1n || (needed - 1n) * 100n < share).toBe(true)
      }),
    )
  })
})

describe('majority', () => {
  test.each([
    ['a tie fails', [5, 5, 0], half, 'failed'],
    ['one more than half passes', [6, 5, 0], half, 'passed'],
    ['abstentions are not in its base', [2, 1, 50], half, 'passed'],
    ['two thirds exactly is at least two thirds', [20, 10, 0], thirds, 'passed'],
    ['one short of two thirds fails', [19, 10, 0], thirds, 'failed'],
    ['nobody for, nobody against: it fails', [0, 0, 9], thirds, 'failed'],
    ['the same of "above"', [0, 0, 9], half, 'failed'],
  ] as const)('%s', (_, counts, rule, result) => {
    expect(tally(counts, rule, 100, 1).result).toBe(result)
  })

  test('passes exactly where the sentence of the bylaw holds', () => {
    const share = fc.record({ part: fc.integer({ min: 1, max: 9999 }), whole: fc.integer({ min: 1, max: 9999 }) })
    const reach = fc.constantFrom('above' as const, 'at_least' as const)
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(1e6), fc.nat(1e6), share, reach, (favour, against, abstained, of, how) => {
        fc.pre(favour + against + abstained > 0)
        const left = BigInt(favour) * BigInt(of.whole)
        const right = BigInt(favour + against) * BigInt(of.part)
        const holds = how === 'above' ? left > right : left >= right && favour > 0
        const { result } = tally([favour, against, abstained], { by: 'majority', share: of, reach: how }, 3e6, 1)
        expect(result).toBe(holds ? 'passed' : 'failed')
      }),
    )
  })
})

describe('plurality', () => {
  test('one leader is chosen, several are tied', () => {
    expect(tally([3, 4, 1], most, 10, 1).result).toBe('chosen')
    expect(tally([4, 4, 1], most, 10, 1).result).toBe('tied')
    expect(leaders([4, 1, 4])).toEqual([1, 3])
    expect(leaders([0, 0])).toEqual([])
  })
})

test('without a quorum nothing passes, and abstaining counts towards it', () => {
  expect(tally([9, 0, 0], half, 20, 10).result).toBe('no_quorum')
  expect(tally([9, 0, 1], half, 20, 10)).toEqual({
    result: 'passed',
    counts: [9, 0, 1],
    turnout: 10,
    roll: 20,
    quorum: 10,
  })
})

test('more ballots than the roll has members is never an outcome', () => {
  expect(() => tally([3], half, 2, 1)).toThrow('3 ballots of a roll of 2')
})
