// The safety checker itself: a run in which all is well passes, and each broken promise is named.
import { expect, test } from 'vitest'
import { beginning, nextEvent } from '../../src/coop/consents/ledger.ts'
import { messageTwiml } from '../../src/twilio/twiml.ts'
import { type Truth, violations } from './checker.ts'

const event = nextEvent(beginning, {
  member_id: 1,
  coop_id: 'drivers',
  action: 'given',
  purpose: 'pay-medians',
  notice_version: 1,
  notice_hash: Buffer.alloc(32),
  language: 'en',
  channel: 'sms',
  message_id: 'SM1',
  receipt: 'ABCDEF',
  at: new Date(0),
})
const post = (sid: string, said: string) => ({
  sid,
  from: 'sms:+447700900301' as const,
  body: 'x',
  status: 200,
  twiml: messageTwiml(said, 'http://x/status'),
  ms: 1,
})
const kept = (sid: string, reply: string) => ({
  sid,
  state: 'handled' as const,
  reply,
  statesFact: true,
  member: 1,
})
const row = { id: 1, class: 'call', state: 'accepted', attempts: 1, carrierId: 'SMa', to: 'sms:+447700900301' }
const carried = { id: 'SMa', to: 'sms:+447700900301', body: 'Vote', failed: false }

const well: Truth = {
  posts: [post('SM1', 'On: Pay.'), post('SM2', 'Counted: For.'), post('SM3', 'Saved: Mon.')],
  messages: [kept('SM1', 'On: Pay.'), kept('SM2', 'Counted: For.'), kept('SM3', 'Saved: Mon.')],
  consents: [event],
  ballots: [{ vote: 'fuel', member: 1, option: 1, sid: 'SM2' }],
  reports: [{ member: 1, sid: 'SM3' }],
  votes: [{ slug: 'fuel', closed: true, counts: [1, 0, 0] }],
  outbox: [row],
  carried: [carried],
}

test('all is well', () => {
  expect(violations(well)).toEqual([])
  expect(violations({ ...well, posts: [...well.posts, ...well.posts] })).toEqual([])
})

const broken: Readonly<Record<string, Partial<Truth>>> = {
  'SM1 was answered with 200 and is not kept': { messages: well.messages.slice(1), consents: [] },
  'SM1 was answered with other words than are kept': { posts: [post('SM1', 'On: Other.'), ...well.posts.slice(1)] },
  'SM1: a consent was said, not kept': { consents: [] },
  'SM2: a ballot was said to count and there is none of hers': { ballots: [], votes: [] },
  'SM3: a report was said, not kept': { reports: [] },
  'a report is of SM9, which is not handled': { reports: [...well.reports, { member: 1, sid: 'SM9' }] },
  'SM3 made two of a report': { reports: [...well.reports, ...well.reports] },
  'the chain of member 1 breaks at 1': { consents: [{ ...event, purpose: 'city-study' }] },
  'vote fuel was counted 0,1,0, its ballots are 1,0,0': {
    votes: [{ slug: 'fuel', closed: true, counts: [0, 1, 0] }],
  },
  'row 1 is accepted and the carrier does not have it': { carried: [] },
  'two rows are one message of the carrier, SMa': { outbox: [row, { ...row, id: 2 }] },
  'SMa was sent 2 times': { carried: [carried, { ...carried, id: 'SMb' }] },
  'the carrier sent SMc, which no row asked for': {
    carried: [carried, { ...carried, id: 'SMc', to: 'sms:+447700900302' }],
  },
}

test.for(Object.entries(broken))('%s', ([said, change]) => {
  expect(violations({ ...well, ...change })).toContain(said)
})

test('an answer may go twice, and a message that failed counts for nothing', () => {
  const twice = [carried, { ...carried, id: 'SMb' }]
  expect(violations({ ...well, outbox: [{ ...row, class: 'answer' }], carried: twice })).toEqual([])
  expect(violations({ ...well, carried: [carried, { ...carried, id: 'SMb', failed: true }] })).toEqual([])
})
