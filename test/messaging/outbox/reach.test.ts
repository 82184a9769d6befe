// What the carrier says of an address, against what she has written since: the newer of the two holds.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { addressOn } from '../../../src/coop/members/address.ts'
import { fanOut } from '../../../src/messaging/broadcast/broadcast.ts'
import { deliveryRound } from '../../../src/messaging/outbox/deliver.ts'
import {
  addContact,
  bySms,
  byWhatsapp,
  callAll,
  countsOf,
  join,
  longTexts,
  type MessagingStage,
  messagingStage,
  nextPhone,
  outboxOf,
  type Person,
  until,
} from '../stage.ts'
import { everybody } from '../worker_desk.ts'

async function deliver(stage: MessagingStage, address: string): Promise<void> {
  const round = deliveryRound(stage.desk, { address, coopId: 'drivers' })
  while ((await round.run()) === 'more') await round.drain?.()
}

async function call(stage: MessagingStage): Promise<void> {
  await callAll(stage)
  while ((await fanOut(stage.desk, everybody)) === 'more');
}

/** As if she wrote from there right after the next send was begun. */
const writesSoon = (stage: MessagingStage, contactId: number) =>
  sql`update contacts set last_inbound_at = coopline_now() + interval '5 seconds' where id = ${contactId}`.execute(
    stage.db,
  )

const silence = async (stage: MessagingStage, { contactId }: Person) =>
  (
    await sql`
      select blocked_at is not null as blocked, suppressed_at is not null as suppressed
      from contacts join members on members.id = member_id where contacts.id = ${contactId}`.execute(stage.db)
  ).rows

test('the refusal of a send that was begun before her START does not silence her again', async () => {
  const stage = await messagingStage()
  const one = await join(stage, addressOn('sms', nextPhone()))
  stage.carrier.faults.order({ fault: 'refuse', code: 21610 })
  await call(stage)
  await writesSoon(stage, one.contactId)
  await deliver(stage, bySms)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'silenced', error_code: 21610 }])
  expect(await silence(stage, one)).toEqual([{ blocked: false, suppressed: false }])
})

test('a START by WhatsApp in the meantime lifts ours; the number stays blocked at the carrier', async () => {
  const stage = await messagingStage()
  const one = await join(stage, addressOn('sms', nextPhone()), { wroteHoursAgo: 1 })
  const other = await addContact(stage, one.memberId, addressOn('whatsapp', nextPhone()), { wroteHoursAgo: 2 })
  stage.carrier.faults.order({ fault: 'refuse', code: 21610 })
  await call(stage)
  await writesSoon(stage, other)
  await deliver(stage, bySms)
  expect(await silence(stage, one)).toEqual([{ blocked: true, suppressed: false }])
})

test('an address from which she has written since the send was begun is not held to be unreachable', async () => {
  const stage = await messagingStage()
  const one = await join(stage, addressOn('sms', nextPhone()))
  stage.carrier.faults.order({ fault: 'refuse', code: 21614 })
  await call(stage)
  await writesSoon(stage, one.contactId)
  await deliver(stage, bySms)
  const { rows } = await sql`select unreachable_code from contacts`.execute(stage.db)
  expect(rows).toEqual([{ unreachable_code: null }])
})

test('who stopped us by SMS at the carrier is not sent to there, and is called by WhatsApp', async () => {
  const stage = await messagingStage()
  const one = await join(stage, addressOn('sms', nextPhone()), { wroteHoursAgo: 1 })
  const other = addressOn('whatsapp', nextPhone())
  await addContact(stage, one.memberId, other, { wroteHoursAgo: 2 })
  // The pretend carrier opens a window when she writes there.
  await stage.carrier.say(other, { to: byWhatsapp, body: 'hello' })
  await call(stage)
  await sql`update contacts set blocked_at = coopline_now() where id = ${one.contactId}`.execute(stage.db)
  await deliver(stage, bySms)
  await deliver(stage, byWhatsapp)
  expect(countsOf(stage, [one, { ...one, address: other }])).toEqual([0, 1])
})

test('a call that finds another address costs its sender there what it takes there', async () => {
  const stage = await messagingStage()
  const desk = longTexts(stage)
  const hindi = { language: 'hi' } as const
  await join(stage, addressOn('whatsapp', nextPhone()), { ...hindi, wroteHoursAgo: 30 })
  const two = await join(stage, addressOn('sms', nextPhone()), { ...hindi, wroteHoursAgo: 1 })
  await addContact(stage, two.memberId, addressOn('whatsapp', nextPhone()), { wroteHoursAgo: 2 })
  await callAll(stage)
  await fanOut(desk, everybody)
  await sql`update contacts set unreachable_code = 30005 where id = ${two.contactId}`.execute(stage.db)
  for (const address of [byWhatsapp, bySms]) await deliver({ ...stage, desk }, address)
  expect(await outboxOf(stage.db)).toMatchObject([
    { sender: bySms, segments: 3 },
    { sender: byWhatsapp, segments: 1 },
  ])
})

test('outside her 24 hours on WhatsApp, who stopped us by SMS at the carrier is not called at all', async () => {
  const stage = await messagingStage()
  const phone = nextPhone()
  const one = await join(stage, addressOn('whatsapp', phone), { wroteHoursAgo: 30 })
  const blocked = await addContact(stage, one.memberId, addressOn('sms', phone), { wroteHoursAgo: 40 })
  await sql`update contacts set blocked_at = coopline_now() where id = ${blocked}`.execute(stage.db)
  await call(stage)
  await deliver(stage, byWhatsapp)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'window_closed', attempts: 0 }])
})

test('two WhatsApp addresses whose windows are closed at the carrier are tried once each', async () => {
  const senders = [{ address: byWhatsapp, rate: 1000, carrier_answers: false }] as const
  const stage = await messagingStage({ charter: { senders: [...senders] } })
  const one = await join(stage, addressOn('whatsapp', nextPhone()), { wroteHoursAgo: 1 })
  const other = await addContact(stage, one.memberId, addressOn('whatsapp', nextPhone()), { wroteHoursAgo: 2 })
  await call(stage)
  await until(async () => {
    await deliver(stage, byWhatsapp)
    const [row] = await outboxOf(stage.db)
    return row?.state === 'window_closed' || (row?.attempts ?? 0) > 3
  })
  await stage.carrier.settled()
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'window_closed', attempts: 2, contact_id: other }])
})

test('a window that the carrier found closed counts as closed until she writes', async () => {
  const stage = await messagingStage()
  const address = addressOn('whatsapp', nextPhone())
  const one = await join(stage, address, { wroteHoursAgo: 1 })
  await sql`update contacts set unreachable_code = 63016`.execute(stage.db)
  await call(stage)
  await deliver(stage, byWhatsapp)
  const [moved] = await outboxOf(stage.db)
  expect(moved).toMatchObject({ state: 'pending', attempts: 0 })
  expect(moved?.contact_id).not.toBe(one.contactId)
})

test('one whose address is damaged keeps none of the others from being reached by SMS', async () => {
  const stage = await messagingStage()
  const outside = () => join(stage, addressOn('whatsapp', nextPhone()), { wroteHoursAgo: 48 })
  const people = [await outside(), await outside(), await outside(), await outside()]
  const damaged = people[1]?.contactId ?? 0
  await sql`update contacts set address = set_byte(address, 20, get_byte(address, 20) # 90)
    where id = ${damaged}`.execute(stage.db)
  await call(stage)
  await deliver(stage, byWhatsapp)
  await deliver(stage, bySms)
  expect((await outboxOf(stage.db)).map(({ state }) => state).toSorted()).toEqual([
    ...Array(3).fill('accepted'),
    'pending',
  ])
})
