// The processes of a real installation: they bring nothing, see a charter that is applied beside them, and end when
// they are asked to.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { testDatabase, testRedis } from '../stage/servers.ts'
import { coopline, eventsOf, run } from './program.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'coopline-processes-'))
afterAll(() => rmSync(folder, { recursive: true }))
const charter = path.join(import.meta.dirname, '../../flows/charters/drivers.yaml')

test('web and worker run on what is set, and stop at a signal, at a second one at once', async () => {
  const { url, drop } = await testDatabase()
  const env = {
    DATABASE_URL: url,
    REDIS_URL: await testRedis(),
    COOPLINE_KEYS: path.join(folder, 'keys'),
    PORT: '0',
    PUBLIC_URL: 'http://127.0.0.1:1',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'token',
    TWILIO_API_KEY: `SK${'0'.repeat(32)}`,
    TWILIO_API_SECRET: 'secret',
    TWILIO_API_BASE: 'http://127.0.0.1:1',
    COOPLINE_CHARTERS_MS: '100',
    COOPLINE_LET_GO_MS: '1000',
  }
  expect((await coopline(env, 'web')).error).toContain('keys make')
  await coopline(env, 'keys', 'make')
  const [web, worker] = [run(env, 'web'), run(env, 'worker')]
  await worker.says(/"event":"started"/)
  const port = /"port":(\d+)/.exec(await web.says(/"event":"started".*\n/))?.[1]
  const ready = () => fetch(`http://127.0.0.1:${port}/readyz`).then(({ status }) => status)
  expect(await ready()).toBe(503)
  await coopline(env, 'charter', 'apply', charter)
  await expect.poll(ready, { timeout: 5_000 }).toBe(200)
  const hasty = run({ ...env, COOPLINE_LET_GO_MS: '60000' }, 'web')
  await hasty.says(/"event":"started"/)
  for (const each of [web, worker, hasty]) each.kill('SIGTERM')
  await web.says(/"event":"stopping"/)
  expect(await ready()).toBe(503)
  for (const [role, process] of Object.entries({ web, worker })) {
    const { code, out } = await process.end
    expect(code).toBe(0)
    expect(eventsOf(out, process.pid)).toEqual([`started ${role}`, `stopped ${role}`])
  }
  hasty.kill('SIGTERM')
  expect(await hasty.end).toMatchObject({ code: 130 })
  await drop()
})

test('a database that is away, or lacks its tables, is said in one line', async () => {
  const away = { DATABASE_URL: 'postgres://coopline@127.0.0.1:1/coopline', COOPLINE_DATA: folder }
  const { code, error } = await coopline(away, 'member', 'list')
  expect(code).toBe(1)
  expect(error).toContain('doctor')
  expect(error.trim().split('\n')).toHaveLength(1)
})
