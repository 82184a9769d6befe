// Postgres as the program sees it: one pool, one typed query builder. It never decides what is asked.
import { Socket } from 'node:net'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Log } from '../log.ts'
import type { Schema } from './schema.ts'

export type Db = Kysely<Schema>

const { builtins } = pg.types
const parsers = new Map<number, (text: string) => unknown>([
  [builtins.INT8, Number],
  // A day is a day in the co-op's time zone: as a Date it would move with the machine's.
  [builtins.DATE, (text) => text],
])
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(oid)) || pg.types.getTypeParser(oid, format),
}

/**
 * What every connection is opened with. Sequential scans and hash joins stay possible for reports and exports;
 * the message's path turns them off for itself, see `exchange/gather/lane.ts`.
 */
export function connection(url: string, settings: pg.ClientConfig = {}): pg.ClientConfig {
  return { connectionString: url, types, application_name: 'coopline', connectionTimeoutMillis: 5000, ...settings }
}

// A process that stands still in the middle of a transaction must not hold its locks for longer.
const limits = '-c idle_in_transaction_session_timeout=10s'
// Longer than any lock is waited for. A network that swallows what is sent would be waited for by the hour.
const longestSilenceMs = 60_000

/**
 * A pool of at most `size` connections. One that dies, or is silent for `silenceMs` while in use (0: it may be), is
 * replaced: while idle it is logged, and while in use its query fails; between two queries of a transaction nobody
 * would hear it, and Node ends a process for that.
 */
export function openPool(url: string, size: number, log: Log, silenceMs = longestSilenceMs): pg.Pool {
  const settings = { options: limits, keepAlive: true }
  const pool = new pg.Pool({ ...connection(url, settings), max: size, idleTimeoutMillis: silenceMs / 2 || 30_000 })
  pool.on('error', (error) => log.warn({ event: 'postgres_connection_lost', reason: error.message }))
  pool.on('connect', (client) => {
    client.on('error', () => {})
    endWhenSilent(client, silenceMs)
  })
  return pool
}

function endWhenSilent({ connection: { stream } }: pg.PoolClient, silenceMs: number): void {
  if (!(stream instanceof Socket)) return
  stream.setTimeout(silenceMs, () =>
    stream.destroy(new Error(`timeout: Postgres has been silent for ${silenceMs} ms`)),
  )
}

export const openDatabase = (pool: pg.Pool): Db => new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
