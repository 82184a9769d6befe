// Medians and exports on a real Postgres: only the pool, only consents in force, never fewer than five.
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { beginning, nextEvent } from '../../../src/coop/consents/ledger.ts'
import { cellMedian } from '../../../src/coop/reports/insight.ts'
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
async function consent(member: number, action: 'given' | 'withdrawn', version = 2): Promise<void> {
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
const row = (member: number, version: number, rank: number, poolAt = '2026-11-25T11:00:00Z') => ({
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
const report = (...of: Parameters<typeof row>) =>
  stage.db
    .insertInto('reports')
    .values(row(...of))
    .execute()

const insights = () => stage.db.selectFrom('insights').selectAll().execute()

test('the median of those whose consent is in force, in whole units', async () => {
  expect(await publishInsights(stage.db, drivers, now)).toBe(1)
  expect(await insights()).toMatchObject([{ week: '2026-11-23', median: 12_500, members: 6 }])
})

const drawn = fc.record({
  rank: fc.integer({ min: 0, max: 5 }),
  key: fc.constantFrom('2026-11-23', '2026-11-24', '2026-11-25'),
  version: fc.integer({ min: 1, max: 3 }),
  cell: fc.constantFrom('uber', 'ola'),
  value: fc.option(fc.integer({ min: -100_000, max: 2 ** 50 }), { nil: undefined }),
  isHeld: fc.boolean(),
})
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never
const identity = ({ rank, key, version }: Drawn) => `${rank} ${key} ${version}`

test('every cell has the median of the rule', async () => {
  const lots = fc.uniqueArray(drawn, { selector: identity, minLength: 20, maxLength: 54, size: 'max' })
  await fc.assert(
    fc.asyncProperty(lots, async (all) => {
      await sql`delete from reports`.execute(stage.db)
      await stage.db.insertInto('reports').values(all.map(rowOf)).execute()
      await publishInsights(stage.db, drivers, now)
      const published = (await insights()).map(({ cell, median, members }) => [cell, { median, members }] as const)
      expect(new Map(published)).toEqual(byTheRule(all))
    }),
    { numRuns: 25 },
  )
})

function rowOf({ rank, key, version, cell, value, isHeld }: Drawn) {
  const empty = { values: '{}', figures: '{}' }
  const made = { ...row(members[rank] ?? 0, version, 0, isHeld ? '2026-11-25T13:00:00Z' : undefined), ...empty }
  return { ...made, key, cell, [rank % 2 === 0 ? 'figures' : 'values']: JSON.stringify({ 'net-per-hour': value }) }
}

function byTheRule(all: readonly Drawn[]) {
  const inOrder = all.filter(({ isHeld }) => !isHeld).toSorted((one, other) => one.version - other.version)
  const newest = [...new Map(inOrder.map((each) => [`${each.rank} ${each.key}`, each])).values()]
  const cells = [...Map.groupBy(newest, ({ cell }) => cell)].map(([cell, reports]) => {
    const counted = reports.flatMap(({ rank, value }) => (value === undefined ? [] : [{ member: rank, value }]))
    return [cell, cellMedian(counted, 100)] as const
  })
  return new Map(cells.filter(([, median]) => median !== undefined))
}

test('no report leaves Postgres for a median', async () => {
  const answers: number[] = []
  const counting = stage.db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      answers.push(result.rows.length)
      return result
    },
  })
  await publishInsights(counting, drivers, now)
  expect(Math.max(...answers)).toBe(1)
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
  await consent(members[5] ?? 0, 'given', 3)
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

async function exported(purpose?: string): Promise<string[]> {
  const pieces: string[] = []
  const asked = { form: 'shift', ...(purpose && { purpose }) }
  for await (const piece of await exportReports(stage.db, drivers, asked, now)) pieces.push(piece)
  return pieces
}

test('an export comes piece by piece, in the order of its words', async () => {
  for (const member of await stage.join(100)) {
    await consent(member, 'given')
    await report(member, 1, 1)
  }
  const pieces = await exported()
  expect(pieces.length).toBeGreaterThan(2)
  const [, ...rows] = pieces.join('').trimEnd().split('\n')
  expect(rows).toHaveLength(106)
  expect(rows).toEqual(rows.toSorted())
})

test('an export has units, no member number, and only consents to that purpose', async () => {
  await consent(members[5] ?? 0, 'withdrawn')
  const sheet = (await exported()).join('')
  const [header, ...rows] = sheet.trimEnd().split('\n')
  expect(header).toBe('member,day,hours,gross,costs,km,trips,platform,area,net,net-per-hour')
  expect(rows).toHaveLength(5)
  expect(rows[0]).toMatch(/^[0-9a-f]{12},2026-11-24,8\.5,1900,300\.5,,,,,-1599\.5,1\d\d$/)
  for (const member of members) expect(sheet).not.toMatch(new RegExp(`^${member},`, 'm'))
  expect((await exported()).join('')).not.toBe(sheet)
  expect((await exported('city-study')).join('').trim()).toBe(header)
})

test('an unknown form or purpose is named', async () => {
  await expect(exportReports(stage.db, drivers, { form: 'prices' }, now)).rejects.toThrow('Use one of: shift')
  await expect(exportReports(stage.db, drivers, { form: 'shift', purpose: 'ads' }, now)).rejects.toThrow(
    'pay-medians',
  )
})
