// npm start as a newcomer meets it: one instance per folder, whole, stopped in order, and on its feet after a kill.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findInstance } from '../../../src/store/instance.ts'
import { postgresSeat } from '../../../src/store/servers/postgres.ts'
import { lives, processOf } from '../../../src/store/servers/process.ts'
import { sitting } from '../../../src/store/servers/server.ts'
import { testFolder } from '../../stage/folder.ts'
import { command, coopline, eventsOf, type Running, run } from '../program.ts'

let data: string
let env: Record<string, string>
let last: Running | undefined

beforeEach(() => {
  data = testFolder()
  env = { COOPLINE_DATA: data, PORT: '0', COOPLINE_CHARTERS_MS: '200' }
})
afterEach(async () => {
  last?.kill('SIGINT')
  await last?.end
  rmSync(data, { recursive: true, force: true })
})

const market = path.join(import.meta.dirname, '../../../flows/charters/market.yaml')
const runs = /Coopline runs, after ([\d.]+) seconds/
async function start(): Promise<number> {
  last = run(env, 'start')
  const said = await last.says(/MAVUNO/)
  await last.says(/\+447700900200/)
  return Number(runs.exec(said)?.[1])
}

const postgres = () => sitting(postgresSeat(path.join(data, 'postgres')))

test('it says what was brought; a second one leaves it alone; Ctrl-C leaves nothing running', async () => {
  await start()
  const said = (await last?.says(runs)) ?? ''
  expect(said).toMatch(/Postgres +brought/)
  expect(said).toMatch(/carrier +brought/)
  expect(said).toContain(`COOPLINE_DATA=${data} npm run phone -- +447700901001 --to +447700900100\n`)
  const health = await fetch(`${findInstance(data)?.url}/readyz`)
  expect(health.status).toBe(200)

  const second = await coopline(env, 'start')
  expect(second.code).toBe(1)
  expect(second.error).toContain('already runs')
  expect((await command(env, 'charter', 'list')).out).toMatch(/drivers.*\n.*market|market.*\n.*drivers/)

  const { carrierUrl, authToken } = findInstance(data) ?? {}
  const senders = () =>
    fetch(`${carrierUrl}/pretend/senders`, { headers: { authorization: `Bearer ${authToken}` } }).then((answer) =>
      answer.text(),
    )
  const twin = path.join(data, 'twin.yaml')
  writeFileSync(
    twin,
    readFileSync(market, 'utf8')
      .replace(/^id: market$/m, 'id: twin')
      .replaceAll('+447700900200', '+447700900300'),
  )
  expect((await command(env, 'charter', 'apply', twin)).out).toContain('twin version 1 is in force')
  await expect.poll(senders, { timeout: 5_000 }).toContain('sms:+447700900300')

  const server = postgres()
  last?.kill('SIGINT')
  expect(await last?.end).toMatchObject({ code: 0 })
  expect(server && lives(server)).toBe(false)
  expect(findInstance(data)).toBeUndefined()
  const log = path.join(data, 'coopline.log')
  expect(statSync(log).mode & 0o777).toBe(0o600)
  expect(eventsOf(readFileSync(log, 'utf8'), last?.pid ?? 0)).toEqual(['started start', 'stopped start'])
})

test('what is there survives a stop and a kill; the next start is under 3 seconds; without its Postgres it ends', async () => {
  await start()
  const list = path.join(data, 'members.csv')
  writeFileSync(list, 'phone\n+447700900701\n')
  expect((await command(env, 'member', 'import', list, '--coop', 'drivers')).out).toContain('1 invited')
  const own = path.join(data, 'market.yaml')
  writeFileSync(own, `${readFileSync(market, 'utf8')}# ours\n`)
  expect((await command(env, 'charter', 'apply', own)).out).toContain('market version 2 is in force')

  last?.kill('SIGKILL')
  await last?.end
  const orphan = postgres()
  expect(orphan && processOf(orphan.pid)).toBeDefined()
  const times = [await start()]
  expect(await last?.says(runs)).toContain('npm run coopline -- charter apply flows/charters/market.yaml')
  expect(await last?.says(runs)).not.toContain('charter apply flows/charters/drivers.yaml')
  expect((await command(env, 'member', 'list', '--coop', 'drivers')).out).toContain('invited')
  last?.kill('SIGINT')
  await last?.end
  times.push(await start())
  expect(Math.min(...times)).toBeLessThan(3)

  process.kill(postgres()?.pid ?? 0, 'SIGKILL')
  expect(await last?.end).toMatchObject({
    code: 1,
    error: expect.stringContaining('Start it again with "npm start"'),
  })
  expect(findInstance(data)).toBeUndefined()
})

test('Ctrl-C on the way waits until there is something to stop; one that comes twice is one', async () => {
  last = run(env, 'start')
  while (!existsSync(path.join(data, 'postgres'))) await new Promise((resolve) => setTimeout(resolve, 5))
  last.kill('SIGINT')
  expect((await last.end).code).toBe(0)
  expect(postgres()).toBeUndefined()

  await start()
  last?.kill('SIGINT')
  last?.kill('SIGINT')
  expect(await last?.end).toMatchObject({ code: 0 })
})

test('a port that is taken, and lost keys, are said plainly; nothing is left running', async () => {
  await start()
  const port = new URL(findInstance(data)?.url ?? '').port
  const other = testFolder()
  const taken = await coopline({ COOPLINE_DATA: other, PORT: port }, 'start')
  expect(taken).toMatchObject({ code: 1, error: expect.stringContaining(`The port ${port} is taken`) })
  expect(sitting(postgresSeat(path.join(other, 'postgres')))).toBeUndefined()
  rmSync(other, { recursive: true })

  last?.kill('SIGINT')
  await last?.end
  rmSync(path.join(data, 'keys'), { recursive: true })
  const lost = await coopline(env, 'start')
  expect(lost).toMatchObject({ code: 1, error: expect.stringContaining('Restore them from your backup') })
})

test("some of Twilio's settings only: the rest is named, and nothing is started", async () => {
  const some = await coopline({ ...env, TWILIO_AUTH_TOKEN: 'x' }, 'start')
  expect(some.code).toBe(1)
  expect(some.error).toContain('TWILIO_API_KEY is missing')
  expect(findInstance(data)).toBeUndefined()
})

test('beside a real carrier no example co-op is put in', async () => {
  const real = {
    PUBLIC_URL: 'https://line.example.org',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'token',
    TWILIO_API_KEY: `SK${'0'.repeat(32)}`,
    TWILIO_API_SECRET: 'secret',
  }
  last = run({ ...env, HOST: '127.0.0.1', ...real }, 'start')
  expect(await last.says(/charter apply FILE/)).toMatch(/carrier +real/)
  expect((await command(env, 'charter', 'list')).out).not.toMatch(/drivers|market/)
})
