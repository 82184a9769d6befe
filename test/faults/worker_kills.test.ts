// Workers killed at each step of sending and of stepping what was put aside, and one that is frozen past its
// claims: no one is missed, and no one is called or answered twice by us.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addressOn } from '../../src/coop/members/address.ts'
import { moveClock } from '../../src/store/clock.ts'
import type { Child } from './child.ts'
import { holdMember } from './hold.ts'
import { length, limit, sleep, until } from './lengths.ts'
import type { Person } from './phones.ts'
import { type FaultStage, faultStage } from './stage.ts'
import { expectSafe } from './truth.ts'
import { clearRoll, openQuick } from './votes.ts'

let stage: FaultStage
let survivor: Child
beforeAll(async () => {
  stage = await faultStage({ webs: 1, workers: 0, set: { COOPLINE_STEP_MS: '600' } })
  survivor = await stage.start('worker')
  survivor.signal('SIGSTOP')
})
afterAll(() => stage?.end())

// The survivor sleeps until the victim is dead: it is as if it were started then, and quicker.
const heard = ({ phone }: Person, word: string): number =>
  stage.carrier.received(addressOn('sms', phone)).filter(({ body }) => body.includes(word)).length

const sending = [
  'before_chunk_commit',
  'after_chunk',
  'before_claim:2',
  'after_claim:2',
  'after_send_written:3',
  'before_update:5',
]

test.for(sending)('killed while it sends, at %s', limit(40), async (failpoint) => {
  await clearRoll(stage)
  const people = await stage.join(length(20, 200))
  const slug = `send-${failpoint.replaceAll(/[_:]/g, '-')}`
  await openQuick(stage, slug)
  const victim = await stage.start('worker', { COOPLINE_FAILPOINT: failpoint })
  expect(await victim.ended).toBe('SIGKILL')
  survivor.signal('SIGCONT')
  await expectSafe(stage)
  survivor.signal('SIGSTOP')
  expect(people.map((person) => heard(person, slug))).toEqual(people.map(() => 1))
})

const stepping = ['after_lock', 'before_commit', 'after_commit']

test.for(stepping)('killed while it steps what was put aside, at %s', limit(40), async (failpoint) => {
  const [person] = await stage.join(1)
  if (!person) throw new Error('nobody joined')
  const post = await holdMember(stage, person, () => stage.phones.text(person, 'SHIFT 8.5 1900 300'))
  expect(post.status).toBe(200)
  const victim = await stage.start('worker', { COOPLINE_FAILPOINT: failpoint })
  expect(await victim.ended).toBe('SIGKILL')
  // The next try is some seconds away.
  await moveClock(stage.db, 10)
  survivor.signal('SIGCONT')
  await until('she is answered', () => heard(person, 'Saved') > 0)
  const { reports } = await expectSafe(stage)
  survivor.signal('SIGSTOP')
  expect(heard(person, 'Saved')).toBe(1)
  expect(reports.filter(({ sid }) => sid === post.sid).length).toBe(1)
})

test('frozen while it sends, and thawed past its claims', limit(40), async () => {
  await clearRoll(stage)
  const people = await stage.join(16)
  stage.carrier.faults.order({ fault: 'hang_before', times: 16 })
  await openQuick(stage, 'frozen')
  const frozen = await stage.start('worker')
  await until('sixteen requests hang', () => stage.carrier.faults.pending().length === 0)
  frozen.signal('SIGSTOP')
  survivor.signal('SIGCONT')
  await sleep(length(4000, 10_000))
  frozen.signal('SIGCONT')
  await expectSafe(stage)
  expect(people.map((person) => heard(person, 'frozen'))).toEqual(people.map(() => 1))
})
