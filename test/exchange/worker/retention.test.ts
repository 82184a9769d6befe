// What is forgotten, and when: by the one clock, on a real Postgres.
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { forget } from '../../../src/exchange/worker/retention.ts'
import { now } from '../../../src/store/clock.ts'
import { makeKeys } from '../../../src/store/keys.ts'
import { lockNow, personKey } from '../../../src/store/locks.ts'
import { fileOf } from '../../coop/charter/example.ts'
import { type CoopStage, coopStage } from '../../coop/stage.ts'
import { testFolder } from '../../stage/folder.ts'
import { keepReplies } from '../../stage/replies.ts'

const keys = makeKeys(`${testFolder()}/keys`)

let stage: CoopStage
beforeAll(async () => {
  stage = await coopStage()
})
afterAll(() => stage.end())

const ago = async (days: number) => new Date((await now(stage.db)).getTime() - days * 86_400_000)

async function message(sid: string, days: number, state: 'handled' | 'received'): Promise<void> {
  const row = { sid, coop_id: 'drivers', contact_id: 1, state, received_at: await ago(days) }
  const isAside = state === 'received'
  const aside = isAside ? { body: Buffer.of(2), person_index: Buffer.of(3), turn: 1 } : { body: null }
  const reply = isAside ? {} : { reply_box: await box(days), reply_at: 0 }
  const rest = { ...aside, ...reply, confirm_by: null, next_try_at: null }
  await stage.db
    .insertInto('inbound')
    .values({ ...row, ...rest })
    .execute()
}

const box = (days: number) => keepReplies(stage.db, keys, ['Kept.'], days)

async function left(): Promise<string[]> {
  const rows = await stage.db
    .selectFrom('inbound')
    .leftJoin('replies', 'replies.id', 'inbound.reply_box')
    .select(['sid', 'state', 'body', 'sealed'])
    .orderBy('sid')
    .execute()
  return rows.map(
    ({ sid, state, body, sealed }) => `${sid} ${state}${body ? ' body' : ''}${sealed ? ' reply' : ''}`,
  )
}

test('a week for words, thirteen months for ids', async () => {
  await message('a-new', 6.9, 'handled')
  await message('b-old', 7.1, 'handled')
  await message('c-aside', 6.9, 'received')
  await message('d-aside', 7.1, 'received')
  await message('e-ancient', 401, 'handled')
  await message('f-aged', 399, 'handled')
  const forgotten = await forget(stage.db)
  expect(forgotten).toMatchObject({ replies: 3, bodies: 1, messages: 1 })
  expect(await left()).toEqual([
    'a-new handled reply',
    'b-old handled',
    'c-aside received body',
    'd-aside given_up',
    'f-aged handled',
  ])
  expect(await forget(stage.db)).toEqual({
    replies: 0,
    bodies: 0,
    callbacks: 0,
    messages: 0,
    strangers: 0,
    reports: 0,
  })
})

test('later rounds look at what has come of age since, and at every box that is left', async () => {
  await message('g-long-ago', 20, 'handled')
  await message('h-now', 7.01, 'handled')
  await text('accepted', 20, -1)
  await text('accepted', 7.01, -1)
  expect(await forget(stage.db, await ago(1))).toMatchObject({ replies: 2, bodies: 1 })
  expect(await forget(stage.db)).toMatchObject({ replies: 0, bodies: 1 })
  await stage.db.deleteFrom('outbox').execute()
})

test('more boxes than go at once are gone in one round, and none that is younger', async () => {
  await sql`
    insert into replies (sealed, made_at)
    select '\\x01', coopline_now() - interval '8 days' from generate_series(1, 10001)`.execute(stage.db)
  const young = await box(6)
  expect(await forget(stage.db)).toMatchObject({ replies: 10_001 })
  expect(await stage.db.selectFrom('replies').select('id').execute()).toContainEqual({ id: young })
})

/** A text that was written so many days ago and is useful for so many hours more. */
async function text(state: 'accepted' | 'pending' | 'unknown', days: number, hours: number): Promise<void> {
  const row = { coop_id: 'drivers', class: 'answer', sender: 'sms:+447700900100', priority: 0 } as const
  const times = {
    next_attempt_at: await ago(days),
    created_at: await ago(days),
    expires_at: await ago(-hours / 24),
  }
  await stage.db
    .insertInto('outbox')
    .values({ ...row, ...times, state, body: Buffer.of(1) })
    .execute()
}

test('a box that somebody holds just now is forgotten in the same round', async () => {
  const held = await box(7.1)
  let round: Promise<{ replies: number }> | undefined
  await stage.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('replies')
      .set({ sealed: Buffer.of(2) })
      .where('id', '=', held)
      .execute()
    round = forget(stage.db)
    await new Promise((resolve) => setTimeout(resolve, 100))
  })
  expect(await round).toMatchObject({ replies: 1 })
})

test('a text that its worker never settled goes when its time is over, also between two rounds', async () => {
  await text('pending', 9, -1)
  await text('pending', 9, 1)
  await text('unknown', 9, -1)
  expect(await forget(stage.db, await ago(1))).toMatchObject({ bodies: 2 })
  const rows = await stage.db.selectFrom('outbox').select(['state', 'body']).orderBy('id').execute()
  expect(rows.map(({ state, body }) => `${state}${body ? ' body' : ''}`)).toEqual([
    'expired',
    'pending body',
    'failed',
  ])
})

test('callbacks are kept for three months', async () => {
  const event = { status: 'sent', error_code: null }
  await stage.db
    .insertInto('status_events')
    .values([
      { ...event, carrier_id: 'SM1', seen_at: await ago(89) },
      { ...event, carrier_id: 'SM2', seen_at: await ago(91) },
    ])
    .execute()
  expect(await forget(stage.db)).toMatchObject({ callbacks: 1 })
})

test('what we sent is forgotten after thirteen months, unless it is still under way', async () => {
  await stage.db.deleteFrom('outbox').execute()
  await text('accepted', 401, -1)
  await text('accepted', 399, -1)
  await text('pending', 401, 1)
  expect(await forget(stage.db)).toMatchObject({ messages: 1 })
  const rows = await stage.db.selectFrom('outbox').select('state').orderBy('id').execute()
  expect(rows.map(({ state }) => state)).toEqual(['accepted', 'pending'])
})

interface Traits {
  readonly member_id?: number
  readonly same_as?: number
  readonly blocked_at?: Date
}

let people = 0
async function contact(days: number, traits: Traits = {}): Promise<number> {
  const index = Buffer.alloc(16)
  index.writeUInt32BE(++people)
  const { id } = await stage.db
    .insertInto('contacts')
    .values({ coop_id: 'drivers', address_index: index, person_index: index, address: index, channel: 'sms' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const last_inbound_at = await ago(days)
  await stage.db
    .updateTable('contacts')
    .set({ last_inbound_at, ...traits })
    .where('id', '=', id)
    .execute()
  return id
}

const contactsLeft = async () =>
  (await stage.db.selectFrom('contacts').select('id').orderBy('id').execute()).map(({ id }) => id)

test('a stranger is forgotten after thirteen months, but no member, no STOP, and no other name of one who stays', async () => {
  const young = await contact(399)
  const kept = [
    young,
    await contact(401, { same_as: young }),
    await contact(401, { member_id: 7 }),
    await contact(401, { blocked_at: await ago(401) }),
  ]
  await contact(401)
  expect(await forget(stage.db)).toMatchObject({ strangers: 1 })
  expect(await contactsLeft()).toEqual(kept)
  await stage.db.deleteFrom('contacts').execute()
})

test('a stranger with another name is forgotten with it, in two rounds', async () => {
  await contact(401, { same_as: await contact(401) })
  expect(await forget(stage.db)).toMatchObject({ strangers: 1 })
  expect(await forget(stage.db)).toMatchObject({ strangers: 1 })
  expect(await contactsLeft()).toEqual([])
})

test('a stranger who writes at this moment stays', async () => {
  const one = await contact(401)
  await stage.db.transaction().execute(async (trx) => {
    const { person_index } = await trx.selectFrom('contacts').select('person_index').executeTakeFirstOrThrow()
    await lockNow(trx, [personKey(person_index)])
    expect(await forget(stage.db)).toMatchObject({ strangers: 0 })
  })
  expect(await contactsLeft()).toEqual([one])
  expect(await forget(stage.db)).toMatchObject({ strangers: 1 })
})

async function report(key: string, days: number): Promise<void> {
  const at = await ago(days)
  const what = { member_id: 900, form: 'shift', key, version: 1, coop_id: 'drivers', cell: '', message_id: key }
  const values = { values: '{}', figures: '{}', week: at.toISOString().slice(0, 10) }
  await stage.db
    .insertInto('reports')
    .values({ ...what, ...values, made_at: at, pool_at: at })
    .execute()
}

const reportsLeft = async () =>
  (await stage.db.selectFrom('reports').select('key').orderBy('key').execute()).map(({ key }) => key)

const keeping = fileOf('drivers')
const apply = (version: number, source: string) =>
  stage.db.insertInto('charters').values({ coop_id: 'drivers', version, source }).execute()

test('a report goes when its form says so, and stays where that says nothing', async () => {
  await report('new', 729)
  await report('old', 731)
  await apply(1, keeping.replace(/^ +kept: .*\n/m, ''))
  expect((await forget(stage.db)).reports).toBe(0)
  await apply(2, keeping)
  expect((await forget(stage.db)).reports).toBe(1)
  expect(await reportsLeft()).toEqual(['new'])
})

test('a report of a form that has left the charter goes when that said so last', async () => {
  await apply(3, keeping.replace(/^ {2}- id: shift$/m, '  - id: day'))
  await report('older', 732)
  expect((await forget(stage.db)).reports).toBe(1)
  expect(await reportsLeft()).toEqual(['new'])
})
