// Ends the servers of a test run that was killed, and removes what it left; a run that lives is left alone.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgresSeat } from '../../src/store/servers/postgres.ts'
import { redisSeat } from '../../src/store/servers/redis.ts'
import { endOrphan, type Seat } from '../../src/store/servers/server.ts'

/** Looks through the temporary folder for runs whose starter is dead. */
export async function sweepAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    if (/^coopline-(run|own)-/.test(name)) await sweep(join(tmpdir(), name))
  }
}

async function sweep(run: string): Promise<void> {
  const seats = [seatIn(join(run, 'postgres'), postgresSeat), seatIn(join(run, 'redis'), redisSeat)]
  const taken = seats.filter((seat) => seat !== undefined)
  if (taken.length === 0) return
  const ended = await Promise.allSettled(taken.map(endOrphan))
  if (ended.every(({ status }) => status === 'fulfilled')) rmSync(run, { recursive: true, force: true })
}

function seatIn(folder: string, seatOf: (folder: string) => Seat): Seat | undefined {
  return existsSync(join(folder, 'starter.json')) ? seatOf(folder) : undefined
}
