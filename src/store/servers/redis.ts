// A Redis that one machine starts for itself where a redis-server is installed: on a Unix socket, nothing on disk,
// since Postgres is the truth. Its url is ioredis' own form for a socket: redis://localhost/0?path=/folder/redis.sock
import { closeSync, openSync, realpathSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { end, lives, type Process, processOf } from './process.ts'
import {
  endOrphan,
  leaveFolder,
  privateFolder,
  type Seat,
  type Server,
  socketFolder,
  startApart,
  takeFolder,
} from './server.ts'

const settings: Readonly<Record<string, string>> = {
  port: '0',
  unixsocketperm: '700',
  save: '',
  appendonly: 'no',
  // BullMQ loses jobs under any policy that evicts.
  'maxmemory-policy': 'noeviction',
}

const farewell = [
  ['SIGTERM', 5_000],
  ['SIGKILL', 5_000],
] as const

/** Starts Redis in this folder; undefined where this machine has no redis-server. */
export async function startRedis(
  folder: string,
  options: { command?: string; settings?: Readonly<Record<string, string>> } = {},
): Promise<Server | undefined> {
  const cwd = privateFolder(folder)
  const seat = redisSeat(cwd)
  await endOrphan(seat)
  const sockets = socketFolder(cwd, 'redis.sock')
  takeFolder(cwd, sockets)
  const socket = join(sockets.folder, 'redis.sock')
  const args = argumentsOf({
    ...settings,
    ...options.settings,
    unixsocket: socket,
    dir: cwd,
    pidfile: seat.pidFile,
  })
  const redis = await spawnServer(options.command ?? 'redis-server', args, cwd)
  if (!redis || !(await answers(redis, socket))) {
    leaveFolder(cwd, sockets)
    if (!redis) return undefined
    throw new Error(`Redis does not start in ${cwd}: ${logOf(cwd)} says why.`)
  }
  const stop = async () => {
    await end(redis, ...farewell)
    leaveFolder(cwd, sockets)
  }
  return { url: `redis://localhost/0?path=${encodeURIComponent(socket)}`, pid: redis.pid, stop }
}

/** Where the Redis of this folder works. */
export function redisSeat(folder: string): Seat {
  const cwd = realpathSync(folder)
  return { name: 'Redis', folder: cwd, cwd, pidFile: join(cwd, 'redis.pid'), farewell }
}

function argumentsOf(all: Readonly<Record<string, string>>): string[] {
  return Object.entries(all).flatMap(([name, value]) => [`--${name}`, value])
}

async function spawnServer(command: string, args: string[], cwd: string): Promise<Process | undefined> {
  rmSync(logOf(cwd), { force: true })
  const log = openSync(logOf(cwd), 'wx', 0o600)
  try {
    const { pid = 0 } = await startApart(command, args, { log, cwd, env: undefined, uid: undefined })
    return processOf(pid) ?? { pid, since: 'gone' }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  } finally {
    closeSync(log)
  }
}

/** Waits until Redis takes a connection; false where it ended instead. */
async function answers(redis: Process, socket: string): Promise<boolean> {
  while (lives(redis)) {
    if (await connects(socket)) return true
    await sleep(10)
  }
  return false
}

function connects(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const attempt = connect(socket)
    attempt.once('connect', () => resolve(true))
    attempt.once('error', () => resolve(false))
    attempt.once('connect', () => attempt.destroy())
  })
}

const logOf = (folder: string) => join(folder, 'redis.log')
