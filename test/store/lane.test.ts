// A lane holds one transaction at a time: what is asked together goes together, and after its first failure nothing
// more of it stands.
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { begin } from '../../src/exchange/batch/statements.ts'
import { type Lane, openLane } from '../../src/store/lane.ts'
import { statement } from '../../src/store/statement.ts'
import { inOneBatch } from '../exchange/batch/one_batch.ts'
import { type ExchangeStage, exchangeStage, formOf, join, many, newPhone, type Web } from '../exchange/stage.ts'

let stage: ExchangeStage
let web: Web
beforeAll(async () => {
  stage = await exchangeStage()
  web = await stage.open()
  await sql`create table kept (word text)`.execute(stage.db)
})
afterAll(() => stage.end())

const keep = statement('keep', 'insert into kept values ($1::text)')
const divide = statement('divide', 'select 1 / $1::int')
const numbers = statement('numbers', 'select unnest($1::bigint[])')
const kept = async () => (await sql<{ word: string }>`select word from kept`.execute(stage.db)).rows

async function newLane(): Promise<Lane> {
  const lane = await openLane(stage.databaseUrl, () => {})
  onTestFinished(() => lane.close())
  return lane
}

test.for([
  ['Postgres refuses', (lane: Lane) => lane.ask(divide, [0]), 'division by zero'],
  ['cannot be written', (lane: Lane) => lane.ask(numbers, [[Number.NaN]]), 'Statement numbers'],
] as const)(
  'after a statement that %s nothing is asked or committed, and the cause is told',
  async ([, fail, cause]) => {
    const lane = await newLane()
    await Promise.all([lane.ask(begin), lane.ask(keep, ['before'])])
    await expect(fail(lane)).rejects.toThrow(cause)
    await expect(lane.ask(keep, ['behind'])).rejects.toThrow(cause)
    await expect(lane.commit()).rejects.toThrow(cause)
    await lane.rollback()
    expect(await kept()).toEqual([])
    await Promise.all([lane.ask(begin), lane.ask(keep, ['next'])])
    await lane.commit()
    expect(await kept()).toEqual([{ word: 'next' }])
    await sql`delete from kept`.execute(stage.db)
  },
)

/** How many rounds go to Postgres meanwhile. */
async function roundsOf(work: () => Promise<unknown>): Promise<number> {
  const query = vi.spyOn(pg.Client.prototype, 'query')
  await work()
  const rounds = query.mock.calls.filter(
    ([given]) => typeof given === 'object' && given !== null && 'close' in given,
  )
  query.mockRestore()
  return rounds.length
}

test('a message is three round trips, and many of them in slices are not twice as many', async () => {
  const people = many(70, newPhone)
  await Promise.all(people.map((phone) => join(web, phone)))
  expect(await roundsOf(() => web.say(people[0] ?? '', 'MENU'))).toBe(3)
  const forms = people.map((phone) => formOf(phone, 'MENU'))
  expect(await roundsOf(() => inOneBatch(web, forms))).toBeLessThanOrEqual(6)
})
