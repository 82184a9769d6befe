// What is forgotten, and when: by the one clock, on a real Postgres.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { forget } from '../../src/exchange/retention.ts'
import { now } from '../../src/store/clock.ts'
import { type CoopStage, coopStage } from '../coop/stage.ts'

let stage: CoopStage
beforeAll(async () => {
  stage = await coopStage()
})
afterAll(() => stage.end())

const ago = async (days: number) => new Date((await now(stage.db)).getTime() - days * 86_400_000)

async function message(sid: string, days: number, state: 'handled' | 'received'): Promise<void> {
  const row = { sid, coop_id: 'drivers', contact_id: 1, state, received_at: await ago(days), reply: Buffer.of(1) }
  const isAside = state === 'received'
  const aside = isAside ? { body: Buffer.of(2), person_index: Buffer.of(3), turn: 1 } : { body: null }
  const rest = { ...aside, confirm_by: null, next_try_at: null }
  await stage.db
    .insertInto('inbound')
    .values({ ...row, ...rest })
    .execute()
}

const left = async () =>
  (await stage.db.selectFrom('inbound').select(['sid', 'state', 'body', 'reply']).orderBy('sid').execute()).map(
    ({ sid, state, body, reply }) => `${sid} ${state}${body ? ' body' : ''}${reply ? ' reply' : ''}`,
  )

test('a week for words, thirteen months for ids', async () => {
  await message('a-new', 6.9, 'handled')
  await message('b-old', 7.1, 'handled')
  await message('c-aside', 6.9, 'received')
  await message('d-aside', 7.1, 'received')
  await message('e-ancient', 401, 'handled')
  await message('f-aged', 399, 'handled')
  const forgotten = await forget(stage.db)
  expect(forgotten).toMatchObject({ replies: 4, bodies: 1, messages: 1 })
  expect(await left()).toEqual([
    'a-new handled reply',
    'b-old handled',
    'c-aside received body reply',
    'd-aside given_up',
    'f-aged handled',
  ])
  expect(await forget(stage.db)).toEqual({ replies: 0, bodies: 0, callbacks: 0, messages: 0 })
})

test('later rounds look at what has come of age since', async () => {
  await message('g-long-ago', 20, 'handled')
  await message('h-now', 7.01, 'handled')
  expect(await forget(stage.db, await ago(1))).toMatchObject({ replies: 1 })
  expect(await forget(stage.db)).toMatchObject({ replies: 1 })
})

test('a reply that somebody holds just now is forgotten in the same round', async () => {
  await message('i-held', 7.1, 'handled')
  let round: Promise<{ replies: number }> | undefined
  await stage.db.transaction().execute(async (trx) => {
    await trx.updateTable('inbound').set({ confirm_by: null }).where('sid', '=', 'i-held').execute()
    round = forget(stage.db)
    await new Promise((resolve) => setTimeout(resolve, 100))
  })
  expect(await round).toMatchObject({ replies: 1 })
})

test('a text that its worker never settled goes when its time is over, also between two rounds', async () => {
  const text = async (hours: number, state: 'pending' | 'unknown') => {
    const expires_at = new Date((await ago(0)).getTime() + hours * 3_600_000)
    const row = { coop_id: 'drivers', class: 'answer', sender: 'sms:+447700900100', priority: 0 } as const
    const times = { next_attempt_at: await ago(9), created_at: await ago(9), expires_at }
    await stage.db
      .insertInto('outbox')
      .values({ ...row, ...times, state, body: Buffer.of(1) })
      .execute()
  }
  await text(-1, 'pending')
  await text(1, 'pending')
  await text(-1, 'unknown')
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
