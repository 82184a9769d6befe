// The real servers that tests speak to: a database and a Redis number of one's own on the run's shared servers,
// or whole servers of one's own for the tests that stop and kill them. Nothing here is pretended.
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import pg from 'pg'
import { inject } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { type Settings, startPostgres } from '../../src/store/servers/postgres.ts'
import { lives, processOf } from '../../src/store/servers/process.ts'
import { startRedis } from '../../src/store/servers/redis.ts'
import type { Server } from '../../src/store/servers/server.ts'
import { testFolder } from './folder.ts'
import { numberedRedis, quickPostgres, quickRedis } from './settings.ts'

export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

/** A migrated database of one's own, cloned from the run's template. */
export const testDatabase = (): Promise<TestDatabase> => databaseFrom('template_coopline')

/** One that no migration has seen. */
export const emptyDatabase = (): Promise<TestDatabase> => databaseFrom('template1')

async function databaseFrom(template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  // Most of a database is the catalogue: as files it is copied in half the time that its pages take through the log.
  await administer(`create database ${name} template ${template} strategy file_copy`)
  const url = new URL(inject('databaseUrl'))
  url.pathname = name
  return { url: url.href, drop: () => administer(`drop database if exists ${name} with (force)`) }
}

/** An empty Redis number of one's own. */
export async function testRedis(): Promise<string> {
  const redis = new Redis(inject('redisUrl'))
  try {
    // Number 0 only counts; numbers come round again long after their tests have ended.
    const url = numberedRedis(inject('redisUrl'), 1 + ((await redis.incr('numbers')) % 1023))
    await emptied(url)
    return url
  } finally {
    redis.disconnect()
  }
}

/** A server that a test may stop, kill and start again; its url stays the same. */
export interface OwnServer {
  readonly url: string
  pid(): number
  /** Ends it in good order. */
  stop(): Promise<void>
  /** Ends it at once, as a power cut or the kernel would. */
  kill(): Promise<void>
  start(): Promise<void>
  /** Ends it for good and removes what it left. */
  drop(): Promise<void>
}

/** A migrated Postgres of one's own. */
export async function ownPostgres(settings: Settings = {}): Promise<OwnServer> {
  const server = await own('postgres', (folder) =>
    startPostgres(folder, { settings: { ...quickPostgres, ...settings } }),
  )
  await migrate(server.url)
  return server
}

/** A Redis of one's own. */
export function ownRedis(settings: Settings = {}): Promise<OwnServer> {
  return own('redis', async (folder) => {
    const redis = await startRedis(folder, { settings: { ...quickRedis, ...settings } })
    if (!redis) throw new Error('No redis-server on PATH: start the tests with npm test, which fetches one.')
    return redis
  })
}

async function own(name: string, launch: (folder: string) => Promise<Server>): Promise<OwnServer> {
  const parent = testFolder()
  const folder = join(parent, name)
  let server = await launch(folder)
  const drop = async () => {
    await server.stop()
    rmSync(parent, { recursive: true, force: true })
  }
  return {
    url: server.url,
    pid: () => server.pid,
    stop: () => server.stop(),
    kill: () => killed(server.pid),
    start: async () => {
      server = await launch(folder)
    },
    drop,
  }
}

async function killed(pid: number): Promise<void> {
  const one = processOf(pid)
  if (!one) return
  process.kill(pid, 'SIGKILL')
  while (lives(one)) await new Promise((resolve) => setTimeout(resolve, 5))
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client(inject('databaseUrl'))
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

async function emptied(url: string): Promise<void> {
  const redis = new Redis(url)
  await redis.flushdb()
  redis.disconnect()
}
