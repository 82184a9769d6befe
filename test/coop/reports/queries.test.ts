// Medians and exports on a real Postgres: only the pool, only consents in force, never fewer than five.

import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { beginning, nextEvent } from '../../../src/coop/consents/ledger.ts'
import { exportReports, publishInsights } from '../../../src/coop/reports/queries.ts'
import { type CoopStage, coopStage, drivers } from '../stage.ts'

const now = new Date('2026-11-25T12:00:00Z')
let stage: CoopStage
let members: number[] = []

beforeAll(async () => {
  stage = await coopStage()
})
afterAll(() => stage.end())
beforeEach(async () => {
  await sql`delete from reports`.execute(stage.db)
  await sql`delete from insights`.execute(stage.db)
  members = await stage.join(6)
  for (const member of members) {
    await consent(member, 'given')
    await report(member, 1, members.indexOf(member))
  }
})

let receipts = 0
async function consent(member: number, action: 'given' | 'withdrawn', version = 1): Promise<void> {
  const { db } = stage
  const head = await db
    .selectFrom('consent_events')
    .select(['n', 'hash'])
    .where('member_id', '=', member)
    .orderBy('n', 'desc')
    .executeTakeFirst()
  const event = nextEvent(head ?? beginning, {
    member_id: member,
    coop_id: 'drivers',
    action,
    purpose: 'pay-medians',
    notice_version: version,
    notice_hash: Buffer.alloc(32),
    language: 'en',
    channel: 'sms',
    message_id: `SM${++receipts}`,
    receipt: `C-${receipts}`,
    at: now,
  })
  await db.insertInto('consent_events').values(event).execute()
}

/** Net per hour is 100, 110, 120 … Rs by `rank`. */
const report = (member: number, version: number, rank: number, poolAt = '2026-11-25T11:00:00Z') =>
  stage.db
    .insertInto('reports')
    .values({
      member_id: member,
      form: 'shift',
      key: '2026-11-24',
      version,
      coop_id: 'drivers',
      week: '2026-11-23',
      cell: '',
      values: JSON.stringify({ hours: 850, gross: 190_000, costs: 30_050 }),
      figures: JSON.stringify({ net: -159_950, 'net-per-hour': 10_000 + rank * 1_000 }),
      made_at: new Date('2026-11-24T18:00:00Z'),
      pool_at: new Date(poolAt),
      message_id: `SM${member}-${version}`,
    })
    .execute()

const insights = () => stage.db.selectFrom('insights').selectAll().execute()

test('the median of those whose consent is in force, in whole units', async () => {
  expect(await publishInsights(stage.db, drivers, now)).toBe(1)
  expect(await insights()).toMatchObject([{ week: '2026-11-23', median: 12_500, members: 6 }])
})

test('one who withdraws leaves the open weeks; fewer than five take the median back', async () => {
  await publishInsights(stage.db, drivers, now)
  await consent(members[5] ?? 0, 'withdrawn')
  await publishInsights(stage.db, drivers, now)
  expect(await insights()).toMatchObject([{ median: 12_000, members: 5 }])
  await consent(members[4] ?? 0, 'withdrawn')
  expect(await publishInsights(stage.db, drivers, now)).toBe(0)
  expect(await insights()).toEqual([])
})

test('a yes to other words of the notice does not count', async () => {
  await consent(members[5] ?? 0, 'given', 2)
  await publishInsights(stage.db, drivers, now)
  expect(await insights()).toMatchObject([{ members: 5 }])
})

test('one who has left is not in it', async () => {
  await stage.db
    .updateTable('members')
    .set({ state: 'left' })
    .where('id', '=', members[0] ?? 0)
    .execute()
  await publishInsights(stage.db, drivers, now)
  expect(await insights()).toMatchObject([{ members: 5 }])
})

test('a correction that is held back leaves the earlier version in the pool', async () => {
  await report(members[0] ?? 0, 2, 500, '2026-11-25T13:00:00Z')
  await publishInsights(stage.db, drivers, now)
  expect(await insights()).toMatchObject([{ median: 12_500 }])
  await publishInsights(stage.db, drivers, new Date('2026-11-25T13:00:00Z'))
  expect(await insights()).toMatchObject([{ median: 13_500 }])
})

test('what nothing changed keeps the time of its publication', async () => {
  await publishInsights(stage.db, drivers, now)
  await publishInsights(stage.db, drivers, new Date(now.getTime() + 60_000))
  expect((await insights())[0]?.published_at).toEqual(now)
})

test('a week that has closed stays as it was published', async () => {
  await publishInsights(stage.db, drivers, now)
  for (const member of members) await consent(member, 'withdrawn')
  await publishInsights(stage.db, drivers, new Date('2026-12-09T12:00:00Z'))
  expect(await insights()).toHaveLength(1)
})

test('two workers at once publish once', async () => {
  const both = await Promise.all([1, 2, 3].map(() => publishInsights(stage.db, drivers, now)))
  expect(both.filter((each) => each === 1).length).toBeGreaterThan(0)
  expect(await insights()).toHaveLength(1)
})

test('an export has units, no member number, and only consents to that purpose', async () => {
  await consent(members[5] ?? 0, 'withdrawn')
  const sheet = await exportReports(stage.db, drivers, { form: 'shift' }, now)
  const [header, ...rows] = sheet.trimEnd().split('\n')
  expect(header).toBe('member,day,hours,gross,costs,km,trips,platform,area,net,net-per-hour')
  expect(rows).toHaveLength(5)
  expect(rows[0]).toMatch(/^[0-9a-f]{12},2026-11-24,8\.5,1900,300\.5,,,,,-1599\.5,1\d\d$/)
  for (const member of members) expect(sheet).not.toMatch(new RegExp(`^${member},`, 'm'))
  const again = await exportReports(stage.db, drivers, { form: 'shift' }, now)
  expect(again).not.toBe(sheet)
  expect((await exportReports(stage.db, drivers, { form: 'shift', purpose: 'city-study' }, now)).trim()).toBe(
    header,
  )
})

test('an unknown form or purpose is named', async () => {
  await expect(exportReports(stage.db, drivers, { form: 'prices' }, now)).rejects.toThrow('Use one of: shift')
  await expect(exportReports(stage.db, drivers, { form: 'shift', purpose: 'ads' }, now)).rejects.toThrow(
    'pay-medians',
  )
})
