// Whether this process can serve: Postgres, keys and charters must be there; Redis may be away, which is said.
import { now } from '../store/clock.ts'
import { redisComplaint } from '../store/redis.ts'
import type { Counter } from './counter.ts'

export interface Readiness {
  readonly ready: boolean
  readonly status: 'ready' | 'degraded' | 'not ready'
  readonly postgres: string
  readonly charters: string
  readonly redis: string
}

/** Asks each part; a process that is stopping is not ready. */
export async function readiness({ parts }: Counter, stopping: boolean): Promise<Readiness> {
  const [postgres, complaint] = await Promise.all([
    now(parts.db).then(
      () => 'ok',
      (error: Error) => `does not answer (${error.name})`,
    ),
    parts.redis ? redisComplaint(parts.redis) : 'none is set: sweeps and snapshots serve',
  ])
  const count = parts.charters.current().length
  const charters = count > 0 ? `${count} in force` : 'none is applied; run "npm run coopline -- charter apply FILE"'
  const ready = postgres === 'ok' && count > 0 && !stopping
  const status = ready ? (complaint ? 'degraded' : 'ready') : 'not ready'
  return { ready, status, postgres, charters, redis: complaint ?? 'ok' }
}
