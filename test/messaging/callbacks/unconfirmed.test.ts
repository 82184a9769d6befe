// Answers that state a fact and of which no callback came.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { addressOn } from '../../../src/coop/members/address.ts'
import { eraseMember } from '../../../src/coop/members/erase_queries.ts'
import { lookForUnconfirmed, postSecond } from '../../../src/messaging/callbacks/unconfirmed.ts'
import { unsealBody } from '../../../src/messaging/outbox/outbox.ts'
import { messageTwiml } from '../../../src/twilio/twiml.ts'
import { answered, waiting } from '../answered.ts'
import { bySms, join, messagingStage, nextPhone, outboxOf } from '../stage.ts'

test('one that the carrier has not is posted again, once, whoever looks', async () => {
  const stage = await messagingStage()
  await answered(stage, 'SM1', 6)
  await Promise.all([lookForUnconfirmed(stage.desk), lookForUnconfirmed(stage.desk)])
  await lookForUnconfirmed(stage.desk)
  const posted = await outboxOf(stage.db)
  expect(posted).toMatchObject([{ state: 'pending', inbound_sid: 'SM1', class: 'answer' }])
  expect(unsealBody(stage.keys, posted[0]?.body ?? Buffer.alloc(0))).toBe('Counted: For.')
  expect(await waiting(stage)).toBe(0)
  expect(stage.rung).toContain(bySms)
})

test('one that the carrier has is confirmed by its list', async () => {
  const stage = await messagingStage()
  const person = await answered(stage, 'SM1', 6)
  stage.answer(messageTwiml('Counted: For.'))
  await stage.carrier.say(person.address, { to: bySms, body: '1' })
  await lookForUnconfirmed(stage.desk)
  expect(await waiting(stage)).toBe(0)
  expect(await outboxOf(stage.db)).toEqual([])
})

test('it is not looked for before its time', async () => {
  const stage = await messagingStage()
  await answered(stage, 'SM1', 4)
  await lookForUnconfirmed(stage.desk)
  expect(await waiting(stage)).toBe(1)
})

test('while the list cannot be read nothing is decided', async () => {
  const stage = await messagingStage()
  await answered(stage, 'SM1', 6)
  await stage.carrier.stop()
  await lookForUnconfirmed(stage.desk)
  expect(await waiting(stage)).toBe(1)
  expect(await outboxOf(stage.db)).toEqual([])
})

test('one to a person who was erased is let go', async () => {
  const stage = await messagingStage()
  await answered(stage, 'SM1', 6)
  await sql`delete from contacts`.execute(stage.db)
  await lookForUnconfirmed(stage.desk)
  expect(await waiting(stage)).toBe(0)
})

test('one to a person who has said STOP since is let go, by whichever way it comes up; the answer to STOP is not', async () => {
  const stage = await messagingStage()
  const { memberId } = await answered(stage, 'SM1', 7)
  await sql`update members set suppressed_at = (select received_at + interval '1 second' from inbound)`.execute(
    stage.db,
  )
  await postSecond(stage.db, stage.desk, 'SM1', 0)
  await lookForUnconfirmed(stage.desk)
  expect(await outboxOf(stage.db)).toEqual([])
  expect(await waiting(stage)).toBe(0)
  await sql`update inbound set confirm_by = coopline_now(), received_at = suppressed_at
    from members where members.id = ${memberId}`.execute(stage.db)
  await lookForUnconfirmed(stage.desk)
  expect(await outboxOf(stage.db)).toMatchObject([{ inbound_sid: 'SM1' }])
})

test('one after which she was told something newer is let go: it may be true no more', async () => {
  const stage = await messagingStage()
  const { memberId, contactId } = await answered(stage, 'SM1', 7)
  const other = await join(stage, addressOn('whatsapp', nextPhone()))
  await sql`update contacts set member_id = ${memberId} where id = ${other.contactId}`.execute(stage.db)
  const later = (statesFact: boolean, contact: number) =>
    sql`
    insert into inbound (sid, coop_id, contact_id, state, received_at, states_fact)
    select ${`SM-${contact}-${statesFact}`}, coop_id, ${contact}, 'handled', received_at + interval '1 second',
      ${statesFact} from inbound where sid = 'SM1'`.execute(stage.db)
  await later(false, contactId)
  await lookForUnconfirmed(stage.desk)
  expect(await outboxOf(stage.db)).toMatchObject([{ inbound_sid: 'SM1' }])
  await sql`delete from outbox`.execute(stage.db)
  await sql`update inbound set confirm_by = coopline_now() where sid = 'SM1'`.execute(stage.db)
  await later(true, other.contactId)
  await postSecond(stage.db, stage.desk, 'SM1', 0)
  await lookForUnconfirmed(stage.desk)
  expect(await outboxOf(stage.db)).toEqual([])
  expect(await waiting(stage)).toBe(0)
})

test('one to a person who is erased while the carrier is asked is not posted', async () => {
  const stage = await messagingStage()
  const { memberId } = await answered(stage, 'SM1', 6)
  const find = async () => {
    await eraseMember(stage.db, stage.keys, 'drivers', memberId)
    return undefined
  }
  await lookForUnconfirmed({ ...stage.desk, carrier: { ...stage.desk.carrier, find } })
  expect(await outboxOf(stage.db)).toEqual([])
  expect(await waiting(stage)).toBe(0)
})

test('one whose box is forgotten is let go, by whichever way it comes up', async () => {
  const stage = await messagingStage()
  await answered(stage, 'SM1', 6)
  await sql`delete from replies`.execute(stage.db)
  await postSecond(stage.db, stage.desk, 'SM1', 0)
  await lookForUnconfirmed(stage.desk)
  expect(await waiting(stage)).toBe(0)
  expect(await outboxOf(stage.db)).toEqual([])
})

test('one whose box does not open waits, and the others go on', async () => {
  const stage = await messagingStage()
  await answered(stage, 'SM1', 7)
  await sql`update replies set sealed = set_byte(sealed, 0, 9)`.execute(stage.db)
  await answered(stage, 'SM2', 6)
  await lookForUnconfirmed(stage.desk)
  expect(await outboxOf(stage.db)).toMatchObject([{ inbound_sid: 'SM2' }])
  expect(await waiting(stage)).toBe(1)
})
