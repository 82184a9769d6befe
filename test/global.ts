// The two real servers of a whole test run: one Postgres with a migrated template, one Redis.
// They end with the run, also by Ctrl-C; what a killed run left behind, the next one ends.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../src/store/migrate.ts'
import { startPostgres } from '../src/store/servers/postgres.ts'
import { startRedis } from '../src/store/servers/redis.ts'
import type { Server } from '../src/store/servers/server.ts'
import { sweepAbandoned, testFolder } from './stage/folder.ts'
import { ensureRedis } from './stage/redis_server.ts'
import { quickPostgres, quickRedis } from './stage/settings.ts'

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string
    redisUrl: string
  }
}

/** Starts the servers and tells the workers where they are; what it returns ends them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweepAbandoned()
  await ensureRedis()
  const folder = testFolder()
  const postgres = await startPostgres(join(folder, 'postgres'), { settings: quickPostgres })
  const redis = await startRedis(join(folder, 'redis'), { settings: quickRedis })
  const end = endOnce([postgres, ...(redis ? [redis] : [])], folder)
  if (!redis) throw new Error('The redis-server that was found a moment ago is gone from PATH.')
  await makeTemplate(postgres.url)
  project.provide('databaseUrl', postgres.url)
  project.provide('redisUrl', redis.url)
  return end
}

function endOnce(servers: readonly Server[], folder: string): () => Promise<void> {
  let ended: Promise<void> | undefined
  const end = async () => {
    await Promise.all(servers.map((server) => server.stop()))
    rmSync(folder, { recursive: true, force: true })
  }
  const once = () => (ended ??= end())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void once())
  return once
}

async function makeTemplate(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query('create database template_coopline')
  await client.end()
  const template = new URL(url)
  template.pathname = 'template_coopline'
  await migrate(template.href)
}
