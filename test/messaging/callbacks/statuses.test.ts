// What the carrier reports, in any order and repeated: the row ends the same, and nobody is told twice.
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { eraseMember } from '../../../src/coop/members/erase_queries.ts'
import { type About, recordStatus } from '../../../src/messaging/callbacks/statuses.ts'
import { postAnswer } from '../../../src/messaging/outbox/outbox.ts'
import { now } from '../../../src/store/clock.ts'
import { lockNow, memberKey } from '../../../src/store/locks.ts'
import { rankOf, type StatusReport } from '../../../src/twilio/status.ts'
import { answered, waiting } from '../answered.ts'
import { bySms, joinMany, type MessagingStage, messagingStage, outboxOf, type Person } from '../stage.ts'

const sid = (n: number): string => `SM${n.toString(16).padStart(32, '0')}`
const report = (n: number, status: string, errorCode?: number): StatusReport => ({
  providerId: sid(n),
  status,
  rank: rankOf(status),
  ...(errorCode !== undefined && { errorCode }),
})

/** A row that was accepted under the carrier's id number `n`. */
async function sentRow(stage: MessagingStage, { contactId }: Person, n: number): Promise<number> {
  const at = await now(stage.db)
  const expiresAt = new Date(at.getTime() + 86_400_000)
  const answer = { coopId: 'drivers', contactId, class: 'answer', sender: bySms, text: 'Hello', expiresAt } as const
  await postAnswer(stage.db, stage.keys, answer, at)
  const { rows } = await sql<{ id: number }>`
    update outbox set state = 'accepted', attempts = 1, carrier_id = ${sid(n)}, status = 'queued', status_rank = 1
    where state = 'pending' returning id`.execute(stage.db)
  return rows[0]?.id ?? 0
}

const reach = async (stage: MessagingStage) =>
  (await sql`select unreachable_code from contacts`.execute(stage.db)).rows

const stories: readonly (readonly (readonly [string, number?])[])[] = [
  [['sending'], ['sent'], ['delivered'], ['read']],
  [['sending'], ['sent'], ['undelivered', 30005]],
  [['sending'], ['sent'], ['undelivered', 30003]],
  [['sent'], ['failed', 30005], ['delivered']],
  [['sent'], ['failed', 30003], ['delivered'], ['read']],
  [['a_status_of_tomorrow'], ['sent']],
]

test('any permutation of a story, with repeats, ends the same', async () => {
  const stage = await messagingStage()
  const [one] = await joinMany(stage, 1)
  if (!one) throw new Error('nobody joined')
  let n = 0
  const end = async (story: readonly (readonly [string, number?])[]) => {
    const row = await sentRow(stage, one, ++n)
    for (const [status, code] of story) await recordStatus(stage.desk, report(n, status, code), { outboxId: row })
    const last = (await outboxOf(stage.db)).find(({ id }) => id === row)
    const reached = await reach(stage)
    await sql`delete from outbox`.execute(stage.db)
    await sql`update contacts set unreachable_code = null`.execute(stage.db)
    return { state: last?.state, status: last?.status, code: last?.error_code, reached }
  }
  const tellings = fc.constantFrom(...stories).chain((story) =>
    fc.tuple(
      fc.constant(story),
      fc
        .tuple(
          fc.shuffledSubarray([...story], { minLength: story.length }),
          fc.array(fc.constantFrom(...story), { maxLength: 4 }),
        )
        .chain(([all, again]) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length })),
    ),
  )
  await fc.assert(
    fc.asyncProperty(tellings, async ([story, telling]) => {
      expect(await end(telling)).toEqual(await end(story))
    }),
    { numRuns: 60 },
  )
})

test('reports that come at once are folded as if they came one by one', async () => {
  const stage = await messagingStage()
  const people = await joinMany(stage, 10)
  const rows = await Promise.all(people.map((person, n) => sentRowAlone(stage, person, n)))
  await Promise.all(
    rows.flatMap((id, n) =>
      ['sent', 'delivered', 'sending', 'read', 'read'].map((status) =>
        recordStatus(stage.desk, report(n, status), { outboxId: id }),
      ),
    ),
  )
  expect((await outboxOf(stage.db)).map(({ status }) => status)).toEqual(Array(10).fill('read'))
})

async function sentRowAlone(stage: MessagingStage, { contactId }: Person, n: number): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into outbox (coop_id, contact_id, class, sender, priority, state, next_attempt_at, expires_at,
      carrier_id, attempts, created_at)
    values ('drivers', ${contactId}, 'answer', ${bySms}, 0, 'accepted', coopline_now(), coopline_now(),
      ${sid(n)}, 1, coopline_now()) returning id`.execute(stage.db)
  return rows[0]?.id ?? 0
}

test('a report adopts a message whose id never reached us, and whoever held the claim has lost it', async () => {
  const stage = await messagingStage()
  const [one] = await joinMany(stage, 1)
  if (!one) throw new Error('nobody joined')
  const id = await sentRow(stage, one, 1)
  await sql`
    update outbox set state = 'sending', carrier_id = null, status = null, status_rank = -1,
      claim = gen_random_uuid()`.execute(stage.db)
  await recordStatus(stage.desk, report(1, 'sent'), { outboxId: id, attempt: 1 })
  const { rows } = await sql`select state, claim, carrier_id from outbox`.execute(stage.db)
  expect(rows).toEqual([{ state: 'accepted', claim: null, carrier_id: sid(1) }])
})

test('the failure of an earlier try says nothing of the one under way', async () => {
  const stage = await messagingStage()
  const [one] = await joinMany(stage, 1)
  if (!one) throw new Error('nobody joined')
  const id = await sentRow(stage, one, 1)
  await sql`update outbox set state = 'sending', carrier_id = null, attempts = 2`.execute(stage.db)
  await recordStatus(stage.desk, report(7, 'failed', 30005), { outboxId: id, attempt: 1 })
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'sending' }])
})

test('a report of a message to one who was erased since brings no id of it back', async () => {
  const stage = await messagingStage()
  const [one] = await joinMany(stage, 1)
  if (!one) throw new Error('nobody joined')
  const id = await sentRow(stage, one, 1)
  await eraseMember(stage.db, stage.keys, 'drivers', one.memberId)
  await recordStatus(stage.desk, report(1, 'delivered'), { outboxId: id, attempt: 1 })
  const { rows } = await sql`select carrier_id, status from outbox`.execute(stage.db)
  expect(rows).toEqual([{ carrier_id: null, status: 'queued' }])
})

test('what a report says of her address is heard when it is told again, where her lock was busy at first', async () => {
  const stage = await messagingStage()
  const [one] = await joinMany(stage, 1)
  if (!one) throw new Error('nobody joined')
  const row = await sentRow(stage, one, 1)
  const tell = () => recordStatus(stage.desk, report(1, 'failed', 21610), { outboxId: row })
  const blocked = async () =>
    (await sql<{ at: Date | null }>`select blocked_at as at from contacts`.execute(stage.db)).rows
  await stage.db.transaction().execute(async (trx) => {
    await lockNow(trx, [memberKey(one.memberId)])
    await expect(tell()).rejects.toThrow('lock timeout')
  })
  expect(await blocked()).toEqual([{ at: null }])
  await tell()
  expect(await blocked()).toEqual([{ at: expect.any(Date) }])
}, 15_000)

test('a report of a message that nobody knows is kept and does nothing', async () => {
  const stage = await messagingStage()
  await recordStatus(stage.desk, report(1, 'delivered'), { outboxId: 4711 })
  await recordStatus(stage.desk, report(2, 'delivered'), {})
  const { rows } = await sql`select status from status_events`.execute(stage.db)
  expect(rows).toHaveLength(2)
})

/** How a row stands after each of these failures, each of another try that was on its way first. */
async function statesAfter(...codes: number[]): Promise<unknown[]> {
  const stage = await messagingStage()
  const [one] = await joinMany(stage, 1)
  if (!one) throw new Error('nobody joined')
  const id = await sentRow(stage, one, 1)
  const states: unknown[] = []
  for (const [at, code] of codes.entries()) {
    const [nth, attempt] = [at + 1, at + 1]
    await sql`update outbox set state = 'accepted', attempts = ${attempt}, carrier_id = ${sid(nth)}`.execute(
      stage.db,
    )
    for (const status of ['sending', 'sent'])
      await recordStatus(stage.desk, report(nth, status), { outboxId: id, attempt })
    await recordStatus(stage.desk, report(nth, 'undelivered', code), { outboxId: id, attempt })
    states.push((await outboxOf(stage.db))[0]?.state)
  }
  return states
}

test('a handset that was off gets one later try, and no third, also where another trouble came between', async () => {
  expect(await statesAfter(30003, 30003)).toEqual(['pending', 'failed'])
  expect(await statesAfter(30003, 30008)).toEqual(['pending', 'failed'])
  expect(await statesAfter(30003, 30001, 30003)).toEqual(['pending', 'pending', 'failed'])
  expect(await statesAfter(30001, 30001, 30003, 30003)).toEqual(['pending', 'pending', 'pending', 'failed'])
})

test('a handset that was off gets its later try also where the sender had to wait before', async () => {
  const stage = await messagingStage()
  const [one] = await joinMany(stage, 1)
  if (!one) throw new Error('nobody joined')
  const id = await sentRow(stage, one, 1)
  await sql`update outbox set attempts = 3, error_code = 20429`.execute(stage.db)
  await recordStatus(stage.desk, report(1, 'undelivered', 30003), { outboxId: id, attempt: 3 })
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'pending', error_code: 30003 }])
})

const about: About = { inboundSid: 'SM1' }

test('an answer that went out is not looked for any more', async () => {
  const stage = await messagingStage()
  await answered(stage, 'SM1')
  await recordStatus(stage.desk, report(1, 'sending'), about)
  expect(await waiting(stage)).toBe(1)
  await recordStatus(stage.desk, report(1, 'sent'), about)
  expect(await waiting(stage)).toBe(0)
  expect(await outboxOf(stage.db)).toEqual([])
})

test.for([
  [
    ['sent', undefined],
    ['undelivered', 30008],
  ],
  [
    ['undelivered', 30008],
    ['sent', undefined],
  ],
  [
    ['undelivered', 30008],
    ['undelivered', 30008],
  ],
] as const)('an answer that may get through later is posted once more: %j', async (story) => {
  const stage = await messagingStage()
  await answered(stage, 'SM1')
  for (const [status, code] of story) await recordStatus(stage.desk, report(1, status, code), about)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'pending', class: 'answer', inbound_sid: 'SM1' }])
  expect(await waiting(stage)).toBe(0)
})

test.for([
  ['undelivered', 'delivered'],
  ['delivered', 'undelivered'],
])('an answer that was delivered after all is not sent again: %s, %s', async (order) => {
  const stage = await messagingStage()
  await answered(stage, 'SM1')
  for (const status of order)
    await recordStatus(stage.desk, report(1, status, status === 'undelivered' ? 30008 : undefined), about)
  expect((await outboxOf(stage.db)).filter(({ state }) => state === 'pending')).toEqual([])
  expect(await waiting(stage)).toBe(0)
})

test('an answer that can never get there is given up, and the address is remembered', async () => {
  const stage = await messagingStage()
  await answered(stage, 'SM1')
  await recordStatus(stage.desk, report(1, 'failed', 30006), about)
  expect(await outboxOf(stage.db)).toEqual([])
  expect(await waiting(stage)).toBe(0)
  expect(await reach(stage)).toEqual([{ unreachable_code: 30006 }])
})
