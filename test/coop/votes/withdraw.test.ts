// A vote taken back in its notice, on a real Postgres: who hears of it, that nobody can vote in it any more, and that an
// open one is never taken back.
import { CompiledQuery, sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { applyCharter } from '../../../src/coop/charter/queries.ts'
import {
  closeVote,
  draftOf,
  findVote,
  openVote,
  recipientsOf,
  runVotes,
  withdrawVote,
} from '../../../src/coop/votes/queries.ts'
import { readProposals } from '../../../src/coop/votes/world_queries.ts'
import { moveClock, standClock } from '../../../src/store/clock.ts'
import { sourceOf } from '../../stage/scenery.ts'
import { type CoopStage, coopStage, drivers, motion } from '../stage.ts'

let stage: CoopStage
let members: number[]
const open = (slug: string, more = 'kind: ordinary') =>
  openVote(stage.db, { charter: drivers, motion: motion(slug, more), measure: () => 1 })
const withdraw = (slug: string) => withdrawVote(stage.db, { coop: 'drivers', slug, by: 'suman' })

beforeAll(async () => {
  stage = await coopStage()
  await applyCharter(stage.db, sourceOf('drivers'), drivers)
  members = await stage.join(7)
})
afterAll(() => stage.end())
beforeEach(async () => {
  await sql`update clock set shift = '0', standing_at = null`.execute(stage.db)
})

const broadcasts = (slug: string) =>
  stage.db.selectFrom('broadcasts').select(['kind', 'state']).where('proposal', '=', slug).orderBy('id').execute()
const told = async (proposal: string) =>
  (await recipientsOf({ coopId: 'drivers', proposal }).execute(stage.db)).rows.map(({ member_id }) => member_id)

/** The rows of a notice as the fan-out and the carrier leave them, one state a member. */
const notice = (slug: string, states: readonly string[]) =>
  sql`insert into outbox (coop_id, member_id, class, broadcast_id, sender, priority, state, next_attempt_at, expires_at,
      created_at)
    select 'drivers', member, 'notice', broadcasts.id, 'sms:+447700900100', 2, at, now(), now() + interval '1 day', now()
    from broadcasts, unnest(${members.slice(0, states.length)}::bigint[], ${states}::text[]) as rows (member, at)
    where proposal = ${slug} and kind = 'notice'`.execute(stage.db)
const stateOf = async (member: number) =>
  (await stage.db.selectFrom('outbox').select('state').where('member_id', '=', member).execute()).map(
    ({ state }) => state,
  )

test('those who were sent the notice are told, and nobody else; what is not sent yet never is', async () => {
  await open('meant')
  await notice('meant', ['accepted', 'sending', 'unknown', 'pending', 'silenced', 'failed'])
  const vote = await withdraw('meant')
  expect(vote).toMatchObject({ status: 'closed', outcome: { result: 'withdrawn', turnout: 0, roll: 7 } })
  expect(await findVote(stage.db, 'drivers', 'meant')).toEqual(vote)
  expect(await broadcasts('meant')).toEqual([
    { kind: 'notice', state: 'dropped' },
    { kind: 'call', state: 'dropped' },
    { kind: 'outcome', state: 'waiting' },
  ])
  expect((await told('meant')).toSorted()).toEqual(members.slice(0, 3))
  expect(await stateOf(members[3] ?? 0)).toEqual(['expired'])
  const [said] = (await draftOf(stage.db, { coopId: 'drivers', proposal: 'meant', kind: 'outcome' })) ?? []
  expect(said).toMatchObject({ node: 'outcome', text: 'withdrawn', gaps: { opens: { instant: vote.opensAt } } })
})

test('a notice that is being taken to be sent this moment counts as sent', async () => {
  await open('moment')
  await notice('moment', ['pending', 'pending'])
  const withdrawing = await stage.db.transaction().execute(async (trx) => {
    const first = trx
      .updateTable('outbox')
      .where('member_id', '=', members[0] ?? 0)
      .where('state', '=', 'pending')
    await first.set({ state: 'sending' }).execute()
    const begun = withdraw('moment')
    await expect.poll(waitsForRow).toBe(true)
    return { begun }
  })
  await withdrawing.begun
  expect(await told('moment')).toEqual(members.slice(0, 1))
})

/** Whether somebody waits for a row that another transaction has changed. */
async function waitsForRow(): Promise<boolean> {
  const { rows } = await sql`
    select from pg_stat_activity where wait_event = 'transactionid' and datname = current_database()`.execute(
    stage.db,
  )
  return rows.length > 0
}

test('twice at once is once, and its slug stays taken', async () => {
  await open('twice')
  const [one, other] = await Promise.all([withdraw('twice'), withdraw('twice')])
  expect(one).toEqual(other)
  expect(await withdraw('twice')).toEqual(one)
  expect((await broadcasts('twice')).filter(({ kind }) => kind === 'outcome')).toHaveLength(1)
  await expect(open('twice')).rejects.toThrow('already, which was withdrawn')
})

test('it neither opens nor closes, and no member’s world shows it', async () => {
  const { opensAt } = await open('gone')
  await withdraw('gone')
  const seen = CompiledQuery.raw(readProposals.text, [['drivers']])
  expect((await stage.db.executeQuery<{ slug: string }>(seen)).rows.map(({ slug }) => slug)).not.toContain('gone')
  await moveClock(stage.db, 30 * 86_400)
  const { closed } = await runVotes(stage.db)
  expect(closed.map(({ slug }) => slug)).not.toContain('gone')
  expect(await findVote(stage.db, 'drivers', 'gone')).toMatchObject({ opensAt, outcome: { result: 'withdrawn' } })
})

test('until the instant it opens, and not from then on', async () => {
  const { opensAt } = await open('exact')
  await open('earlier')
  await standClock(stage.db, new Date(opensAt - 1))
  expect(await withdraw('earlier')).toMatchObject({ closesAt: opensAt - 1 })
  await standClock(stage.db, new Date(opensAt))
  const told = /is open since 20\d\d-\d\d-\d\d \d\d:\d\d \(Asia\/Kolkata\), .* vote close exact$/
  await expect(withdraw('exact')).rejects.toThrow(told)
  await runVotes(stage.db)
  await expect(withdraw('exact')).rejects.toThrow(told)
  await closeVote(stage.db, { coop: 'drivers', slug: 'exact', by: 'suman' })
  await expect(withdraw('exact')).rejects.toThrow('was closed already at')
})

test('an instant is said by the clock of the co-op', async () => {
  await sql`update clock set standing_at = '2026-11-24T20:00:00Z'`.execute(stage.db)
  await expect(open('hasty', 'kind: ordinary\nopens: 2026-11-25 10:00')).rejects.toThrow(
    'cannot open at 2026-11-25 10:00 (Asia/Kolkata): the bylaws give kind "ordinary" a notice of 3 days, so not before ' +
      '2026-11-28 01:30 (Asia/Kolkata)',
  )
  await open('early')
  await expect(closeVote(stage.db, { coop: 'drivers', slug: 'early', by: 'suman' })).rejects.toThrow(
    'it opens at 2026-11-28 01:30 (Asia/Kolkata). To take it back before that: npm run coopline -- vote withdraw early',
  )
})
