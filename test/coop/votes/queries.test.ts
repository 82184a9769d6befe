// Votes on a real Postgres: what opening freezes, what closing counts, and ballots that race the close.
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Ballot } from '../../../src/coop/votes/ballot.ts'
import { countBallots } from '../../../src/coop/votes/ballot_queries.ts'
import { isOpen } from '../../../src/coop/votes/proposal.ts'
import {
  checkVote,
  closeVote,
  draftOf,
  findVote,
  listVotes,
  openVote,
  recipientsOf,
  runVotes,
} from '../../../src/coop/votes/queries.ts'
import type { Measure } from '../../../src/coop/votes/words.ts'
import { moveClock, now, standClock } from '../../../src/store/clock.ts'
import { voteKey } from '../../../src/store/locks.ts'
import { type CoopStage, cast, coopStage, drivers, motion } from '../stage.ts'

let stage: CoopStage
let members: number[]
const short = () => 1
const open = (slug: string, more?: string) =>
  openVote(stage.db, { charter: drivers, motion: motion(slug, more), measure: short })

beforeAll(async () => {
  stage = await coopStage()
  members = await stage.join(9)
})
afterAll(() => stage.end())
beforeEach(async () => {
  await sql`update clock set shift = '0', standing_at = null`.execute(stage.db)
})

const ballot = (slug: string, member: number, option: number): Ballot => ({
  coop: 'drivers',
  proposal: slug,
  member,
  option,
  castAt: new Date(),
  messageId: `SM${member}`,
})

/** A ballot as a member's message casts it: the shared lock, then the clock, then the row. */
const vote = (slug: string, member: number, option: number): Promise<'counted' | 'closed'> =>
  stage.db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock_shared(${voteKey('drivers', slug)}::bigint)`.execute(trx)
    const at = await now(trx)
    const found = await findVote(trx, 'drivers', slug)
    if (!found || !isOpen({ ...found, onRoll: true }, at.getTime())) return 'closed'
    await cast(trx, { ...ballot(slug, member, option), castAt: at })
    return 'counted'
  })

const roll = async (proposal: string) =>
  (await recipientsOf({ coopId: 'drivers', proposal }).execute(stage.db)).rows

const broadcasts = (slug: string) =>
  stage.db.selectFrom('broadcasts').select(['kind', 'state']).where('proposal', '=', slug).orderBy('id').execute()

describe('opening', () => {
  test('freezes the roll, the quorum, the rule and the times', async () => {
    await sql`update clock set standing_at = '2026-11-24T08:00:00Z'`.execute(stage.db)
    const opened = await open('frozen')
    expect(opened).toMatchObject({ roll: 9, quorum: 1, status: 'open', binding: false, anyHour: true })
    expect(opened.closesAt - opened.opensAt).toBe(600_000)
    await stage.join(1)
    expect(await roll('frozen')).toHaveLength(9)
    expect(await findVote(stage.db, 'drivers', 'frozen')).toEqual(opened)
    expect(await broadcasts('frozen')).toEqual([{ kind: 'call', state: 'waiting' }])
  })

  test('those who are invited, left or erased are not on the roll', async () => {
    const row = { coop_id: 'drivers', language: 'en' as const, joined_at: new Date(0) }
    const states = ['invited', 'left', 'erased'] as const
    await stage.db
      .insertInto('members')
      .values(states.map((state) => ({ ...row, state })))
      .execute()
    const before = (await open('roll-one')).roll
    expect(before).toBe(
      (await stage.db.selectFrom('members').where('state', '=', 'active').select('id').execute()).length,
    )
  })

  test('a kind with notice waits, says so first, and opens by the clock', async () => {
    const waiting = await open('noticed', 'kind: ordinary')
    expect(waiting).toMatchObject({ status: 'notice', binding: true })
    expect(await broadcasts('noticed')).toEqual([
      { kind: 'notice', state: 'waiting' },
      { kind: 'call', state: 'waiting' },
    ])
    expect(await vote('noticed', members[0] ?? 0, 1)).toBe('closed')
    await expect(closeVote(stage.db, { coop: 'drivers', slug: 'noticed', by: 'suman' })).rejects.toThrow(
      'not open yet',
    )
    await moveClock(stage.db, 3 * 86400 + 1)
    const { opened, inMs } = await runVotes(stage.db)
    expect(opened).toBeGreaterThan(0)
    expect(inMs).toBeGreaterThan(0)
    expect(await vote('noticed', members[0] ?? 0, 1)).toBe('counted')
  })

  test('before its notice has run it is refused, and nothing is written', async () => {
    await expect(open('hasty', 'kind: ordinary\nopens: 2020-01-01 10:00')).rejects.toThrow('notice of 3 days')
    expect(await findVote(stage.db, 'drivers', 'hasty')).toBeUndefined()
    expect(await roll('hasty')).toEqual([])
  })

  test('a slug belongs to one vote, also where two open it at once', async () => {
    const both = await Promise.allSettled([open('once'), open('once')])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await expect(open('once')).rejects.toThrow('another slug')
  })

  test('a text of too many segments is refused by its language', async () => {
    const long = openVote(stage.db, {
      charter: drivers,
      motion: motion('long'),
      measure: (_, language) => (language === 'hi' ? 3 : 1),
    })
    await expect(long).rejects.toThrow('the call in hi takes 3 SMS segments')
  })

  test('what is read on request may take three segments, and no more', async () => {
    const opened = (slug: string, segments: number) =>
      openVote(stage.db, {
        charter: drivers,
        motion: { ...motion(slug), more: { en: 'More.', hi: 'और।' } },
        measure: ([reply]) => (reply?.node === 'more' ? segments : 1),
      })
    expect(await opened('more-of-three', 3)).toMatchObject({ status: 'open' })
    await expect(opened('more-of-four', 4)).rejects.toThrow('the more in en takes 4 SMS segments, not 3')
  })

  test('only the longer text too long is not sent to where it stands already', async () => {
    const measure: Measure = ([reply]) => (reply?.node === 'more' ? 4 : 1)
    const long = { ...motion('long-more'), more: { en: 'More.', hi: 'और।' } }
    await expect(openVote(stage.db, { charter: drivers, motion: long, measure })).rejects.toThrow(/Shorten it\.$/)
  })

  test('a vote that binds and could not be decided, or that closes years from now, is refused', async () => {
    const { ordinary } = drivers.bylaws.kinds
    if (!ordinary) throw new Error('the example has no ordinary vote')
    const kinds = { ordinary: { ...ordinary, quorum: { percent: 0, least: 50 } } }
    const many = { ...drivers, bylaws: { kinds } }
    await expect(
      openVote(stage.db, { charter: many, motion: motion('too-few', 'kind: ordinary'), measure: short }),
    ).rejects.toThrow('too-few cannot be decided: kind "ordinary" needs 50 to vote')
    await expect(open('far', 'kind: quick\ncloses: 2062-12-02 10:00')).rejects.toThrow(
      /2062-12-02 10:00 .*more than a year from now/,
    )
  })

  test('a vote that is checked is planned and refused as it would be, and not opened', async () => {
    const opening = { charter: drivers, motion: motion('checked'), measure: short }
    const planned = await checkVote(stage.db, opening)
    expect(await findVote(stage.db, 'drivers', 'checked')).toBeUndefined()
    expect(await openVote(stage.db, opening)).toMatchObject({ roll: planned.roll, quorum: planned.quorum })
    await expect(checkVote(stage.db, opening)).rejects.toThrow('has a vote "checked" already')
  })

  test('a vote that is open only while the co-op sleeps is refused, since nobody would be called', async () => {
    await standClock(stage.db, new Date('2030-12-01T00:00:00Z'))
    const times = (opens: string, closes: string) => `kind: special\nopens: ${opens}\ncloses: ${closes}`
    const night = open('by-night', times('2030-12-20 03:00', '2030-12-20 07:00'))
    await expect(night).rejects.toThrow('when nobody is called')
    expect(await open('by-day', times('2030-12-20 03:00', '2030-12-20 09:00'))).toMatchObject({ status: 'notice' })
  })
})

describe('closing', () => {
  test('counts the last ballot of each, and tells all', async () => {
    await open('counted')
    for (const [at, member] of members.entries()) await vote('counted', member, at < 6 ? 1 : 2)
    await vote('counted', members[0] ?? 0, 2)
    const closed = await closeVote(stage.db, { coop: 'drivers', slug: 'counted', by: 'suman' })
    expect(closed.outcome).toMatchObject({ result: 'passed', counts: [5, 4, 0], turnout: 9 })
    expect(await broadcasts('counted')).toEqual([
      { kind: 'call', state: 'dropped' },
      { kind: 'outcome', state: 'waiting' },
    ])
  })

  test('twice at once gives the same outcome, and one broadcast', async () => {
    await open('twice')
    await vote('twice', members[0] ?? 0, 3)
    const close = () => closeVote(stage.db, { coop: 'drivers', slug: 'twice', by: 'suman' })
    const [one, other] = await Promise.all([close(), close()])
    expect(one).toEqual(other)
    expect(await close()).toEqual(one)
    expect((await broadcasts('twice')).filter(({ kind }) => kind === 'outcome')).toHaveLength(1)
  })

  test('the clock closes at the instant and not before', async () => {
    const { closesAt } = await open('exact')
    await standClock(stage.db, new Date(closesAt - 1))
    expect(await vote('exact', members[0] ?? 0, 1)).toBe('counted')
    await runVotes(stage.db)
    expect((await findVote(stage.db, 'drivers', 'exact'))?.status).toBe('open')
    await standClock(stage.db, new Date(closesAt))
    expect(await vote('exact', members[1] ?? 0, 1)).toBe('closed')
    const { closed } = await runVotes(stage.db)
    expect(closed.find(({ slug }) => slug === 'exact')?.outcome).toMatchObject({ counts: [1, 0, 0] })
  })

  test('a vote that cannot be closed keeps no other open', async () => {
    const [broken, whole] = [await open('broken'), await open('whole')]
    await stage.db.updateTable('proposals').set({ roll_count: -1 }).where('slug', '=', 'broken').execute()
    await standClock(stage.db, new Date(Math.max(broken.closesAt, whole.closesAt)))
    const { closed, unclosed, inMs } = await runVotes(stage.db)
    expect(closed.map(({ slug }) => slug)).toContain('whole')
    expect(unclosed).toMatchObject([{ slug: 'broken' }])
    expect(inMs).toBeUndefined()
    await stage.db.deleteFrom('proposals').where('slug', '=', 'broken').execute()
  })

  test('what is said of it: the call until then, the outcome after', async () => {
    await open('said')
    const about = { coopId: 'drivers', proposal: 'said' }
    const [call] = (await draftOf(stage.db, { ...about, kind: 'call' })) ?? []
    expect(call).toMatchObject({ flow: 'broadcast', node: 'call', text: 'advisory', gaps: { slug: 'said' } })
    expect(call?.offers.map(({ digit }) => digit)).toEqual([1, 2, 3])
    expect(await draftOf(stage.db, { ...about, kind: 'outcome' })).toBeUndefined()
    await closeVote(stage.db, { coop: 'drivers', slug: 'said', by: 'suman' })
    const [outcome] = (await draftOf(stage.db, { ...about, kind: 'outcome' })) ?? []
    expect(outcome).toMatchObject({
      node: 'outcome',
      text: 'no_quorum',
      gaps: { turnout: 0, roll: members.length + 1 },
    })
  })

  test('an unknown vote is named', async () => {
    const closing = closeVote(stage.db, { coop: 'drivers', slug: 'nowhere', by: 'suman' })
    await expect(closing).rejects.toThrow('no vote "nowhere"')
  })

  test('200 rounds of ballots that race the close: counted replies are the ballots in the tally', async () => {
    let late = 0
    for (let round = 0; round < 200; round++) {
      const slug = `race-${round}`
      await open(slug)
      const ballots = members.map(async (member, at) => {
        if (at % 3) await new Promise((resolve) => setTimeout(resolve, at % 5))
        return vote(slug, member, 1 + (at % 3))
      })
      const closing = closeVote(stage.db, { coop: 'drivers', slug, by: 'suman' })
      const replies = await Promise.all(ballots)
      const { outcome } = await closing
      const counted = replies.filter((reply) => reply === 'counted').length
      late += replies.length - counted
      expect(outcome?.turnout).toBe(counted)
      expect(outcome?.counts).toEqual(await countBallots(stage.db, { coop: 'drivers', slug, options: 3 }))
    }
    expect(late).toBeGreaterThan(0)
  })
})

test('the list is the newest first', async () => {
  const all = await listVotes(stage.db, 'drivers')
  expect(all.length).toBeGreaterThan(200)
  expect(await listVotes(stage.db, 'market')).toEqual([])
})
