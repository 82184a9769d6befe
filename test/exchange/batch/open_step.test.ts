// The clock of a step stands behind the locks of the votes. A vote that is being closed is not waited for: only who looks
// at votes comes again.
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { readProposal } from '../../../src/coop/votes/proposal_file.ts'
import { openVote } from '../../../src/coop/votes/queries.ts'
import { openStep } from '../../../src/exchange/batch/statements.ts'
import { now } from '../../../src/store/clock.ts'
import { openLane } from '../../../src/store/lane.ts'
import { lockNow, voteKey } from '../../../src/store/locks.ts'
import { statement } from '../../../src/store/statement.ts'
import { join, newPhone, stageOfTest } from '../stage.ts'

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
  return { stage, web, lane, member, open }
}

const begin = statement('begin', 'begin')

test('a step shares what is free, waits for nothing, and says which co-op is closing a vote', async () => {
  const { stage, lane } = await setUp()
  for (const held of slugs) {
    await stage.db.transaction().execute(async (trx) => {
      await lockNow(trx, [voteKey(coop, held)])
      const before = await now(stage.db)
      const [, [opened]] = await Promise.all([lane.ask(begin), lane.ask(openStep, [[coop, 'others'], 2, 1])])
      expect(opened?.now).toBeGreaterThanOrEqual(before.getTime())
      expect([opened?.members.length, opened?.contacts.length]).toEqual([2, 1])
      const free = slugs.filter((slug) => slug !== held).map((slug) => `${coop}/${slug}`)
      expect(opened?.votes.toSorted()).toEqual(free)
      expect(opened?.closing).toEqual([coop])
    })
    await lane.rollback()
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
    [[coop], slugs.length],
    [['others'], 0],
    [[], 0],
  ] as const) {
    await Promise.all([lane.ask(begin), lane.ask(openStep, [coops, 0, 0])])
    expect(await held()).toEqual(Array(locks).fill('ShareLock'))
    await lane.rollback()
  }
})

test('while a vote is closed, who looks at votes waits and all others are answered', async () => {
  const { stage, web, member } = await setUp()
  const press = { ButtonText: 'For', ButtonPayload: 'v.fares.1' }
  const { said } = await stage.db.transaction().execute(async (trx) => {
    await lockNow(trx, [voteKey(coop, 'fares')])
    const said = web.say(member, 'For', press)
    const since = performance.now()
    expect((await web.say(newPhone(), 'hello')).text).not.toBe('')
    expect((await web.say(newPhone(), 'hello')).text).not.toBe('')
    expect(performance.now() - since).toBeLessThan(1_000)
    return { said }
  })
  expect((await said).text).toMatch(/^Counted in fares: For/)
})

test('a vote that is opened while another is closed is voted in by the waiting message, under its lock', async () => {
  const { stage, web, member, open } = await setUp()
  const press = { ButtonText: 'For', ButtonPayload: 'v.late.1' }
  const { said } = await stage.db.transaction().execute(async (trx) => {
    await lockNow(trx, [voteKey(coop, 'fares')])
    const said = web.say(member, 'For', press)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await open('late')
    return { said }
  })
  expect((await said).text).toMatch(/^Counted in late: For/)
})
