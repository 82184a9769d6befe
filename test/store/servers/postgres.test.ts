// The Postgres that one machine starts for itself: data stay, orphans are ended, a living starter's server is not touched.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startPostgres } from '../../../src/store/servers/postgres.ts'
import { end, lives, processOf } from '../../../src/store/servers/process.ts'
import type { Server } from '../../../src/store/servers/server.ts'
import { testFolder } from '../../stage/folder.ts'
import { quickPostgres } from '../../stage/settings.ts'

// One folder of data serves all tests: starting on it again is ten times quicker than making it new.
let folder: string
const running = new Set<Server>()

beforeAll(() => {
  folder = testFolder()
})

afterEach(async () => {
  for (const server of running) await server.stop()
  running.clear()
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function start(place = join(folder, 'postgres')): Promise<Server> {
  const server = await startPostgres(place, { settings: quickPostgres })
  running.add(server)
  return server
}

async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client(url)
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query({ text: statement, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

/** Starts a Postgres from a process of its own and kills that process: what is left is an orphan. */
async function orphan(place: string): Promise<{ url: string; pid: number }> {
  const module = join(import.meta.dirname, '../../../src/store/servers/postgres.ts')
  const script = `import { startPostgres } from ${JSON.stringify(module)}
    const { url, pid } = await startPostgres(${JSON.stringify(place)}, { settings: ${JSON.stringify(quickPostgres)} })
    console.log(JSON.stringify({ url, pid }))
    setInterval(() => {}, 1000)`
  const starter = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(starter.stdout, 'data')
  starter.kill('SIGKILL')
  await once(starter, 'exit')
  return JSON.parse(String(line))
}

test('data survive a stop in good order, and nothing listens on the network', async () => {
  const first = await start()
  await ask(first.url, 'create table kept as select 1 as n')
  await first.stop()
  const second = await start()
  expect(await ask(second.url, 'select n from kept')).toEqual([1])
  expect(await ask(second.url, "select current_setting('listen_addresses')")).toEqual([''])
  expect(statSync(join(folder, 'postgres')).mode & 0o777).toBe(0o700)
})

test('text is UTF-8, compared by code point, and no parameter reaches the log', async () => {
  const { url } = await start()
  expect(
    await ask(url, "select 'a' < 'B', upper('é'), pg_encoding_to_char(encoding) from pg_database limit 1"),
  ).toEqual([false, 'É', 'UTF8'])
  await expect(ask(url, "select '+447700900999'::int")).rejects.toThrow()
  expect(readFileSync(join(folder, 'postgres/postgres.log'), 'utf8')).not.toContain('select')
})

test('what was committed survives kill -9 of Postgres', async () => {
  const first = await start()
  await ask(first.url, 'create table recovered as select 1 as n')
  const killed = processOf(first.pid)
  process.kill(first.pid, 'SIGKILL')
  while (killed && lives(killed)) await new Promise((resolve) => setTimeout(resolve, 5))
  const second = await start()
  expect(await ask(second.url, 'select n from recovered')).toEqual([1])
})

test('a pid file whose number now belongs to another process is no obstacle', async () => {
  const first = await start()
  await first.stop()
  const left = `${process.ppid}\n${join(folder, 'postgres/data')}\n1\n5432\n\n\n1 1\nready   \n`
  writeFileSync(join(folder, 'postgres/data/postmaster.pid'), left)
  expect(await ask((await start()).url, 'select 1')).toEqual([1])
})

test('kill -9 of the starter leaves an orphan, which the next start ends', async () => {
  const left = await orphan(join(folder, 'postgres'))
  expect(await ask(left.url, 'create table left_over as select 1 as n')).toEqual([])
  const before = processOf(left.pid)
  const next = await start()
  expect(before && lives(before)).toBe(false)
  expect(next.pid).not.toBe(left.pid)
  expect(await ask(next.url, 'select n from left_over')).toEqual([1])
})

test('the server of a living starter is refused and left alone', async () => {
  const first = await start()
  await expect(start()).rejects.toThrow(`already runs in ${join(folder, 'postgres')} (pid ${first.pid})`)
  expect(await ask(first.url, 'select 1')).toEqual([1])
})

test('a server that nobody noted down is refused and left alone', async () => {
  const first = await start()
  rmSync(join(folder, 'postgres/starter.json'))
  await expect(start()).rejects.toThrow('not started by Coopline')
  expect(await ask(first.url, 'select 1')).toEqual([1])
})

test('a path too deep for a socket, or with signs of its own, gets a short private folder, which goes with it', async () => {
  const deep = join(folder, 'a'.repeat(60), 'données & co', 'b'.repeat(60))
  mkdirSync(deep, { recursive: true })
  const server = await start(join(deep, 'postgres'))
  expect(await ask(server.url, 'select 1')).toEqual([1])
  const sockets = new URL(server.url).searchParams.get('host') ?? ''
  expect(Buffer.byteLength(sockets)).toBeLessThan(90)
  expect(statSync(sockets).mode & 0o777).toBe(0o700)
  await server.stop()
  expect(existsSync(sockets)).toBe(false)
})

test('a first start that was killed half way leaves nothing that a second one takes for data', async () => {
  const half = join(folder, 'half/data.new')
  mkdirSync(half, { recursive: true })
  writeFileSync(join(half, 'PG_VERSION'), '18\n')
  expect(await ask((await start(join(folder, 'half'))).url, 'select current_database()')).toEqual(['coopline'])
})

test('why it does not start is said in its own words', async () => {
  const place = join(folder, 'postgres')
  const attempt = startPostgres(place, { settings: { ...quickPostgres, shared_buffers: 'plenty' } })
  await expect(attempt).rejects.toThrow(/invalid value for parameter "shared_buffers".*DATABASE_URL/s)
})

test('it has a session of its own, so that Ctrl-C in the terminal does not reach it', async () => {
  const { pid } = await start()
  expect(sessionOf(pid)).toBe(pid)
})

function sessionOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3])
}

test('a process that will not end by one signal gets the next', async () => {
  const script = "process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000)"
  const deaf = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(deaf.stdout, 'data')
  const one = processOf(deaf.pid ?? 0)
  if (!one) throw new Error('the process is gone')
  await end(one, ['SIGTERM', 100], ['SIGKILL', 5_000])
  expect(lives(one)).toBe(false)
})
