// What every long-running process stands on: its settings, servers, keys, charters and the carrier. It opens and
// closes them in order and decides nothing.
import type pg from 'pg'
import { type Config, isPretended } from '../config.ts'
import { loadCharters } from '../coop/charter/queries.ts'
import type { Log } from '../log.ts'
import { clockIsMoved } from '../store/clock.ts'
import { type Db, openDatabase, openPool } from '../store/database.ts'
import { type Keys, keysOf } from '../store/keys.ts'
import { pendingMigrations } from '../store/pending.ts'
import { openRedis, type RedisClient } from '../store/redis.ts'
import { type Carrier, createCarrier } from '../twilio/client.ts'
import { type Charters, openCharters } from './charters.ts'

export interface Parts {
  readonly config: Config
  readonly log: Log
  readonly pool: pg.Pool
  readonly db: Db
  readonly keys: Keys
  /** Absent where none is set: then the snapshot and the sweeps serve. */
  readonly redis?: RedisClient
  readonly charters: Charters
  readonly carrier: Carrier
}

/** Opens all parts; an error says which one stands in the way and what to do. */
export async function openParts(config: Config, log: Log): Promise<Parts> {
  const pool = openPool(config.databaseUrl, config.connections, log)
  const db = openDatabase(pool)
  try {
    await refuseUnfit(config, db)
    const keys = await keysOf(db, config.keys)
    const charters = await openCharters(() => loadCharters(db), config.timing.charters, log)
    const redis = config.redisUrl && openRedis(config.redisUrl, config.timing.redis, log)
    const carrier = createCarrier({ ...config.twilio, timeoutMs: config.timing.send })
    return { config, log, pool, db, keys, charters, carrier, ...(redis && { redis }) }
  } catch (error) {
    await db.destroy()
    throw error
  }
}

/** Closes what `openParts` opened, Postgres last. */
export async function closeParts(parts: Parts): Promise<void> {
  parts.charters.stop()
  parts.redis?.disconnect()
  await parts.db.destroy()
}

async function refuseUnfit(config: Config, db: Db): Promise<void> {
  const pending = await pendingMigrations(db)
  if (pending.length > 0) {
    throw new Error(`The database lacks migrations, from ${pending[0]} on. Run "npm run coopline -- migrate".`)
  }
  if (!isPretended(config.twilio) && (await clockIsMoved(db))) {
    throw new Error(
      "The database's clock has been moved, as tests do, and the account is a real one: deadlines would be wrong. " +
        "Use another database, or set it right: update clock set shift = '0', standing_at = null.",
    )
  }
}
