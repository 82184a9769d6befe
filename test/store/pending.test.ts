// What a database lacks is told by name, before its first migration and after any of them.
import { sql } from 'kysely'
import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase, openPool } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrate.ts'
import { pendingMigrations } from '../../src/store/pending.ts'
import { emptyDatabase } from '../stage/servers.ts'

test('all of an empty database, none once they are applied, the one that is missing', async () => {
  const { url, drop } = await emptyDatabase()
  const db = openDatabase(openPool(url, 1, pino({ level: 'silent' })))
  onTestFinished(async () => {
    await db.destroy()
    await drop()
  })
  const all = await pendingMigrations(db)
  expect(all[0]).toBe('0001_clock')
  expect((await migrate(url)).applied).toEqual(all)
  expect(await pendingMigrations(db)).toEqual([])
  await sql`delete from kysely_migration where name = ${all.at(-1)}`.execute(db)
  expect(await pendingMigrations(db)).toEqual([all.at(-1)])
})
