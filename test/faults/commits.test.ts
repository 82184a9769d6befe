// The line to Postgres breaks at a COMMIT, before it arrived or before its answer did; and it stands still for a
// while. Nobody knows then whether it was one: each message acts once all the same, and is answered once.
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addressOn } from '../../src/coop/members/address.ts'
import type { Verdict } from '../stage/cut_line.ts'
import { holdMember } from './hold.ts'
import { length, limit, sleep, until } from './lengths.ts'
import { expectAllKept, steady } from './load.ts'
import { type Person, sayOf } from './phones.ts'
import { type FaultStage, faultStage } from './stage.ts'
import { expectSafe, gatherTruth } from './truth.ts'

let stage: FaultStage
const stepMs = length(4000, 6000)
beforeAll(async () => {
  stage = await faultStage({ wired: true, set: { COOPLINE_STEP_MS: String(stepMs) } })
})
afterAll(() => stage?.end())

const isCommit = (piece: Buffer): boolean => piece.toString('latin1').toLowerCase().includes('commit\0')

/** Cuts at each n-th COMMIT that passes; gives how many it was. */
function cutAtCommits(verdict: Verdict, nth: number): () => number {
  let seen = 0
  let cuts = 0
  stage.line?.watch((piece) => {
    if (!isCommit(piece) || ++seen % nth > 0) return 'pass'
    cuts++
    return verdict
  })
  return () => cuts
}

test.for(['cut_before', 'cut_after'] as const)(
  '%s a COMMIT: each message acts once',
  limit(60),
  async (verdict) => {
    const people = await stage.join(60)
    const cuts = cutAtCommits(verdict, 3)
    const posts = await steady(stage, people, { perSecond: 40, ms: length(3000, 20_000) })
    stage.line?.watch(() => 'pass')
    expect(cuts()).toBeGreaterThan(length(5, 40))
    expectAllKept(posts)
    const { reports } = await expectSafe(stage)
    const sids = reports.map(({ sid }) => sid)
    expect(posts.map(({ sid }) => sids.filter((each) => each === sid).length)).toEqual(posts.map(() => 1))
  },
)

const phoneOf = (person: Person) => stage.carrier.received(addressOn('sms', person.phone)).map(({ body }) => body)

test('a member who is held for long is put aside, and answered once by the outbox', limit(60), async () => {
  const [person, other] = await stage.join(2)
  if (!person || !other) throw new Error('nobody joined')
  const post = await holdMember(stage, person, async () => {
    const held = stage.phones.text(person, 'SHIFT 8.5 1900 300')
    expect(sayOf(await stage.phones.text(other, 'SHIFT 8.5 1900 300'))).toMatch(/^Saved: /)
    const { status, twiml, sid } = await held
    expect({ status, said: sayOf({ ...(twiml && { twiml }) }) }).toEqual({ status: 200, said: '' })
    return { sid }
  })
  await until('she is answered', () => phoneOf(person).length > 0)
  await stage.phones.text(person, 'SHIFT 8.5 1900 300', { sid: post.sid })
  await expectSafe(stage)
  expect(phoneOf(person)).toEqual([expect.stringMatching(/^Saved: /)])
})

test('the line stands still and she hangs up: later her message has acted, once', limit(60), async () => {
  const people = await stage.join(5)
  stage.line?.hold()
  const posts = people.map((person) => stage.phones.text(person, 'SHIFT 8.5 1900 300'))
  await sleep(length(5000, 20_000))
  stage.line?.release()
  const sids = (await Promise.all(posts)).map(({ sid }) => sid)
  for (const [at, person] of people.entries())
    await stage.phones.insist(person, 'SHIFT 8.5 1900 300', { sid: sids[at] ?? '' })
  await expectSafe(stage)
  const { reports } = await gatherTruth(stage)
  expect(sids.map((sid) => reports.filter((each) => each.sid === sid).length)).toEqual(sids.map(() => 1))
  const { rows } = await sql`select from outbox where inbound_sid = any(${sids}::text[])`.execute(stage.db)
  expect(rows.length).toBeLessThanOrEqual(sids.length)
})
