// A batch that is large enough to go in slices is one transaction still: all of it or nothing, whatever befalls a slice.
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { readAddress } from '../../../src/coop/members/address.ts'
import { personIndex } from '../../../src/coop/members/contact_keys.ts'
import { mergeMembers } from '../../../src/coop/members/merge_queries.ts'
import { formOf, join, many, newPhone, poison, twoWebs } from '../stage.ts'
import { inOneBatch } from './one_batch.ts'

const { stage, web } = await twoWebs()
afterEach(() => void stage.logs.splice(0))

const people = many(70, newPhone)
let members: number[]
beforeAll(async () => {
  members = await Promise.all(people.map((phone) => join(web, phone)))
})

const events = (event: string) => stage.logs.filter((line) => line.event === event)

async function versions(): Promise<number[]> {
  const { rows } = await sql<{ person: Buffer; version: number }>`
    select person_index as person, version from contacts`.execute(stage.db)
  const of = new Map(rows.map(({ person, version }) => [person.toString('hex'), version]))
  return people.map((phone) => {
    const address = readAddress(`sms:${phone}`)
    return of.get(address ? personIndex(stage.keys, 'drivers', address).toString('hex') : '') ?? 0
  })
}

/** What is raised by one batch of a text of each. */
async function raisedBy(texts: (at: number) => string, more: (sids: readonly string[]) => Promise<unknown>) {
  const before = await versions()
  const forms = people.map((phone, at) => formOf(phone, texts(at)))
  const heal = await more(forms.map(({ MessageSid = '' }) => MessageSid))
  const said = await inOneBatch(web, forms)
  if (typeof heal === 'function') await heal()
  const after = await versions()
  return { said, raised: after.map((version, at) => version - (before[at] ?? 0)) }
}

test('each gets her own answer, and her contact goes one version on', async () => {
  const { said, raised } = await raisedBy(
    (at) => `SHIFT ${1 + (at % 9)} ${900 + at} 30`,
    async () => undefined,
  )
  expect(said.every((text) => text.startsWith('Saved:'))).toBe(true)
  expect(raised).toEqual(people.map(() => 1))
  const { rows } = await sql<{ members: number }>`
    select count(distinct member_id)::int as members from reports where member_id = any(${members})`.execute(
    stage.db,
  )
  expect(rows).toEqual([{ members: people.length }])
})

test.for([0, 69])(
  'message %i that fails takes its slice and the others with it, and alone is put aside',
  async (bad) => {
    const { said, raised } = await raisedBy(
      () => 'MENU',
      (sids) => poison(stage, sids[bad] ?? ''),
    )
    expect(said.map((text) => text === 'put_aside')).toEqual(people.map((_, at) => at === bad))
    expect(raised).toEqual(people.map((_, at) => (at === bad ? 0 : 1)))
    expect(events('message_put_aside')).toHaveLength(1)
    await sql`update inbound set state = 'given_up', body = null, person_index = null, next_try_at = null
    where state = 'received'`.execute(stage.db)
  },
)

test('a connection that is cut in the middle of a slice: all are answered once, and no failure is left unheard', async () => {
  const unheard: unknown[] = []
  const hear = (reason: unknown) => unheard.push(reason)
  process.on('unhandledRejection', hear)
  onTestFinished(() => void process.off('unhandledRejection', hear))
  for (const afterMs of [1, 3, 6, 10]) {
    const batch = raisedBy(
      () => 'MENU',
      async () => undefined,
    )
    let isOver = false
    const cut = cutFrom(afterMs, () => isOver)
    const { said, raised } = await batch
    isOver = true
    await cut
    expect(said.filter((text) => /^(What would|Text just|Sorry)/.test(text))).toHaveLength(people.length)
    expect(raised).toEqual(people.map(() => 1))
  }
  expect(events('lane_lost').length).toBeGreaterThan(0)
  expect(unheard).toEqual([])
})

test('of two addresses of one member, in two slices, the second waits for the next batch', async () => {
  const [keep = 0, gone = 0] = [members[0], members[69]]
  await mergeMembers(stage.db, 'drivers', keep, gone)
  const { said, raised } = await raisedBy(
    () => 'SHIFT 7 700 70',
    async () => undefined,
  )
  expect(raised).toEqual(people.map(() => 1))
  const hers = [said[0], said[69]].map((text) => text?.slice(0, 5))
  expect(hers.toSorted()).toEqual(['Corre', 'We ha'])
})

/** Cuts the first transaction that is there from then on: a slow machine begins late. */
async function cutFrom(afterMs: number, isOver: () => boolean): Promise<void> {
  await sleep(afterMs)
  for (let cut = 0; cut === 0 && !isOver(); await sleep(1)) {
    const { rows } = await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and xact_start is not null and pid <> pg_backend_pid()`.execute(stage.db)
    cut = rows.length
  }
}
