// The clock of a step stands behind the locks of the votes: also where one is held by whoever closes it, and the
// statement has to wait. What was opened meanwhile is not voted in.
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { readProposal } from '../../src/coop/charter/proposal_file.ts'
import { openVote } from '../../src/coop/votes/queries.ts'
import { openLane } from '../../src/exchange/gather/lane.ts'
import { openStep } from '../../src/exchange/statements.ts'
import { now } from '../../src/store/clock.ts'
import { inOrder, lockNow, voteKey } from '../../src/store/locks.ts'
import { statement } from '../../src/store/statement.ts'
import { join, newPhone, stageOfTest, until } from './stage.ts'

const slugs = ['fares', 'fuel', 'hours']
const coop = 'drivers'

async function setUp() {
  const { stage, web } = await stageOfTest()
  const member = `whatsapp:${newPhone()}`
  await join(web, member)
  const open = async (slug: string) => {
    const source = `slug: ${slug}\ntitle: { en: Pay, hi: संदेश }\ntext: { en: Pay?, hi: भेजें? }\nkind: quick\n`
    const read = readProposal(source, stage.charter)
    if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes))
    await openVote(stage.db, { charter: stage.charter, motion: { ...read.proposal, slug }, measure: () => 1 })
  }
  for (const slug of slugs) await open(slug)
  const lane = await openLane(stage.databaseUrl, () => {})
  onTestFinished(() => lane.close())
  const waits = () =>
    until('a step waits for a vote', async () => {
      const { rows } = await sql`select from pg_stat_activity where datname = current_database()
        and wait_event_type = 'Lock' and wait_event = 'advisory'`.execute(stage.db)
      return rows.length > 0
    })
  return { stage, web, lane, member, open, waits }
}

test('the clock is read when the last of the locks is obtained, whichever has to be waited for', async () => {
  const { stage, lane, waits } = await setUp()
  for (const key of inOrder(slugs.map((slug) => voteKey(coop, slug)))) {
    const { opening, before } = await stage.db.transaction().execute(async (trx) => {
      await lockNow(trx, [key])
      const opening = lane.ask(openStep, [[coop], 2, 1])
      await waits()
      return { opening, before: await now(stage.db) }
    })
    const [opened] = await opening
    expect(opened?.now).toBeGreaterThanOrEqual(before.getTime())
    expect([opened?.members.length, opened?.contacts.length]).toEqual([2, 1])
    expect(opened?.votes.toSorted()).toEqual(slugs.map((slug) => `${coop}/${slug}`))
  }
})

const begin = statement('begin', 'begin')

test('a step shares every open vote of its co-ops until it ends, and none of others', async () => {
  const { stage, lane } = await setUp()
  const held = async () => {
    const { rows } = await sql<{ mode: string }>`select mode from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`.execute(stage.db)
    return rows.map(({ mode }) => mode)
  }
  for (const [coops, locks] of [
    [[coop], slugs.length],
    [['others'], 0],
    [[], 0],
  ] as const) {
    await Promise.all([lane.ask(begin), lane.ask(openStep, [coops, 0, 0])])
    expect(await held()).toEqual(Array(locks).fill('ShareLock'))
    await lane.rollback()
  }
})

test('a vote that is opened while a step waits for another is voted in by the next message, under its lock', async () => {
  const { stage, web, member, open, waits } = await setUp()
  const press = { ButtonText: 'For', ButtonPayload: 'v.late.1' }
  const ballots = async () =>
    (await stage.db.selectFrom('ballots').select('option').where('proposal', '=', 'late').execute()).length
  const { said } = await stage.db.transaction().execute(async (trx) => {
    await lockNow(trx, [voteKey(coop, 'fares')])
    const said = web.say(member, 'For', press)
    await waits()
    await open('late')
    return { said }
  })
  expect((await said).text).not.toBe('')
  expect(await ballots()).toBe(0)
  expect((await web.say(member, 'For', press)).text).toMatch(/^Counted in late: For/)
  expect(await ballots()).toBe(1)
})
