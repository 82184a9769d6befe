// Two numbers of one member made one: what was said under either holds.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { readLedger, verifyLedger } from '../../../src/coop/consents/queries.ts'
import { holdingsOf } from '../../../src/coop/members/holdings_queries.ts'
import { mergeMembers } from '../../../src/coop/members/merge_queries.ts'
import { listMembers } from '../../../src/coop/members/queries.ts'
import { countBallots } from '../../../src/coop/votes/ballot_queries.ts'
import { closeVote, openVote } from '../../../src/coop/votes/queries.ts'
import type { OutboxState } from '../../../src/messaging/tables.ts'
import { lockNow, rollKey, voteKey } from '../../../src/store/locks.ts'
import { cast, drivers, motion } from '../stage.ts'
import { peopleStage } from './people.ts'

const { stage, contact, memberRow, consents, report, countedAmid } = await peopleStage()

type Voter = readonly [member: number, at: number]

/** Opens a vote in which the first of the two is for its first option and the other for its second. */
async function bothVote(slug: string, ...voters: readonly [Voter, Voter]): Promise<void> {
  await openVote(stage.db, { charter: drivers, motion: motion(slug), measure: () => 1 })
  const ballot = { coop: 'drivers', proposal: slug, messageId: 'SM1' }
  const ballots = voters.map(([member, at], nth) => ({ ...ballot, member, option: nth + 1, castAt: new Date(at) }))
  await cast(stage.db, ...ballots)
}

test('ballots, reports, consents, addresses', async () => {
  const [keep = 0, gone = 0] = await stage.join(2)
  await contact(keep, '+447700900511')
  await contact(gone, '+447700900512', 'whatsapp')
  await consents(keep, 'pay-medians')
  await consents(gone, 'pay-medians', 'city-study')
  await bothVote('merged', [keep, 1000], [gone, 2000])
  await report(keep, '2026-11-23', 1, 3000)
  await report(gone, '2026-11-23', 1, 1000)
  await report(gone, '2026-11-24', 1, 2000)

  expect(await holdingsOf(stage.db, keep, gone)).toEqual({
    kept: { reports: 1, ballots: 1 },
    gone: { reports: 2, ballots: 1 },
    both: { reports: 1, ballots: 1 },
  })

  expect(await mergeMembers(stage.db, 'drivers', keep, gone)).toEqual({ addresses: 1, ended: 1 })

  expect(await countBallots(stage.db, { coop: 'drivers', slug: 'merged', options: 3 })).toEqual([0, 1, 0])
  const reports = await stage.db
    .selectFrom('reports')
    .select(['member_id', 'key', 'version', 'values'])
    .orderBy('key')
    .orderBy('version')
    .execute()
  expect(reports).toEqual([
    { member_id: keep, key: '2026-11-23', version: 1, values: { gross: 1000 } },
    { member_id: keep, key: '2026-11-23', version: 2, values: { gross: 3000 } },
    { member_id: keep, key: '2026-11-24', version: 1, values: { gross: 2000 } },
  ])
  expect((await readLedger(stage.db, keep)).map(({ action }) => action)).toEqual(['given'])
  const ended = (await readLedger(stage.db, gone)).map(({ action, message_id }) => `${action} ${message_id}`)
  expect(ended.slice(2)).toEqual([`withdrawn merged into ${keep}`, `withdrawn merged into ${keep}`])
  expect(await verifyLedger(stage.db, 'drivers')).toMatchObject({ broken: [] })
  expect(await memberRow(gone)).toMatchObject({ state: 'left' })
  const listed = (await listMembers(stage.db, 'drivers')).find(({ number }) => number === keep)
  expect(listed?.channels.toSorted()).toEqual(['sms', 'whatsapp'])
  await expect(mergeMembers(stage.db, 'drivers', keep, gone)).rejects.toThrow('no address')
  await expect(mergeMembers(stage.db, 'drivers', gone, keep)).rejects.toThrow(`Member ${gone} has no address`)
})

test('an earlier ballot of the one who goes does not replace the later of the one who stays', async () => {
  const [keep = 0, gone = 0] = await stage.join(2)
  await contact(keep, '+447700900513')
  await contact(gone, '+447700900514')
  await bothVote('merged-2', [keep, 2000], [gone, 1000])
  await mergeMembers(stage.db, 'drivers', keep, gone)
  const { outcome } = await closeVote(stage.db, { coop: 'drivers', slug: 'merged-2', by: 'suman' })
  expect(outcome?.counts).toEqual([1, 0, 0])
})

test('a vote that is closed while two numbers become one waits for that, and counts her once', async () => {
  const [keep = 0, gone = 0] = await stage.join(2)
  await contact(keep, '+447700900541')
  await contact(gone, '+447700900542')
  await report(gone, '2026-11-23', 1, 1000)
  await bothVote('merged-amid', [keep, 1000], [gone, 2000])
  const merge = () => mergeMembers(stage.db, 'drivers', keep, gone)
  expect(await countedAmid(merge, 'merged-amid')).toEqual([0, 1, 0])
})

test('silence holds whichever number asked for it', async () => {
  const [keep = 0, gone = 0, later = 0] = await stage.join(3)
  await contact(keep, '+447700900515')
  for (const [number, phone, at] of [
    [gone, '+447700900516', new Date(5)],
    [later, '+447700900517', new Date(9)],
  ] as const) {
    await contact(number, phone)
    await stage.db.updateTable('members').set({ suppressed_at: at }).where('id', '=', number).execute()
    await mergeMembers(stage.db, 'drivers', keep, number)
    expect((await memberRow(keep)).suppressed_at).toEqual(at)
  }
})

test.for([
  ['unreachable', 'pending', 'pending'],
  ['failed', 'accepted', 'accepted'],
  ['pending', 'pending', 'pending silenced'],
  ['accepted', 'pending', 'accepted silenced'],
] as const)('of a call that is %s and one that is %s there stays %s', async ([own, other, left]) => {
  const [keep = 0, gone = 0] = await stage.join(2)
  await contact(keep, `+4477009${10_000 + keep}`)
  await contact(gone, `+4477009${10_000 + gone}`)
  await call(keep, own)
  await call(gone, other)
  await mergeMembers(stage.db, 'drivers', keep, gone)
  const rows = stage.db.selectFrom('outbox').select('state').where('member_id', 'in', [keep, gone])
  expect((await rows.orderBy('member_id').execute()).map(({ state }) => state).join(' ')).toBe(left)
})

const call = (member: number, state: OutboxState) =>
  stage.db
    .insertInto('outbox')
    .values({
      ...{ coop_id: 'drivers', member_id: member, class: 'call', broadcast_id: 1, sender: 'sms:+447700900100' },
      ...{ priority: 2, state, next_attempt_at: new Date(), expires_at: new Date(), created_at: new Date() },
    })
    .execute()

test('an unknown number, or one number twice, is refused', async () => {
  const [keep = 0] = await stage.join(1)
  expect(() => mergeMembers(stage.db, 'drivers', keep, keep)).toThrow('two numbers')
  await expect(mergeMembers(stage.db, 'drivers', keep, 999_999)).rejects.toThrow('no member 999999')
  await expect(mergeMembers(stage.db, 'market', keep, 999_999)).rejects.toThrow(`no member ${keep}`)
})

test('a vote that is opened while two numbers become one counts her once', async () => {
  const [keep = 0, gone = 0] = await stage.join(2)
  await contact(keep, '+447700900521')
  await contact(gone, '+447700900522')
  const open = () => openVote(stage.db, { charter: drivers, motion: motion('meanwhile'), measure: () => 1 })
  let opening: ReturnType<typeof open> | undefined
  await stage.db.transaction().execute(async (trx) => {
    await lockNow(trx, [rollKey('drivers')])
    opening = open()
    await new Promise((resolve) => setTimeout(resolve, 100))
    await trx.updateTable('members').set({ state: 'left', left_at: new Date() }).where('id', '=', gone).execute()
  })
  await opening
  const roll = await stage.db.selectFrom('roll').select('member_id').where('proposal', '=', 'meanwhile').execute()
  const numbers = roll.map(({ member_id }) => member_id)
  expect(numbers).toContain(keep)
  expect(numbers).not.toContain(gone)
})

test('she may have reported for many years', async () => {
  const [keep = 0, gone = 0] = await stage.join(2)
  await contact(keep, '+447700900531')
  await contact(gone, '+447700900532')
  await report(gone, '2026-11-23', 1, 1000)
  await sql`
    insert into reports select member_id, form, key || ',' || n, version, coop_id, week, cell, "values", figures, made_at,
      pool_at, message_id from reports, generate_series(1, 6000) as n where member_id = ${gone}`.execute(stage.db)
  await mergeMembers(stage.db, 'drivers', keep, gone)
  const count = (member: number) =>
    stage.db.selectFrom('reports').select('key').where('member_id', '=', member).execute()
  expect([(await count(keep)).length, (await count(gone)).length]).toEqual([6001, 0])
})

test('a vote that waits for a merge to open holds nothing that the merge may want', async () => {
  const open = () => openVote(stage.db, { charter: drivers, motion: motion('waiting'), measure: () => 1 })
  let opening: ReturnType<typeof open> | undefined
  await stage.db.transaction().execute(async (trx) => {
    await lockNow(trx, [rollKey('drivers')])
    opening = open()
    await new Promise((resolve) => setTimeout(resolve, 100))
    await lockNow(trx, [voteKey('drivers', 'waiting')], 1)
  })
  expect(await opening).toMatchObject({ slug: 'waiting' })
})
