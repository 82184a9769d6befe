// Temporary folders of test runs, each with a note of the process it belongs to.
// What a killed run left in them, servers included, is ended and removed; the folders of a run that lives are left alone.
import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgresSeat } from '../../src/store/servers/postgres.ts'
import { lives, Process, thisProcess } from '../../src/store/servers/process.ts'
import { readRecord, writeRecord } from '../../src/store/servers/record.ts'
import { redisSeat } from '../../src/store/servers/redis.ts'
import { endOrphan } from '../../src/store/servers/server.ts'

const prefix = 'coopline-test-'
const note = 'belongs-to.json'

/**
 * A folder of this process' own, in memory where there is room, or else where it is asked for; servers in it lie in
 * `postgres` and `redis`. Its maker removes it.
 */
export function testFolder(parent = quickest()): string {
  const folder = mkdtempSync(join(parent, prefix))
  writeRecord(join(folder, note), thisProcess())
  return folder
}

const memory = '/dev/shm'
const gibibyte = 2 ** 30

// A run makes hundreds of databases, each of hundreds of files: on some file systems that is a fifth of its time.
function quickest(): string {
  if (process.platform !== 'linux' || !existsSync(memory)) return tmpdir()
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize > 2 * gibibyte && freemem() > 4 * gibibyte ? memory : tmpdir()
}

/** Clears away what dead runs left. */
export async function sweepAbandoned(): Promise<void> {
  for (const parent of [tmpdir(), memory].filter(existsSync)) {
    const names = readdirSync(parent).filter((name) => name.startsWith(prefix))
    for (const name of names) await sweep(join(parent, name))
  }
}

async function sweep(folder: string): Promise<void> {
  // Another user's runs are hers to clear away.
  if (statSync(folder, { throwIfNoEntry: false })?.uid !== process.getuid?.()) return
  const owner = readRecord(join(folder, note), Process)
  if (!owner || lives(owner)) return
  if (existsSync(join(folder, 'postgres/data'))) await endOrphan(postgresSeat(join(folder, 'postgres')))
  if (existsSync(join(folder, 'redis'))) await endOrphan(redisSeat(join(folder, 'redis')))
  rmSync(folder, { recursive: true, force: true })
}
