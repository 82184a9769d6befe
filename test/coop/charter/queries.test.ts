// Charters in a real Postgres: versions, the newest in force, and what cannot be applied.
import { Kysely, PostgresDialect } from 'kysely'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { applyCharter, charterOf, loadCharters } from '../../../src/coop/charter/queries.ts'
import { type Reading, readCharter, rereadCharter } from '../../../src/coop/charter/read.ts'
import type { CharterTables } from '../../../src/coop/charter/tables.ts'
import { openPool } from '../../../src/store/database.ts'
import { testDatabase } from '../../stage/servers.ts'
import { fileOf, reading } from './example.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let db: Kysely<CharterTables>
beforeAll(async () => {
  database = await testDatabase()
  db = new Kysely({
    dialect: new PostgresDialect({ pool: openPool(database.url, 4, pino({ level: 'silent' })) }),
  })
})
beforeEach(() => db.deleteFrom('charters').execute())
afterAll(async () => {
  await db.destroy()
  await database.drop()
})

function apply(source: string, under: Reading = reading) {
  const read = readCharter(source, under)
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes))
  return applyCharter(db, source, read.charter)
}
const drivers = fileOf('drivers')
const later = drivers.replace('back: 7', 'back: 5')

test('the first is version 1, the same again changes nothing, another is the next', async () => {
  expect(await apply(drivers)).toEqual({ version: 1, isNew: true })
  expect(await apply(drivers.replaceAll('\n', '\r\n'))).toEqual({ version: 1, isNew: false })
  expect(await apply(later)).toEqual({ version: 2, isNew: true })
  expect(await apply(drivers)).toEqual({ version: 3, isNew: true })
  expect(await db.selectFrom('charters').select('version').orderBy('version').execute()).toHaveLength(3)
})

test('the newest of each co-op is in force', async () => {
  await apply(drivers)
  await apply(later)
  await apply(fileOf('market'))
  expect((await loadCharters(db)).map(({ id, version }) => [id, version])).toEqual([
    ['drivers', 2],
    ['market', 1],
  ])
  expect((await charterOf(db, 'drivers'))?.forms[0]?.questions.at(-1)).toMatchObject({ back: 5 })
  expect(await charterOf(db, 'nobody')).toBeUndefined()
})

test('two that apply the same at once make one version', async () => {
  const both = await Promise.all([apply(drivers), apply(drivers), apply(drivers), apply(drivers)])
  expect(both.filter(({ isNew }) => isNew)).toHaveLength(1)
  expect(both.map(({ version }) => version)).toEqual([1, 1, 1, 1])
})

test('a currency keeps its own digits where the file leaves them out; what is in force stays as it was read', async () => {
  const pesos = drivers.replace('currency: INR', 'currency: CLP').replaceAll('\n', '\r\n')
  await apply(pesos)
  expect((await charterOf(db, 'drivers'))?.currency_digits).toBe(0)
  expect(await apply(pesos)).toEqual({ version: 1, isNew: false })
  await db.updateTable('charters').set({ source: pesos }).execute()
  const under: Reading = { ...reading, earlier: () => [rereadCharter(pesos, 1)] }
  expect(await apply(pesos, under)).toEqual({ version: 1, isNew: false })
  await apply(pesos.replace('back: 7', 'back: 5'), under)
  expect(await charterOf(db, 'drivers')).toMatchObject({ version: 2, currency_digits: 2 })
})

test("another co-op's sender is refused, and nothing is written", async () => {
  await apply(drivers)
  const shared = fileOf('market').replaceAll('+447700900200', '+447700900100')
  await expect(apply(shared)).rejects.toThrow(
    "Charter market names the sender sms:+447700900100, which is drivers's",
  )
  expect(await loadCharters(db)).toHaveLength(1)
})

test('a notice that changed under its version is refused, also unread against the last', async () => {
  await apply(drivers)
  await expect(apply(drivers.replace('Kept 2 years.', 'Kept 9 years.'))).rejects.toThrow(
    /give the notice version 3/,
  )
})

test('nor does it change by way of a charter without it: what was ever in force counts', async () => {
  await apply(drivers)
  const retold = drivers.replace('Kept 2 years.', 'Kept 9 years.')
  const formless = drivers.replace(/^forms:[\s\S]*/m, 'forms: []\n')
  await apply(formless)
  await expect(apply(retold)).rejects.toThrow(/give the notice version 3/)
  await expect(apply(drivers.replace('decimals: 2', 'decimals: 3'))).rejects.toThrow(/was a number with 2 decimals/)
  expect(await apply(drivers)).toMatchObject({ version: 3 })
})

test('a stored charter that no longer fits the program is named', async () => {
  await db.insertInto('charters').values({ coop_id: 'old', version: 4, source: 'id: old' }).execute()
  await expect(loadCharters(db)).rejects.toThrow('Charter old, version 4, does not fit this program')
})
