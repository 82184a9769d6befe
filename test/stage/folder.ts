// Temporary folders of test runs, each with a note of the process it belongs to.
// What a killed run left in them, servers included, is ended and removed; the folders of a run that lives are left alone.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgresSeat } from '../../src/store/servers/postgres.ts'
import { lives, Process, thisProcess } from '../../src/store/servers/process.ts'
import { readRecord, writeRecord } from '../../src/store/servers/record.ts'
import { redisSeat } from '../../src/store/servers/redis.ts'
import { endOrphan } from '../../src/store/servers/server.ts'

const prefix = 'coopline-test-'
const note = 'belongs-to.json'

/** A folder of this process' own; servers in it lie in `postgres` and `redis`. Its maker removes it. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  writeRecord(join(folder, note), thisProcess())
  return folder
}

/** Clears away what dead runs left. */
export async function sweepAbandoned(): Promise<void> {
  const names = readdirSync(tmpdir()).filter((name) => name.startsWith(prefix))
  for (const name of names) await sweep(join(tmpdir(), name))
}

async function sweep(folder: string): Promise<void> {
  const owner = readRecord(join(folder, note), Process)
  if (!owner || lives(owner)) return
  if (existsSync(join(folder, 'postgres/data'))) await endOrphan(postgresSeat(join(folder, 'postgres')))
  if (existsSync(join(folder, 'redis'))) await endOrphan(redisSeat(join(folder, 'redis')))
  rmSync(folder, { recursive: true, force: true })
}
