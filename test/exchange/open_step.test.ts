// The clock of a step stands behind the locks of the votes: also where one is held by whoever closes it, and the
// statement has to wait.
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { readProposal } from '../../src/coop/charter/proposal_file.ts'
import { openVote } from '../../src/coop/votes/queries.ts'
import { openLane } from '../../src/exchange/gather/lane.ts'
import { openStep } from '../../src/exchange/statements.ts'
import { now } from '../../src/store/clock.ts'
import { inOrder, lockNow, voteKey } from '../../src/store/locks.ts'
import { join, newPhone, stageOfTest, until } from './stage.ts'

const slugs = ['fares', 'fuel', 'hours']

async function setUp() {
  const { stage, web } = await stageOfTest()
  await join(web, newPhone())
  for (const slug of slugs) {
    const source = `slug: ${slug}\ntitle: { en: Pay, hi: संदेश }\ntext: { en: Pay?, hi: भेजें? }\nkind: quick\n`
    const read = readProposal(source, stage.charter)
    if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes))
    await openVote(stage.db, { charter: stage.charter, motion: { ...read.proposal, slug }, measure: () => 1 })
  }
  const lane = await openLane(stage.databaseUrl, () => {})
  onTestFinished(() => lane.close())
  return { stage, lane }
}

test('the clock is read when the last of the locks is obtained, whichever has to be waited for', async () => {
  const { stage, lane } = await setUp()
  const isWaiting = async () => {
    const { rows } = await sql`select from pg_stat_activity where datname = current_database()
      and wait_event_type = 'Lock' and wait_event = 'advisory'`.execute(stage.db)
    return rows.length > 0
  }
  for (const key of inOrder(slugs.map((slug) => voteKey('drivers', slug)))) {
    const { opening, before } = await stage.db.transaction().execute(async (trx) => {
      await lockNow(trx, [key])
      const opening = lane.ask(openStep, [['drivers'], 2, 1])
      await until('the step waits for the vote', isWaiting)
      return { opening, before: await now(stage.db) }
    })
    const [opened] = await opening
    expect(opened?.now).toBeGreaterThanOrEqual(before.getTime())
    expect([opened?.members.length, opened?.contacts.length]).toEqual([2, 1])
  }
})

test('a step shares every open vote of its co-ops until it ends, and none of others', async () => {
  const { stage, lane } = await setUp()
  const held = async () => {
    const { rows } = await sql<{ mode: string }>`select mode from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`.execute(stage.db)
    return rows.map(({ mode }) => mode)
  }
  for (const [coops, locks] of [
    [['drivers'], slugs.length],
    [['others'], 0],
    [[], 0],
  ] as const) {
    const begun = [lane.ask({ name: 'begin', text: 'begin', columns: [] }), lane.ask(openStep, [coops, 0, 0])]
    await Promise.all(begun)
    expect(await held()).toEqual(Array(locks).fill('ShareLock'))
    await lane.rollback()
  }
})
