// From a due row to the handset, over a real HTTP exchange with the pretend carrier and each of its faults.
import { sql } from 'kysely'
import pino from 'pino'
import { expect, test } from 'vitest'
import { addressOn, phoneOf } from '../../../src/coop/members/address.ts'
import { fanOut } from '../../../src/messaging/broadcast/broadcast.ts'
import { deliveryRound } from '../../../src/messaging/outbox/deliver.ts'
import { postAnswer } from '../../../src/messaging/outbox/outbox.ts'
import { now } from '../../../src/store/clock.ts'
import {
  addContact,
  bySms,
  byWhatsapp,
  callAll,
  countsOf,
  join,
  joinMany,
  keysWithOneMore,
  type MessagingStage,
  messagingStage,
  nextPhone,
  outboxOf,
  type Person,
  until,
} from '../stage.ts'
import { everybody } from '../worker_desk.ts'

/** Delivers whatever is due on both channels until nothing is. */
async function deliver(stage: MessagingStage): Promise<void> {
  const rounds = [bySms, byWhatsapp].map((address) => deliveryRound(stage.desk, { address, coopId: 'drivers' }))
  for (let changed = true; changed; ) {
    changed = false
    for (const round of rounds) {
      if ((await round.run()) === 'more') changed = true
      await round.drain?.()
    }
  }
}

async function call(stage: MessagingStage): Promise<void> {
  await callAll(stage)
  while ((await fanOut(stage.desk, everybody)) === 'more');
  await deliver(stage)
}

async function postTo(stage: MessagingStage, { contactId }: Person, text = 'Counted: For.') {
  const at = await now(stage.db)
  const expiresAt = new Date(at.getTime() + 3_600_000)
  const answer = { coopId: 'drivers', contactId, class: 'answer', sender: bySms, text, expiresAt } as const
  await postAnswer(stage.db, stage.keys, answer, at)
}

test('everyone is called once, in her language, and the callbacks say that it arrived', async () => {
  const stage = await messagingStage()
  const people = await joinMany(stage, 12)
  const hindi = await join(stage, addressOn('sms', nextPhone()), { language: 'hi' })
  const swahili = await join(stage, addressOn('sms', nextPhone()), { language: 'sw' })
  await call(stage)
  expect(countsOf(stage, [...people, hindi, swahili])).toEqual(Array(14).fill(1))
  expect(stage.carrier.received(hindi.address)[0]?.body).toBe('call fuel hi')
  // The co-op does not speak it, so its first language serves.
  expect(stage.carrier.received(swahili.address)[0]?.body).toBe('call fuel en')
  await stage.carrier.settled()
  expect((await outboxOf(stage.db)).map(({ state, status }) => `${state} ${status}`)).toEqual(
    Array(14).fill('accepted delivered'),
  )
})

test('too many requests: it is tried again, not before the carrier said, and the whole sender waits', async () => {
  const stage = await messagingStage()
  const [one] = await joinMany(stage, 1)
  if (!one) throw new Error('nobody joined')
  stage.carrier.faults.order({ fault: 'too_many_requests', times: 1, seconds: 20 })
  await call(stage)
  const { rows } = await sql<{ seconds: number; tokens: number }>`
    select extract(epoch from next_attempt_at - coopline_now())::float8 as seconds, tokens
    from outbox, senders where senders.address = ${bySms} and state = 'pending'`.execute(stage.db)
  expect(rows[0]?.seconds).toBeGreaterThan(18)
  expect(rows[0]?.tokens).toBeLessThan(-10_000)
  await sql`update outbox set next_attempt_at = coopline_now()`.execute(stage.db)
  await sql`update senders set tokens = rate`.execute(stage.db)
  await deliver(stage)
  expect(countsOf(stage, [one])).toEqual([1])
})

test.for(['server_error', 'bad_gateway', 'reset_before', 'reset_after', 'hang_after', 'garbled_answer'] as const)(
  'after %s nothing is sent again by itself: it is unclear, unless a callback tells',
  async (fault) => {
    const stage = await messagingStage()
    const people = await joinMany(stage, 1)
    stage.carrier.faults.order({ fault })
    await call(stage)
    await stage.carrier.settled()
    const accepted = ['reset_after', 'hang_after', 'garbled_answer'].includes(fault)
    expect(countsOf(stage, people)).toEqual([accepted ? 1 : 0])
    const [row] = await outboxOf(stage.db)
    expect(row).toMatchObject({ state: accepted ? 'accepted' : 'unknown', attempts: 1 })
  },
)

test('the carrier is away: it is tried again with patience, and nothing is lost', async () => {
  const stage = await messagingStage()
  const people = await joinMany(stage, 1)
  await stage.carrier.stop()
  await call(stage)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'pending', attempts: 1 }])
  expect(people).toHaveLength(1)
})

test('one who opted out at the carrier is suppressed on all her channels', async () => {
  const stage = await messagingStage()
  const [one] = await joinMany(stage, 1)
  if (!one) throw new Error('nobody joined')
  stage.carrier.faults.order({ fault: 'refuse', code: 21610 })
  await call(stage)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'silenced', error_code: 21610 }])
  const { rows } = await sql<{ silent: boolean }>`
    select blocked_at is not null and suppressed_at is not null as silent
    from contacts join members on members.id = member_id where contacts.id = ${one.contactId}`.execute(stage.db)
  expect(rows).toEqual([{ silent: true }])
})

test('an address that nothing reaches is remembered, and another of hers is tried', async () => {
  const stage = await messagingStage()
  const one = await join(stage, addressOn('sms', nextPhone()), { wroteHoursAgo: 1 })
  const other = addressOn('whatsapp', nextPhone())
  await addContact(stage, one.memberId, other, { wroteHoursAgo: 2 })
  stage.carrier.faults.order({ fault: 'refuse', code: 21614 })
  // The pretend carrier opens a window when she writes there.
  await stage.carrier.say(other, { to: byWhatsapp, body: 'hello' })
  await call(stage)
  expect(stage.carrier.received(other)).toHaveLength(1)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'accepted', attempts: 2 }])
  const { rows } = await sql`select unreachable_code from contacts order by id`.execute(stage.db)
  expect(rows).toEqual([{ unreachable_code: 21614 }, { unreachable_code: null }])
})

test('outside her 24 hours she is called by SMS, where her number and a sender allow it', async () => {
  const stage = await messagingStage()
  const one = await join(stage, addressOn('whatsapp', nextPhone()), { wroteHoursAgo: 30 })
  const nameless = await join(stage, 'whatsapp:GB.13491234', { wroteHoursAgo: 30 })
  await call(stage)
  const sms = addressOn('sms', phoneOf(one.address) ?? '')
  expect(stage.carrier.received(sms).map(({ body }) => body)).toEqual(['call fuel en'])
  expect((await outboxOf(stage.db)).map(({ state }) => state)).toEqual(['accepted', 'window_closed'])
  const { rows } = await sql`
    select channel, count(*)::int as contacts from contacts
    where member_id in (${one.memberId}, ${nameless.memberId})
    group by channel order by channel`.execute(stage.db)
  expect(rows).toEqual([
    { channel: 'sms', contacts: 1 },
    { channel: 'whatsapp', contacts: 2 },
  ])
})

test('without a sender for SMS her row says that the window was closed', async () => {
  const senders = [{ address: byWhatsapp, rate: 100, carrier_answers: false }] as const
  const stage = await messagingStage({ charter: { senders: [...senders] } })
  await join(stage, addressOn('whatsapp', nextPhone()), { wroteHoursAgo: 30 })
  await call(stage)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'window_closed', attempts: 0 }])
})

test('what waits for a sender that the charter has dropped goes from another', async () => {
  const stage = await messagingStage()
  const one = await join(stage, addressOn('whatsapp', nextPhone()), { wroteHoursAgo: 1 })
  const nameless = await join(stage, 'whatsapp:GB.13491235', { wroteHoursAgo: 1 })
  await callAll(stage)
  while ((await fanOut(stage.desk, everybody)) === 'more');
  const charter = { ...stage.charter, senders: stage.charter.senders.filter(({ address }) => address === bySms) }
  const charters = { current: () => [charter], byId: () => charter }
  await deliver({ ...stage, desk: { ...stage.desk, charters } })
  const sms = addressOn('sms', phoneOf(one.address) ?? '')
  expect(stage.carrier.received(sms)).toHaveLength(1)
  expect(stage.carrier.received(nameless.address)).toEqual([])
  expect((await outboxOf(stage.db)).map(({ state }) => state)).toEqual(['accepted', 'unreachable'])
})

test('a window that the carrier finds closed later sends her call by SMS too', async () => {
  const stage = await messagingStage()
  const one = await join(stage, addressOn('whatsapp', nextPhone()), { wroteHoursAgo: 2 })
  await call(stage)
  const sms = addressOn('sms', phoneOf(one.address) ?? '')
  // The report sets the row aside for a minute before another address is found for it.
  await until(async () => (await outboxOf(stage.db))[0]?.contact_id !== one.contactId)
  await deliver(stage)
  expect(stage.carrier.received(sms)).toHaveLength(1)
  expect(stage.carrier.received(one.address)).toHaveLength(0)
  await stage.carrier.settled()
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'accepted', status: 'delivered', attempts: 2 }])
})

test('a key that the carrier does not accept stops the sender, and the rows stay', async () => {
  const stage = await messagingStage()
  const [one] = await joinMany(stage, 1)
  if (!one) throw new Error('nobody joined')
  stage.carrier.faults.order({ fault: 'refuse', code: 20003 })
  await postTo(stage, one)
  await deliver(stage)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'pending', error_code: 20003 }])
  const { rows } = await sql`select stopped_code from senders where address = ${bySms}`.execute(stage.db)
  expect(rows).toEqual([{ stopped_code: 20003 }])
})

test('a text whose key is not here yet waits for it, however often it is tried, and is said once a minute', async () => {
  const lines: string[] = []
  const stage = await messagingStage({ log: pino({}, { write: (line: string) => void lines.push(line) }) })
  const keys = keysWithOneMore(stage.keyFolder)
  const people = await joinMany({ ...stage, keys }, 2)
  await callAll(stage)
  await fanOut(stage.desk, everybody)
  const round = deliveryRound(stage.desk, { address: bySms, coopId: 'drivers' })
  for (let tries = 0; tries < 7; tries++) {
    await sql`update outbox set next_attempt_at = coopline_now()`.execute(stage.db)
    await round.run()
    await round.drain?.()
  }
  expect(await outboxOf(stage.db)).toMatchObject(Array(2).fill({ state: 'pending', attempts: 0 }))
  expect(lines.filter((line) => line.includes('key_missing'))).toHaveLength(1)
  await sql`update outbox set next_attempt_at = coopline_now()`.execute(stage.db)
  await deliver({ ...stage, desk: { ...stage.desk, keys } })
  expect(countsOf(stage, people)).toEqual([1, 1])
})

test('a damaged address is given up after five tries', async () => {
  const stage = await messagingStage()
  const [one] = await joinMany(stage, 1)
  await sql`update contacts set address = set_byte(address, 20, get_byte(address, 20) # 1)`.execute(stage.db)
  if (one) await postTo(stage, one)
  for (let tries = 0; tries < 5; tries++) {
    expect(await outboxOf(stage.db)).toMatchObject([{ state: 'pending', attempts: tries }])
    await sql`update outbox set next_attempt_at = coopline_now()`.execute(stage.db)
    await deliver(stage)
  }
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'failed' }])
})

test('a worker that was stopped for too long after its claim sends nothing of it', async () => {
  const stage = await messagingStage({ timing: { sending: 0 } })
  const people = await joinMany(stage, 3)
  await callAll(stage)
  await fanOut(stage.desk, everybody)
  const round = deliveryRound(stage.desk, { address: bySms, coopId: 'drivers' })
  await round.run()
  await round.drain?.()
  expect(countsOf(stage, people)).toEqual([0, 0, 0])
  expect((await outboxOf(stage.db)).map(({ state }) => state)).toEqual(Array(3).fill('pending'))
})

test('a claim that was taken away writes nothing', async () => {
  const stage = await messagingStage()
  const [one] = await joinMany(stage, 1)
  if (!one) throw new Error('nobody joined')
  stage.lose(10)
  stage.carrier.faults.order({ fault: 'hang_after' })
  await postTo(stage, one)
  const round = deliveryRound(stage.desk, { address: bySms, coopId: 'drivers' })
  await round.run()
  await sql`update outbox set claim = gen_random_uuid()`.execute(stage.db)
  await round.drain?.()
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'sending' }])
})
