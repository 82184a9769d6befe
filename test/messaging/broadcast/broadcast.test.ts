// Fan-out: one row for each recipient, whoever makes it and however often it is broken off.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { addressOn } from '../../../src/coop/members/address.ts'
import { fanOut } from '../../../src/messaging/broadcast/broadcast.ts'
import { claim } from '../../../src/messaging/outbox/claim.ts'
import { moveClock } from '../../../src/store/clock.ts'
import {
  addContact,
  bySms,
  byWhatsapp,
  callAll,
  join,
  joinMany,
  longTexts,
  type MessagingStage,
  messagingStage,
  nextPhone,
  outboxOf,
} from '../stage.ts'
import { everybody } from '../worker_desk.ts'

async function makeMembers({ db, charter }: MessagingStage, count: number): Promise<void> {
  await sql`
    with made as (insert into members (coop_id, state, language, joined_at)
      select ${charter.id}, 'active', 'en', coopline_now() from generate_series(1, ${count}::int) returning id)
    insert into contacts (coop_id, address_index, person_index, address, channel, member_id)
    select ${charter.id}, sha256(id::text::bytea), sha256(id::text::bytea), '', 'sms', id from made`.execute(db)
}

const fanOutAll = async (stage: MessagingStage) => {
  while ((await fanOut(stage.desk, everybody)) === 'more');
}
const broadcastsOf = async ({ db }: MessagingStage) =>
  (await sql<{ state: string }>`select state from broadcasts order by id`.execute(db)).rows.map(
    ({ state }) => state,
  )

test('many members, many workers: one row each', async () => {
  const stage = await messagingStage()
  await makeMembers(stage, 3210)
  await callAll(stage)
  const worker = async () => {
    while ((await broadcastsOf(stage))[0] !== 'done') await fanOut(stage.desk, everybody)
  }
  await Promise.all([worker(), worker(), worker()])
  const { rows } = await sql`
    select count(*)::int as rows, count(distinct member_id)::int as members, min(sender) as sender
    from outbox`.execute(stage.db)
  expect(rows).toEqual([{ rows: 3210, members: 3210, sender: bySms }])
  expect(stage.rung).toContain(bySms)
})

test('a recipient behind the cursor is not missed', async () => {
  const stage = await messagingStage()
  await makeMembers(stage, 20)
  await callAll(stage)
  await fanOut(stage.desk, everybody)
  await sql`delete from outbox where id % 3 = 0`.execute(stage.db)
  await fanOutAll(stage)
  expect(await outboxOf(stage.db)).toHaveLength(20)
  expect(await broadcastsOf(stage)).toEqual(['done'])
})

test('each goes to where she wrote last; who is silent or has no address gets a row that says so', async () => {
  const stage = await messagingStage()
  const two = await join(stage, addressOn('sms', nextPhone()), { wroteHoursAgo: 5 })
  const whatsapp = await addContact(stage, two.memberId, addressOn('whatsapp', nextPhone()), { wroteHoursAgo: 1 })
  const silent = await join(stage, addressOn('sms', nextPhone()), { suppressed: true })
  const lost = await join(stage, addressOn('sms', nextPhone()))
  await sql`delete from contacts where id = ${lost.contactId}`.execute(stage.db)
  await callAll(stage)
  await fanOutAll(stage)
  expect(await outboxOf(stage.db)).toMatchObject([
    { member_id: two.memberId, contact_id: whatsapp, sender: byWhatsapp, state: 'pending' },
    { member_id: silent.memberId, state: 'silenced' },
    { member_id: lost.memberId, contact_id: null, state: 'unreachable' },
  ])
})

test('two who share a phone are each called there', async () => {
  const stage = await messagingStage()
  const one = await join(stage, addressOn('sms', nextPhone()))
  const [other] = await joinMany(stage, 1)
  await sql`delete from contacts where member_id = ${other?.memberId}`.execute(stage.db)
  await sql`insert into member_contacts values (${other?.memberId}, ${one.contactId})`.execute(stage.db)
  await callAll(stage)
  await fanOutAll(stage)
  expect(await outboxOf(stage.db)).toMatchObject([
    { member_id: one.memberId, contact_id: one.contactId, state: 'pending' },
    { member_id: other?.memberId, contact_id: one.contactId, state: 'pending' },
  ])
})

test('each is charged to its sender by the segments of its text in her language; on WhatsApp it is one', async () => {
  const stage = await messagingStage()
  for (const language of ['en', 'hi', 'sw'] as const) await join(stage, addressOn('sms', nextPhone()), { language })
  await join(stage, addressOn('whatsapp', nextPhone()), { language: 'hi', wroteHoursAgo: 1 })
  await callAll(stage)
  await fanOut(longTexts(stage), everybody)
  expect((await outboxOf(stage.db)).map(({ segments }) => segments)).toEqual([2, 3, 2, 1])
  await sql`update senders set rate = 5, tokens = 5, refilled_at = clock_timestamp()`.execute(stage.db)
  const night = { ...stage.charter.quiet, timezone: stage.charter.timezone }
  expect((await claim(stage.db, bySms, night, 16)).rows).toHaveLength(2)
  const { rows } = await sql`select tokens from senders where address = ${bySms}`.execute(stage.db)
  expect(rows).toEqual([{ tokens: 0 }])
})

test('a sender that the charter dropped is passed over: who wrote there last is called from another', async () => {
  const stage = await messagingStage({
    charter: { senders: [{ address: bySms, rate: 1000, carrier_answers: true }] },
  })
  const two = await join(stage, addressOn('sms', nextPhone()), { wroteHoursAgo: 50 })
  await addContact(stage, two.memberId, addressOn('whatsapp', nextPhone()), { wroteHoursAgo: 1 })
  const one = await join(stage, addressOn('whatsapp', nextPhone()), { wroteHoursAgo: 1 })
  await callAll(stage)
  await fanOutAll(stage)
  expect(await outboxOf(stage.db)).toMatchObject([
    { contact_id: two.contactId, sender: bySms, state: 'pending' },
    { contact_id: one.contactId, sender: bySms, state: 'pending' },
  ])
})

test('a broadcast waits for its time, and one whose time is over is dropped', async () => {
  const stage = await messagingStage()
  await joinMany(stage, 1)
  await callAll(stage, { minutes: 1 })
  await sql`
    insert into broadcasts (coop_id, proposal, kind, state, begins_at, expires_at, any_hour)
    values ('drivers', 'later', 'call', 'waiting', coopline_now() + interval '2 minutes',
      coopline_now() + interval '1 hour', false)`.execute(stage.db)
  await moveClock(stage.db, 61)
  expect(await fanOut(stage.desk, everybody)).toBe('more')
  expect(await broadcastsOf(stage)).toEqual(['dropped', 'waiting'])
  const rest = await fanOut(stage.desk, everybody)
  expect(rest).toMatchObject({ inMs: expect.any(Number) })
  expect(typeof rest === 'object' && rest.inMs).toBeLessThanOrEqual(59_000)
  await moveClock(stage.db, 60)
  await fanOutAll(stage)
  expect(await broadcastsOf(stage)).toEqual(['dropped', 'done'])
  expect(await outboxOf(stage.db)).toHaveLength(1)
})

test('one that cannot be made does not hold up the others', async () => {
  const stage = await messagingStage()
  await joinMany(stage, 1)
  await sql`
    insert into broadcasts (coop_id, proposal, kind, state, begins_at, expires_at, any_hour)
    values ('a-coop-without-a-charter', 'x', 'call', 'waiting', coopline_now() - interval '1 hour',
      coopline_now() + interval '1 hour', false)`.execute(stage.db)
  await callAll(stage)
  await fanOut(stage.desk, everybody)
  await fanOut(stage.desk, everybody)
  expect(await broadcastsOf(stage)).toEqual(['waiting', 'done'])
  await expect(fanOut(stage.desk, everybody)).rejects.toThrow('which has no charter; apply one')
})
