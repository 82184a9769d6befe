// Where the bench takes place: a Postgres and a Redis of its own, as durable as a co-op's, databases for single runs,
// and every stage as a process of its own. It measures nothing.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import pg from 'pg'
import { startPostgres } from '../../src/store/servers/postgres.ts'
import { startRedis } from '../../src/store/servers/redis.ts'
import type { Server } from '../../src/store/servers/server.ts'
import { sweepAbandoned, testFolder } from '../stage/folder.ts'
import { ensureRedis } from '../stage/redis_server.ts'
import { account, inboundPath } from './form.ts'
import type { Texts } from './texts.ts'

export interface Place {
  readonly folder: string
  readonly postgres: Server
  readonly redis: Server
  /** A database for one run, made from another or empty; the one of that name before is gone. */
  database(name: string, template?: string): Promise<string>
  dropDatabase(name: string): Promise<void>
  /** Leaves nothing to do of what was before: Redis empty, all dirty pages written. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** Starts the servers; whoever opens the place closes it. */
export async function openPlace(): Promise<Place> {
  await sweepAbandoned()
  await ensureRedis()
  // On the disk, as durable as a co-op's.
  const folder = testFolder(tmpdir())
  const postgres = await startPostgres(join(folder, 'postgres'))
  const redis = await startRedis(join(folder, 'redis'))
  if (!redis) throw new Error('the redis-server that was found a moment ago is gone from PATH')
  const administer = (statement: string) => ask(postgres.url, statement)
  const dropDatabase = async (name: string) =>
    void (await administer(`drop database if exists ${name} with (force)`))
  return {
    folder,
    postgres,
    redis,
    dropDatabase,
    database: async (name, template = 'template0') => {
      await dropDatabase(name)
      await administer(`create database ${name} template ${template}`)
      const url = new URL(postgres.url)
      url.pathname = name
      return url.href
    },
    settle: async () => {
      await emptied(redis.url)
      await administer('checkpoint')
    },
    close: async () => {
      await Promise.all([postgres.stop(), redis.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** One statement on a connection of its own. */
export async function ask(url: string, statement: string, values: unknown[] = []): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(statement, values)).rows
  } finally {
    await client.end()
  }
}

async function emptied(url: string): Promise<void> {
  const redis = new Redis(url)
  await redis.flushall()
  redis.disconnect()
}

/** A process of a stage. */
export interface Running {
  readonly pid: number
  readonly port: number
  /** Ends it in order, or at once. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

export type Anchor = 'ideal' | 'naive'

/** Starts an anchor on this database. */
export async function startAnchor(
  place: Place,
  anchor: Anchor,
  databaseUrl: string,
  texts: Texts,
): Promise<Running> {
  const port = await freePort()
  const file = join(place.folder, `${anchor}.json`)
  const url = account.publicUrl + inboundPath
  const action = `${account.publicUrl}/twilio/status?i=`
  const settings = { port, databaseUrl, redisUrl: place.redis.url, url, token: account.token, action, texts }
  writeFileSync(file, JSON.stringify(settings))
  return run(place, anchor, port, ['test/bench/main.ts', '--as', anchor, '--settings', file])
}

/** Starts one of our own processes as `npm run web` and `npm run worker` do; on a port of its own where none is named. */
export async function startOurs(
  place: Place,
  role: 'web' | 'worker',
  databaseUrl: string,
  { nodeOptions = [], port }: { nodeOptions?: readonly string[]; port?: number } = {},
): Promise<Running> {
  const chosen = port ?? (await freePort())
  return run(place, role, chosen, [...nodeOptions, ...scriptOf(role)], {
    DATABASE_URL: databaseUrl,
    REDIS_URL: place.redis.url,
    COOPLINE_KEYS: keysOf(place),
    COOPLINE_LOG: 'warn',
    // No load balancer stands before it.
    COOPLINE_LET_GO_MS: '1',
    PORT: String(chosen),
    PUBLIC_URL: account.publicUrl,
    TWILIO_ACCOUNT_SID: account.sid,
    TWILIO_AUTH_TOKEN: account.token,
    TWILIO_API_KEY: `SK${'0'.repeat(32)}`,
    TWILIO_API_SECRET: 'bench',
    // Nobody listens there: no run sends anything by itself.
    TWILIO_API_BASE: 'http://127.0.0.1:9',
  })
}

/** What the script of package.json hands to node. */
function scriptOf(role: 'web' | 'worker'): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const [exec, node, ...words] = (scripts[role] ?? '').split(' ')
  if (exec !== 'exec' || node !== 'node')
    throw new Error(`package.json starts "${role}" with something else than exec node`)
  return words
}

export const keysOf = ({ folder }: Place): string => join(folder, 'keys')

const root = join(import.meta.dirname, '../..')

async function run(
  { folder }: Place,
  name: string,
  port: number,
  words: string[],
  env: Record<string, string> = {},
): Promise<Running> {
  mkdirSync(join(folder, 'logs'), { recursive: true })
  const file = join(folder, 'logs', `${name}-${port}.log`)
  const log = openSync(file, 'a')
  const child = spawn(process.execPath, words, {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  if (name !== 'worker') await ready(child, port, name, file)
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    await ended
  }
  return { pid: child.pid ?? 0, port, stop }
}

async function ready(child: ChildProcess, port: number, name: string, log: string): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    if (await fetch(`http://127.0.0.1:${port}/readyz`).then(({ ok }) => ok, isAway)) return
    await sleep(25)
  }
  throw new Error(`${name} does not start:\n${readFileSync(log, 'utf8').slice(-2_000)}`)
}

const isAway = () => false

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
