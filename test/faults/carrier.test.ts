// The carrier at its worst, under a broadcast: whatever it answers, or does not, each is called once and nobody
// twice; whoever has opted out is not called, and what is unclear stays so until the carrier itself tells.
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FaultName } from '../../src/carrier/carrier.ts'
import { addressOn } from '../../src/coop/members/address.ts'
import { length, limit, until } from './lengths.ts'
import type { Person } from './phones.ts'
import { type FaultStage, faultStage } from './stage.ts'
import { expectSafe, untilQuiet } from './truth.ts'
import { clearRoll, openQuick } from './votes.ts'

let stage: FaultStage
beforeAll(async () => {
  stage = await faultStage()
})
afterAll(() => stage?.end())

const calls = ({ phone }: Person, slug: string, channel: 'sms' | 'whatsapp' = 'sms'): number =>
  stage.carrier.received(addressOn(channel, phone)).filter(({ body }) => body.includes(slug)).length

const passing: readonly FaultName[] = [
  'too_many_requests',
  'server_error',
  'bad_gateway',
  'reset_before',
  'reset_after',
  'hang_before',
  'hang_after',
  'garbled_answer',
  'lose_callback',
  'repeat_callback',
  'reorder_callbacks',
]

test('every fault at once: each is called once', limit(60), async () => {
  await clearRoll(stage)
  const people = await stage.join(length(60, 200))
  const times = length(2, 6)
  for (const fault of passing) stage.carrier.faults.order({ fault, times, seconds: 0.2 })
  for (const person of people.slice(0, 3))
    stage.carrier.faults.order({ fault: 'refuse', code: 21610, to: addressOn('sms', person.phone) })
  await openQuick(stage, 'faulty')
  await untilQuiet(stage, 45_000)
  expect(people.map((person) => calls(person, 'faulty'))).toEqual(people.map((_, at) => (at < 3 ? 0 : 1)))
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from contacts where blocked_at is not null`.execute(stage.db)
  expect(rows[0]?.count).toBe(3)
  await expectSafe(stage)
})

test('accepted without a word: it stays unknown until a callback or the list tells', limit(40), async () => {
  await clearRoll(stage)
  const people = await stage.join(6)
  stage.carrier.faults.order({ fault: 'reset_after', times: 6 })
  stage.carrier.faults.order({ fault: 'lose_callback', times: 3 * people.length })
  await openQuick(stage, 'unclear')
  const states = async () => {
    const { rows } = await sql<{ state: string; searches: number }>`
      select state, searches from outbox
      where broadcast_id = (select id from broadcasts where proposal = 'unclear')`.execute(stage.db)
    return rows
  }
  await until('all six are unclear', async () => {
    const rows = await states()
    return rows.length === 6 && rows.every(({ state }) => state === 'unknown')
  })
  await untilQuiet(stage)
  expect(await states()).toEqual(people.map(() => ({ state: 'accepted', searches: 0 })))
  expect(people.map((person) => calls(person, 'unclear'))).toEqual(people.map(() => 1))
  stage.carrier.faults.clear()
  await expectSafe(stage)
})

test(
  'many windows have closed at once: all are called by SMS, and every callback is taken',
  limit(40),
  async () => {
    await clearRoll(stage)
    const people = await stage.join(length(40, 200))
    await openQuick(stage, 'before')
    // Not through the carrier: it knows of no window of theirs.
    await Promise.all(people.map((person) => stage.phones.vote(person, 'before', 1)))
    await untilQuiet(stage)
    await openQuick(stage, 'after')
    await untilQuiet(stage)
    expect(people.map((person) => calls(person, 'after'))).toEqual(people.map(() => 1))
    expect(stage.webs().flatMap((web) => web.log().match(/"request_failed".*/g) ?? [])).toEqual([])
    await expectSafe(stage)
  },
)
