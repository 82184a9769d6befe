// Answers that state a fact and of which no callback came.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { addressOn } from '../../src/coop/members/address.ts'
import { lookForUnconfirmed } from '../../src/messaging/unconfirmed.ts'
import { seal } from '../../src/store/seal.ts'
import { messageTwiml } from '../../src/twilio/twiml.ts'
import { bySms, join, type MessagingStage, messagingStage, nextPhone, outboxOf, type Person } from './stage.ts'

async function answered(stage: MessagingStage, sid: string, minutesAgo: number): Promise<Person> {
  const person = await join(stage, addressOn('sms', nextPhone()))
  await sql`update contacts set sender = ${bySms}`.execute(stage.db)
  await sql`
    insert into inbound (sid, coop_id, contact_id, state, reply, received_at, confirm_by)
    values (${sid}, 'drivers', ${person.contactId}, 'handled',
      ${seal(stage.keys, 'Counted: For.', 'inbound.reply')}, coopline_now() - make_interval(mins => ${minutesAgo}),
      coopline_now() - make_interval(mins => ${minutesAgo - 5}))`.execute(stage.db)
  return person
}
const waiting = async ({ db }: MessagingStage) =>
  (await sql`select from inbound where confirm_by is not null`.execute(db)).rows.length

test('one that the carrier has not is posted again, once, whoever looks', async () => {
  const stage = await messagingStage()
  await answered(stage, 'SM1', 6)
  await Promise.all([lookForUnconfirmed(stage.desk), lookForUnconfirmed(stage.desk)])
  await lookForUnconfirmed(stage.desk)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'pending', inbound_sid: 'SM1', class: 'answer' }])
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
