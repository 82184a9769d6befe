// Whether this process can serve: Postgres, keys and charters must be there; Redis may be away, which is said. It
// shows no setting and no error's inside.
import { now } from '../../store/clock.ts'
import { checkKeys, KeyError } from '../../store/keys.ts'
import { redisComplaint } from '../../store/redis.ts'
import type { Counter } from '../counter.ts'
import type { Parts } from '../parts.ts'

export interface Readiness {
  readonly ready: boolean
  readonly status: 'ready' | 'degraded' | 'not ready'
  readonly postgres: string
  readonly keys: string
  readonly charters: string
  readonly redis: string
}

/** Asks each part; a process that is stopping is not ready. */
export async function readiness({ parts }: Counter, stopping: boolean): Promise<Readiness> {
  const [postgres, keys, complaint] = await Promise.all([
    postgresOf(parts),
    keysOf(parts),
    parts.redis ? redisComplaint(parts.redis) : 'none is set: sweeps and snapshots serve',
  ])
  const count = parts.charters.current().length
  const charters = count > 0 ? `${count} in force` : 'none is applied; run "npm run coopline -- charter apply FILE"'
  const ready = postgres === 'ok' && keys === 'ok' && count > 0 && !stopping
  const status = ready ? (complaint ? 'degraded' : 'ready') : 'not ready'
  return { ready, status, postgres, keys, charters, redis: complaint ?? 'ok' }
}

const postgresOf = ({ db }: Parts): Promise<string> =>
  now(db).then(
    () => 'ok',
    (error: Error) => `does not answer (${error.name})`,
  )

const keysOf = ({ db, keys, config }: Parts): Promise<string> =>
  checkKeys(db, keys, config.keys).then(
    () => 'ok',
    (error: unknown) =>
      error instanceof KeyError
        ? 'not those of this database; run "npm run coopline -- doctor"'
        : 'not compared: Postgres does not answer',
  )
