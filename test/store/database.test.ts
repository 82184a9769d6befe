// The pool: a connection that falls silent while it is in use is given up, and a transaction that stands still ends.
import pino from 'pino'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openPool } from '../../src/store/database.ts'
import { testDatabase } from '../stage/servers.ts'
import { openLine } from './line.ts'

let url: string
let drop: () => Promise<void>
beforeAll(async () => {
  const database = await testDatabase()
  ;({ url, drop } = database)
})
afterAll(() => drop())

function pool(at: string, silenceMs?: number) {
  const opened = openPool(at, 1, pino({ level: 'silent' }), silenceMs)
  onTestFinished(() => opened.end())
  return opened
}

test('a network that swallows everything fails the query under way, and the next one has a line of its own', async () => {
  const { wire, at } = await openLine(url)
  const own = pool(at, 200)
  await own.query('select 1')
  wire.hold()
  await expect(own.query('select 2')).rejects.toThrow(/silent for 200 ms|terminated/)
  wire.release()
  expect((await own.query('select 3 as three')).rows).toEqual([{ three: 3 }])
})

test('a slow answer is no silence where none is given, and a statement may take its time', async () => {
  expect((await pool(url, 0).query('select pg_sleep(0.4)')).rowCount).toBe(1)
  await expect(pool(url, 200).query('select pg_sleep(0.6)')).rejects.toThrow()
})

test('a transaction that stands still is ended by Postgres within seconds', async () => {
  const { rows } = await pool(url).query('show idle_in_transaction_session_timeout')
  expect(rows).toEqual([{ idle_in_transaction_session_timeout: '10s' }])
})
