// Notice, call and outcome of every example proposal fit their segments in every language, with the largest figures.
import { describe, expect, test } from 'vitest'
import type { Proposal } from '../../src/coop/votes/proposal.ts'
import type { Outcome } from '../../src/coop/votes/tally.ts'
import type { Vote } from '../../src/coop/votes/vote.ts'
import { type Broadcast, type Measure, mostSegments, refuseLong, voteWords } from '../../src/coop/votes/words.ts'
import { countSegments } from '../../src/messaging/speak/segments.ts'
import { speak } from '../../src/messaging/speak/speak.ts'
import { market, spoken } from '../flows/coops.ts'
import { now, proposalsOf } from '../flows/worlds.ts'

const voteOf = (proposal: Proposal, coop: string, result: Outcome['result']): Vote => ({
  ...proposal,
  coop,
  kind: 'any',
  rule: { by: 'majority', share: { part: 1, whole: 2 }, reach: 'above' },
  anyHour: false,
  charterVersion: 1,
  noticedAt: now,
  opensAt: Date.parse('2026-09-30T05:30:00Z'),
  roll: 99_999,
  quorum: 33_333,
  outcome: { result, counts: [49_999, 40_000, 10_000], turnout: 99_999, roll: 99_999, quorum: 33_333 },
})

describe.each(spoken)('$charter.id in $language', ({ charter, language }) => {
  const kinds: Broadcast[] = ['notice', 'call', 'outcome']
  test.each(proposalsOf(charter))('$slug', (proposal) => {
    const texts = (['passed', 'failed', 'chosen', 'tied', 'no_quorum', 'withdrawn'] as const).flatMap((result) => {
      const vote = voteOf(proposal, charter.id, result)
      return kinds.map((kind) => speak(voteWords(kind, vote), { charter, language, channel: 'sms' }))
    })
    const tooLong = texts.filter((text) => countSegments(text).segments > mostSegments(language))
    expect(tooLong).toEqual([])
  })
})

test('a vote is refused where any of its options would make the outcome too long', () => {
  const long = { en: 'Saturday at the Nakuru town hall', sw: 'Jumamosi ukumbini Nakuru mjini kabisa' }
  const options = [{ en: 'Tue', sw: 'Jnne' }, long, { en: 'Sunday', sw: 'Jumapili' }]
  const [proposal] = proposalsOf(market)
  if (!proposal) throw new Error('the example has no proposal')
  const text = { en: 'Which day?', sw: 'Siku gani?' }
  const vote = {
    ...voteOf({ ...proposal, text, options }, 'market', 'chosen'),
    rule: { by: 'plurality' },
    roll: 200,
  } as const
  const measure: Measure = (replies, language) =>
    countSegments(speak(replies, { charter: market, language, channel: 'sms' })).segments
  expect(() => refuseLong(market, vote, measure)).toThrow('the outcome in sw takes 2 SMS segments')
})
