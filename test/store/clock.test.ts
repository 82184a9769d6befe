// The clock as statements of the message's path write it out is `coopline_now()`: going, moved and standing.
import { sql } from 'kysely'
import pino from 'pino'
import { expect, test } from 'vitest'
import { moveClock, now, standClock } from '../../src/store/clock.ts'
import { openDatabase, openPool } from '../../src/store/database.ts'
import { nowSql } from '../../src/store/statement.ts'
import { testDatabase } from '../stage/servers.ts'

test('the clock written out is the one clock', async () => {
  const { url, drop } = await testDatabase()
  const db = openDatabase(openPool(url, 2, pino({ level: 'silent' })))
  const apart = async () => {
    const { rows } = await sql<{ ms: number }>`
      select (extract(epoch from ${sql.raw(nowSql)} - coopline_now()) * 1000)::float8 as ms`.execute(db)
    return rows[0]?.ms ?? Number.NaN
  }
  expect(Math.abs(await apart())).toBeLessThan(60_000)
  await moveClock(db, 7 * 86_400)
  expect(Math.abs(await apart())).toBeLessThan(60_000)
  await standClock(db, await now(db))
  expect(await apart()).toBe(0)
  await db.destroy()
  await drop()
})
