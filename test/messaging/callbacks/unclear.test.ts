// Sends of which nobody knows: what the carrier has is adopted, what it has not goes by the rule of its class.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { fanOut } from '../../../src/messaging/broadcast/broadcast.ts'
import { openTexts } from '../../../src/messaging/broadcast/texts.ts'
import { recordStatus } from '../../../src/messaging/callbacks/statuses.ts'
import { resolveUnclear } from '../../../src/messaging/callbacks/unclear.ts'
import type { Desk } from '../../../src/messaging/desk.ts'
import { deliveryRound } from '../../../src/messaging/outbox/deliver.ts'
import { postAnswer } from '../../../src/messaging/outbox/outbox.ts'
import { now } from '../../../src/store/clock.ts'
import { rankOf } from '../../../src/twilio/status.ts'
import {
  bySms,
  callAll,
  countsOf,
  joinMany,
  keysWithOneMore,
  type MessagingStage,
  messagingStage,
  outboxOf,
} from '../stage.ts'
import { everybody, makeDesk } from '../worker_desk.ts'

async function deliver(stage: MessagingStage): Promise<void> {
  const round = deliveryRound(stage.desk, { address: bySms, coopId: 'drivers' })
  while ((await round.run()) === 'more') await round.drain?.()
}

const timing = { sending: 60_000, unclearSearch: 90_000, unclearAgain: 600_000 }

/** As if so many seconds had passed since the claim, by every clock. */
const pass = (stage: MessagingStage, seconds: number) =>
  sql`update outbox set claimed_at = claimed_at - make_interval(secs => ${seconds})`.execute(stage.db)

/** One row that is unclear after the fault; nothing is heard by callback. */
async function unclear(stage: MessagingStage, fault: 'reset_before' | 'reset_after', kind: 'answer' | 'call') {
  const [one] = await joinMany(stage, 1)
  if (!one) throw new Error('nobody joined')
  stage.lose(1000)
  stage.carrier.faults.order({ fault })
  if (kind === 'call') {
    await callAll(stage)
    while ((await fanOut(stage.desk, everybody)) === 'more');
  } else {
    const at = await now(stage.db)
    const expiresAt = new Date(at.getTime() + 3_600_000)
    const answer = { coopId: 'drivers', contactId: one.contactId, class: 'answer', sender: bySms } as const
    await postAnswer(stage.db, stage.keys, { ...answer, text: 'Counted', expiresAt }, at)
  }
  await deliver(stage)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'unknown' }])
  return one
}

test.for(['answer', 'call'] as const)('an %s that the carrier has is adopted and not sent again', async (kind) => {
  const stage = await messagingStage({ timing })
  const one = await unclear(stage, 'reset_after', kind)
  await resolveUnclear(stage.desk)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'unknown', searches: 0 }])
  await pass(stage, 91)
  await resolveUnclear(stage.desk)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'accepted', attempts: 1 }])
  expect(countsOf(stage, [one])).toEqual([1])
})

const told = async (stage: MessagingStage) =>
  (
    await sql<{ id: number; carrier: string; status: string }>`
      select id, carrier_id as carrier, status from outbox`.execute(stage.db)
  ).rows[0]

/** The carrier's callback about the one row. */
const callback = (stage: MessagingStage, id: number, providerId: string, status: string, errorCode?: number) =>
  recordStatus(
    stage.desk,
    { providerId, status, rank: rankOf(status), ...(errorCode !== undefined && { errorCode }) },
    { outboxId: id, attempt: 1 },
  )

test('no callback that comes late puts back what the list told, and a later one goes on from there', async () => {
  const stage = await messagingStage({ timing })
  await unclear(stage, 'reset_after', 'call')
  await stage.carrier.settled()
  await pass(stage, 91)
  await resolveUnclear(stage.desk)
  const { id = 0, carrier = '', status } = (await told(stage)) ?? {}
  expect(status).toBe('delivered')
  await callback(stage, id, carrier, 'sent')
  // A failure that would have her called once more.
  await callback(stage, id, carrier, 'undelivered', 30003)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'accepted', status: 'delivered' }])
  await callback(stage, id, carrier, 'read')
  expect(await told(stage)).toMatchObject({ status: 'read' })
})

test('what a callback tells while the list is read is not put back by the list', async () => {
  const stage = await messagingStage({ timing })
  await unclear(stage, 'reset_after', 'call')
  const { id = 0 } = (await told(stage)) ?? {}
  await pass(stage, 91)
  const find: typeof stage.desk.carrier.find = async (wanted) => {
    const found = await stage.desk.carrier.find(wanted)
    if (!found) throw new Error('the list has it not')
    await callback(stage, id, found.providerId, 'delivered')
    return { ...found, status: 'sent' }
  }
  await resolveUnclear({ ...stage.desk, carrier: { ...stage.desk.carrier, find } })
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'accepted', status: 'delivered' }])
})

test('a call is adopted also when she has changed her language since', async () => {
  const stage = await messagingStage({ timing })
  const one = await unclear(stage, 'reset_after', 'call')
  await sql`update members set language = 'hi' where id = ${one.memberId}`.execute(stage.db)
  await pass(stage, 91)
  await resolveUnclear(stage.desk)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'accepted' }])
})

/** The worker after a deployment that puts calls into other words. */
function withOtherWords({ db, desk }: MessagingStage): Desk {
  const call = { flow: 'broadcast', node: 'call', text: 'text', gaps: {}, offers: [] }
  return {
    ...desk,
    texts: openTexts(
      db,
      desk.charters,
      async () => [call],
      () => 'other words',
    ),
  }
}

test('a call is adopted also where a deployment has changed its words since', async () => {
  const stage = await messagingStage({ timing })
  const one = await unclear(stage, 'reset_after', 'call')
  const desk = withOtherWords(stage)
  await pass(stage, 91)
  await resolveUnclear(desk)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'accepted', attempts: 1 }])
  expect(countsOf(stage, [one])).toEqual([1])
})

test('a call that was sent by an older version, which kept no words, is adopted all the same', async () => {
  const stage = await messagingStage({ timing })
  await unclear(stage, 'reset_after', 'call')
  await sql`delete from broadcast_texts`.execute(stage.db)
  const { texts } = makeDesk({ ...stage.desk, charter: stage.charter, carrierUrl: stage.carrier.url })
  await pass(stage, 91)
  await resolveUnclear({ ...stage.desk, texts })
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'accepted', attempts: 1 }])
})

test('whoever is called after a deployment is called by the same words as the others', async () => {
  const stage = await messagingStage({ timing })
  const one = await unclear(stage, 'reset_before', 'call')
  await pass(stage, 601)
  await resolveUnclear(stage.desk)
  await resolveUnclear(stage.desk)
  await deliver({ ...stage, desk: withOtherWords(stage) })
  expect(stage.carrier.received(one.address).map(({ body }) => body)).toEqual(['call fuel en'])
})

test('an answer that the carrier has not goes again after one search', async () => {
  const stage = await messagingStage({ timing })
  const one = await unclear(stage, 'reset_before', 'answer')
  await pass(stage, 91)
  await resolveUnclear(stage.desk)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'pending' }])
  await deliver(stage)
  expect(countsOf(stage, [one])).toEqual([1])
})

test('a call that the carrier has not goes once more after two searches, and then never', async () => {
  const stage = await messagingStage({ timing })
  const one = await unclear(stage, 'reset_before', 'call')
  const search = async (seconds: number) => {
    await pass(stage, seconds)
    await resolveUnclear(stage.desk)
    return (await outboxOf(stage.db))[0]?.state
  }
  expect(await search(91)).toBe('unknown')
  expect(await search(0)).toBe('unknown')
  expect(await search(600)).toBe('pending')
  stage.carrier.faults.order({ fault: 'reset_before' })
  await deliver(stage)
  expect(await search(91)).toBe('unknown')
  expect(await search(600)).toBe('failed')
  expect(countsOf(stage, [one])).toEqual([0])
})

test('an equal text that was sent a moment before does not pass for this one', async () => {
  const stage = await messagingStage({ timing })
  const one = await unclear(stage, 'reset_before', 'answer')
  const at = await now(stage.db)
  const expiresAt = new Date(at.getTime() + 3_600_000)
  const answer = { coopId: 'drivers', contactId: one.contactId, class: 'answer', sender: bySms } as const
  await postAnswer(stage.db, stage.keys, { ...answer, text: 'Counted', expiresAt }, at)
  await deliver(stage)
  expect(countsOf(stage, [one])).toEqual([1])
  await pass(stage, 91)
  await resolveUnclear(stage.desk)
  await deliver(stage)
  expect(countsOf(stage, [one])).toEqual([2])
})

test('while the list cannot be read nothing is decided', async () => {
  const stage = await messagingStage({ timing })
  await unclear(stage, 'reset_before', 'answer')
  await pass(stage, 91)
  await stage.carrier.stop()
  await resolveUnclear(stage.desk)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'unknown', searches: 0 }])
})

test('rows that this process cannot open keep no other waiting', async () => {
  const stage = await messagingStage({ timing })
  const lost = await joinMany({ ...stage, keys: keysWithOneMore(stage.keyFolder) }, 20)
  const people = [...lost, ...(await joinMany(stage, 1))]
  const at = await now(stage.db)
  const expiresAt = new Date(at.getTime() + 3_600_000)
  const answer = { coopId: 'drivers', class: 'answer', sender: bySms, text: 'Counted', expiresAt } as const
  for (const { contactId } of people) await postAnswer(stage.db, stage.keys, { ...answer, contactId }, at)
  await sql`update outbox set state = 'unknown', claimed_at = coopline_now() - interval '10 minutes'
    + id * interval '1 second'`.execute(stage.db)
  await resolveUnclear(stage.desk)
  await resolveUnclear(stage.desk)
  expect((await outboxOf(stage.db)).map(({ state }) => state)).toEqual([...Array(20).fill('unknown'), 'pending'])
})

test('the claim of a process that is not heard of is void', async () => {
  const stage = await messagingStage({ timing })
  await unclear(stage, 'reset_after', 'call')
  await sql`update outbox set state = 'sending', claim = gen_random_uuid()`.execute(stage.db)
  await resolveUnclear(stage.desk)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'sending' }])
  await pass(stage, 61)
  await resolveUnclear(stage.desk)
  const { rows } = await sql`select state, claim from outbox`.execute(stage.db)
  expect(rows).toEqual([{ state: 'unknown', claim: null }])
})
