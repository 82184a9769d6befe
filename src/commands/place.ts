// Where a command of the command line works: on the database that is set, or on the instance that runs on this
// machine's data folder. It starts nothing; where neither is there it says how to.
import pino from 'pino'
import { readSettings, type Settings } from '../config.ts'
import type { Applied } from '../coop/charter/charter.ts'
import { loadCharters } from '../coop/charter/queries.ts'
import { forgetSessions } from '../exchange/sessions.ts'
import { openLog } from '../log.ts'
import { broadcasts } from '../messaging/broadcast/broadcast.ts'
import { type Db, openDatabase, openPool } from '../store/database.ts'
import { findInstance, type Running } from '../store/instance.ts'
import { KeyError, type Keys, keysOf, readKeys } from '../store/keys.ts'
import { withRedis } from '../store/redis.ts'

export interface Place {
  readonly databaseUrl: string
  readonly db: Db
  /** The keys, held against the database. */
  keys(): Promise<Keys>
  /** The keys that are here, lost ones missing, or none: for what must not be refused for want of one. */
  keysHere(): Keys | undefined
  /** Takes the sessions of these addresses out of Redis; throws where it does not answer. */
  forgetSessions(coop: string, addresses: readonly Buffer[]): Promise<void>
  /** Tells the workers that a broadcast was put in; without Redis they find it themselves. */
  ringBroadcasts(): Promise<void>
}

/** Something for the organiser to set right: said without a stack. */
export class CommandError extends Error {}

/** Opens the place, uses it and closes it again. */
export async function atPlace<T>(use: (place: Place) => Promise<T>): Promise<T> {
  const settings = readSettings('command')
  const running = settings.databaseUrl ? undefined : findInstance(settings.data)
  const databaseUrl = settings.databaseUrl ?? running?.databaseUrl
  if (!databaseUrl) throw new CommandError(nothingRuns(settings.data))
  const log = openLog('error', pino.destination(2))
  const db = openDatabase(openPool(databaseUrl, 4, log))
  const redisUrl = settings.redisUrl ?? running?.redisUrl
  try {
    return await use({
      databaseUrl,
      db,
      keys: () => keysOf(db, keysFolder(settings, running)),
      keysHere: () => keysIn(keysFolder(settings, running)),
      forgetSessions: async (coop, addresses) => {
        if (!redisUrl) return
        await withRedis(redisUrl, openLog('silent'), (redis) => forgetSessions(redis, coop, addresses))
      },
      ringBroadcasts: async () => {
        // Loaded where it is needed: it takes a fifth of what a short command does.
        const { openBells } = await import('../messaging/rounds/bells.ts')
        const bells = openBells(redisUrl, settings.timing, openLog('silent'))
        await bells.ring(broadcasts)
        await bells.close()
      },
    })
  } finally {
    await db.destroy()
  }
}

/** The key directory of a command: the one that is set, that of the running instance, or that of the data folder. */
export const keysFolder = (settings: Settings, running?: Running): string =>
  settings.keys ?? running?.keys ?? `${settings.data}/keys`

function keysIn(folder: string): Keys | undefined {
  try {
    return readKeys(folder)
  } catch (error) {
    if (error instanceof KeyError) return undefined
    throw error
  }
}

/** What is said where no charter is applied yet. */
export const noCharter = 'No co-op has a charter here. Apply one: npm run coopline -- charter apply FILE'

/** The co-op that is named, or the only one that there is. */
export async function coopOf(db: Db, named: string | undefined): Promise<Applied> {
  const charters = await loadCharters(db)
  const ids = charters.map(({ id }) => id).join(', ')
  if (charters.length === 0) {
    throw new CommandError(noCharter)
  }
  const found = named === undefined ? charters : charters.filter(({ id }) => id === named)
  const [only] = found
  if (only && found.length === 1) return only
  throw new CommandError(
    named === undefined ? `Name the co-op with --coop: ${ids}.` : `There is no co-op "${named}". Known: ${ids}.`,
  )
}

const nothingRuns = (data: string) =>
  `No Coopline runs on ${data}, and DATABASE_URL is not set. Start it in another terminal with "npm start", or set ` +
  'DATABASE_URL (and COOPLINE_KEYS, REDIS_URL) to work on a real one.'
