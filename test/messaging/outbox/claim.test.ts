// What may be sent now, and by whom: the fences of a claim, its rate, its order.
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { addressOn } from '../../../src/coop/members/address.ts'
import { fanOut } from '../../../src/messaging/broadcast/broadcast.ts'
import { claim, claimStatement } from '../../../src/messaging/outbox/claim.ts'
import { postAnswer } from '../../../src/messaging/outbox/outbox.ts'
import { moveClock, now, standClock } from '../../../src/store/clock.ts'
import {
  bySms,
  byWhatsapp,
  callAll,
  join,
  joinMany,
  type MessagingStage,
  messagingStage,
  nextPhone,
  outboxOf,
} from '../stage.ts'
import { everybody } from '../worker_desk.ts'

const noNight = { from: '03:00', to: '03:00', timezone: 'Asia/Kolkata' }
const statesOf = async (stage: MessagingStage) => (await outboxOf(stage.db)).map(({ state }) => state)

async function setRate(stage: MessagingStage, rate: number, tokens: number) {
  await sql`update senders set rate = ${rate}, tokens = ${tokens}, refilled_at = clock_timestamp()`.execute(
    stage.db,
  )
}

async function postTo(stage: MessagingStage, contactId: number, of: { text?: string; memberId?: number } = {}) {
  const at = await now(stage.db)
  const expiresAt = new Date(at.getTime() + 3_600_000)
  const answer = {
    coopId: 'drivers',
    contactId,
    class: 'answer',
    sender: bySms,
    text: 'Counted',
    expiresAt,
  } as const
  await postAnswer(stage.db, stage.keys, { ...answer, ...of }, at)
}

test('many workers at once never claim a row twice, and miss none', async () => {
  const stage = await messagingStage()
  await joinMany(stage, 120)
  await callAll(stage)
  await fanOut(stage.desk, everybody)
  const worker = async () => {
    const mine: number[] = []
    for (;;) {
      const { rows, changed } = await claim(stage.db, bySms, noNight, 7)
      if (changed === 0) return mine
      mine.push(...rows.map(({ id }) => id))
    }
  }
  const claimed = (await Promise.all(Array.from({ length: 8 }, worker))).flat()
  expect(claimed).toHaveLength(120)
  expect(new Set(claimed).size).toBe(120)
})

test('a sender sends no more segments than its rate, over all workers', async () => {
  const stage = await messagingStage()
  await joinMany(stage, 60)
  await callAll(stage)
  await fanOut(stage.desk, everybody)
  await setRate(stage, 20, 20)
  const began = performance.now()
  let claimed = 0
  const worker = async () => {
    while (performance.now() - began < 1000) {
      const { rows } = await claim(stage.db, bySms, noNight, 16)
      claimed += rows.length
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  await Promise.all([worker(), worker()])
  const seconds = (performance.now() - began) / 1000
  expect(claimed).toBeGreaterThanOrEqual(30)
  expect(claimed).toBeLessThanOrEqual(20 + 20 * seconds + 1)
})

test('a sender that had nothing to send for hours has saved up one second of its rate, and no more', async () => {
  const stage = await messagingStage()
  const [one] = await joinMany(stage, 1)
  for (let at = 0; at < 20; at++) await postTo(stage, one?.contactId ?? 0)
  await setRate(stage, 3, 3)
  await sql`update senders set refilled_at = clock_timestamp() - interval '5 hours'`.execute(stage.db)
  const began = performance.now()
  let claimed = 0
  for (let at = 0; at < 4; at++) claimed += (await claim(stage.db, bySms, noNight, 16)).rows.length
  const seconds = (performance.now() - began) / 1000
  expect(claimed).toBeGreaterThanOrEqual(3)
  expect(claimed).toBeLessThanOrEqual(3 + 3 * seconds)
})

test('a text of more segments than a second allows goes out all the same, in its turn', async () => {
  const stage = await messagingStage()
  const [one] = await joinMany(stage, 1)
  await setRate(stage, 2, 0)
  await postTo(stage, one?.contactId ?? 0, { text: 'x'.repeat(700) })
  const first = await claim(stage.db, bySms, noNight, 16)
  expect(first).toMatchObject({ rows: [], changed: 0 })
  expect(first.waitMs).toBeGreaterThan(2200)
  expect(first.waitMs).toBeLessThanOrEqual(2500)
  await sql`update senders set refilled_at = clock_timestamp() - interval '2.5 seconds'`.execute(stage.db)
  expect((await claim(stage.db, bySms, noNight, 16)).rows).toHaveLength(1)
})

test('whoever waits for an answer goes before whoever is called', async () => {
  const stage = await messagingStage()
  const [first] = await joinMany(stage, 20)
  await callAll(stage)
  await fanOut(stage.desk, everybody)
  await postTo(stage, first?.contactId ?? 0)
  await setRate(stage, 5, 5)
  const { rows } = await claim(stage.db, bySms, noNight, 3)
  expect(rows.map((row) => row.class)).toEqual(['answer', 'call', 'call'])
})

test('one who is suppressed, or left, is not called and is answered', async () => {
  const stage = await messagingStage()
  const [one, two] = await joinMany(stage, 2)
  await callAll(stage)
  await fanOut(stage.desk, everybody)
  await sql`update members set suppressed_at = coopline_now() where id = ${one?.memberId}`.execute(stage.db)
  await sql`update members set state = 'left' where id = ${two?.memberId}`.execute(stage.db)
  await postTo(stage, one?.contactId ?? 0)
  const { rows } = await claim(stage.db, bySms, noNight, 16)
  expect(rows.map((row) => row.class)).toEqual(['answer'])
  expect(await statesOf(stage)).toEqual(['silenced', 'silenced', 'sending'])
})

test('what she was to be answered before she said STOP is not sent any more', async () => {
  const stage = await messagingStage()
  const { contactId, memberId } = await join(stage, addressOn('sms', nextPhone()))
  await postTo(stage, contactId, { memberId })
  await moveClock(stage.db, 1)
  await sql`update members set suppressed_at = coopline_now()`.execute(stage.db)
  await moveClock(stage.db, 1)
  await postTo(stage, contactId, { memberId })
  const { rows } = await claim(stage.db, bySms, noNight, 16)
  expect(rows).toHaveLength(1)
  expect(await statesOf(stage)).toEqual(['silenced', 'sending'])
})

test('nothing goes to an address that the carrier has blocked: no answer either, and a call looks for another', async () => {
  const stage = await messagingStage()
  const [one, two] = await joinMany(stage, 2)
  await callAll(stage)
  await fanOut(stage.desk, everybody)
  for (const person of [one, two]) await postTo(stage, person?.contactId ?? 0)
  await sql`update contacts set blocked_at = coopline_now() where id = ${one?.contactId}`.execute(stage.db)
  const { rows, stranded } = await claim(stage.db, bySms, noNight, 16)
  expect(rows.map(({ contactId }) => contactId)).toEqual([two?.contactId, two?.contactId])
  expect(stranded).toMatchObject([{ contactId: one?.contactId, class: 'call', verdict: 'silenced' }])
  expect(await statesOf(stage)).toEqual(['pending', 'sending', 'silenced', 'sending'])
})

test('a call waits while she has an open question, and goes soon after she has answered', async () => {
  const stage = await messagingStage()
  const one = await join(stage, addressOn('sms', nextPhone()), { askingMinutes: 10 })
  await callAll(stage)
  await fanOut(stage.desk, everybody)
  expect(await claim(stage.db, bySms, noNight, 16)).toMatchObject({ rows: [], changed: 1 })
  const waiting = await claim(stage.db, bySms, noNight, 16)
  expect(waiting.changed).toBe(0)
  expect(waiting.waitMs).toBeLessThanOrEqual(20_000)
  await sql`update contacts set asking_until = null where id = ${one.contactId}`.execute(stage.db)
  await moveClock(stage.db, 20)
  expect((await claim(stage.db, bySms, noNight, 16)).rows).toHaveLength(1)
})

test('a question that was forgotten holds a call for its time and no longer', async () => {
  const stage = await messagingStage()
  await join(stage, addressOn('sms', nextPhone()), { askingMinutes: 10 })
  await callAll(stage)
  await fanOut(stage.desk, everybody)
  await claim(stage.db, bySms, noNight, 16)
  await moveClock(stage.db, 599)
  expect((await claim(stage.db, bySms, noNight, 16)).rows).toHaveLength(0)
  await moveClock(stage.db, 20)
  expect((await claim(stage.db, bySms, noNight, 16)).rows).toHaveLength(1)
})

test('in the last five minutes of a vote only a question younger than three minutes holds a call', async () => {
  const stage = await messagingStage()
  const young = await join(stage, addressOn('sms', nextPhone()), { askingMinutes: 8 })
  const older = await join(stage, addressOn('sms', nextPhone()), { askingMinutes: 7 })
  await callAll(stage, { minutes: 10 })
  await fanOut(stage.desk, everybody)
  expect((await claim(stage.db, bySms, noNight, 16)).rows).toEqual([])
  await standClock(stage.db, new Date((await now(stage.db)).getTime() + 5.5 * 60_000))
  await sql`update contacts set asking_until = coopline_now() + interval '1 minute'
    * case id when ${young.contactId} then 8 else 6 end`.execute(stage.db)
  const { rows } = await claim(stage.db, bySms, noNight, 16)
  expect(rows.map(({ memberId }) => memberId)).toEqual([older.memberId])
})

const night = { from: '21:00', to: '08:00', timezone: 'Asia/Kolkata' }
// 22:30 in Kolkata, where the hour is half an hour off.
const lateEvening = new Date('2026-11-23T17:00:00Z')

test('at night we begin nothing but what may go at any hour; the rest goes in the morning', async () => {
  const stage = await messagingStage()
  const [one] = await joinMany(stage, 1)
  await standClock(stage.db, lateEvening)
  await callAll(stage, { minutes: 24 * 60 })
  await callAll(stage, { kind: 'outcome', minutes: 24 * 60, anyHour: true })
  await callAll(stage, { kind: 'notice', minutes: 60 })
  for (let chunk = 0; chunk < 6; chunk++) await fanOut(stage.desk, everybody)
  await postTo(stage, one?.contactId ?? 0)
  const { rows } = await claim(stage.db, bySms, night, 16)
  expect(rows.map((row) => row.class)).toEqual(['answer', 'outcome'])
  const after = await claim(stage.db, bySms, night, 16)
  expect(after).toMatchObject({ changed: 0, waitMs: 9.5 * 3_600_000 })
  await moveClock(stage.db, 9.5 * 3600)
  expect((await claim(stage.db, bySms, night, 16)).rows.map((row) => row.class)).toEqual(['call'])
  expect(await statesOf(stage)).toEqual(['sending', 'sending', 'expired', 'sending'])
})

test('outside her 24 hours on WhatsApp a row is stranded, kept out of the way for a minute', async () => {
  const stage = await messagingStage()
  await join(stage, addressOn('whatsapp', nextPhone()), { wroteHoursAgo: 25 })
  await join(stage, addressOn('whatsapp', nextPhone()), { wroteHoursAgo: 23 })
  await callAll(stage)
  await fanOut(stage.desk, everybody)
  const claimed = await claim(stage.db, byWhatsapp, noNight, 16)
  expect(claimed.rows).toHaveLength(1)
  expect(claimed.stranded).toMatchObject([{ verdict: 'window_closed' }])
  expect(await claim(stage.db, byWhatsapp, noNight, 16)).toMatchObject({ changed: 0 })
})

test('a call whose vote is closed, or whose time is up, expires unsent', async () => {
  const stage = await messagingStage()
  await joinMany(stage, 1)
  await sql`
    insert into proposals (coop_id, slug, kind, charter_version, title, text, options, rule, binding, any_hour,
      roll_count, quorum, status, noticed_at, opens_at, closes_at, closed_at, outcome)
    values ('drivers', 'fuel', 'quick', 1, '{}', '{}', '[]', '{}', false, false, 1, 1, 'closed', coopline_now(),
      coopline_now(), coopline_now() + interval '1 hour', coopline_now(), '{}')`.execute(stage.db)
  await callAll(stage)
  await callAll(stage, { kind: 'outcome', minutes: 1 })
  for (let chunk = 0; chunk < 4; chunk++) await fanOut(stage.desk, everybody)
  await moveClock(stage.db, 61)
  expect(await claim(stage.db, bySms, noNight, 16)).toMatchObject({ rows: [], changed: 2 })
  expect(await statesOf(stage)).toEqual(['expired', 'expired'])
})

test('a sender that was stopped is tried again after five minutes', async () => {
  const stage = await messagingStage()
  const [one] = await joinMany(stage, 1)
  await postTo(stage, one?.contactId ?? 0)
  await sql`update senders set stopped_at = clock_timestamp(), stopped_code = 20003`.execute(stage.db)
  expect(await claim(stage.db, bySms, noNight, 16)).toMatchObject({ rows: [], changed: 0 })
  await sql`update senders set stopped_at = clock_timestamp() - interval '6 minutes'`.execute(stage.db)
  expect((await claim(stage.db, bySms, noNight, 16)).rows).toHaveLength(1)
})

test('among a hundred thousand calls that wait, a claim takes less than ten milliseconds', async () => {
  const stage = await messagingStage()
  await sql`
    insert into outbox (coop_id, contact_id, member_id, class, broadcast_id, sender, priority, state,
      next_attempt_at, expires_at, created_at)
    select 'drivers', n, n, 'call', 1, ${bySms}, 2, 'pending', coopline_now() + (n % 2) * interval '1 hour',
      coopline_now() + interval '1 day', coopline_now() from generate_series(1, 100000) as n`.execute(stage.db)
  await setRate(stage, 50, 50)
  const { sql: statement, parameters } = claimStatement(bySms, noNight, 16, randomUUID()).compile(stage.db)
  const times: number[] = []
  for (let at = 0; at < 41; at++) {
    const { rows } = await sql<{ 'QUERY PLAN': [{ 'Execution Time': number }] }>`
      ${sql.raw(`explain (analyze, format json) ${literally(statement, parameters)}`)}`.execute(stage.db)
    times.push(rows[0]?.['QUERY PLAN'][0]['Execution Time'] ?? Number.NaN)
  }
  expect(times.sort((a, b) => a - b)[20]).toBeLessThan(10)
})

const literally = (statement: string, parameters: readonly unknown[]) =>
  statement.replace(/\$(\d+)/g, (_, n) => {
    const value = parameters[Number(n) - 1]
    return Array.isArray(value) ? `array[${value}]` : typeof value === 'number' ? `${value}` : `'${value}'`
  })
