// What the probe says: ready, degraded while only Redis is amiss, not ready without Postgres, charters, or the will to
// go on.
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { readiness } from '../../../src/exchange/webhook/readiness.ts'
import { openWeb } from '../../../src/exchange/webhook/web.ts'
import { openDatabase, openPool } from '../../../src/store/database.ts'
import { ownRedis } from '../../stage/servers.ts'
import { join, newPhone, stageOfTest, until, type Web } from '../stage.ts'

async function probe(web: Web) {
  const response = await fetch(`${web.url}/readyz`)
  const said: unknown = await response.json()
  return { http: response.status, said }
}

test('with everything there it is ready, and alive', async () => {
  const { web } = await stageOfTest()
  await until('Redis is connected', () => web.parts.redis?.status === 'ready')
  expect(await probe(web)).toEqual({
    http: 200,
    said: { status: 'ready', postgres: 'ok', keys: 'ok', charters: '1 in force', redis: 'ok' },
  })
  expect(await (await fetch(`${web.url}/healthz`)).text()).toBe('ok\n')
})

test('without Redis, or with one that forgets, it is degraded and serves', async () => {
  const redis = await ownRedis()
  onTestFinished(() => redis.drop())
  const { stage, web } = await stageOfTest({ REDIS_URL: redis.url })
  await join(web, newPhone())
  await web.parts.redis?.call('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
  expect(await probe(web)).toMatchObject({
    http: 200,
    said: { status: 'degraded', redis: expect.stringMatching(/maxmemory-policy is allkeys-lru; set/) },
  })
  await redis.stop()
  expect(await probe(web)).toMatchObject({
    http: 200,
    said: { status: 'degraded', redis: expect.stringMatching(/does not answer/) },
  })
  await join(web, newPhone())
  const bare = await stage.open({ REDIS_URL: '' })
  expect(await probe(bare)).toMatchObject({ http: 200, said: { redis: expect.stringMatching(/^none is set/) } })
})

test('without a charter, without Postgres, or stopping it is not ready', async () => {
  const { stage, web } = await stageOfTest()
  expect(await readiness(web.counter, true)).toMatchObject({ ready: false, status: 'not ready' })
  await sql`delete from charters`.execute(stage.db)
  await web.parts.charters.reload()
  expect(await probe(web)).toMatchObject({
    http: 503,
    said: { status: 'not ready', charters: expect.stringMatching(/^none is applied; run/) },
  })
  const nowhere = openDatabase(openPool('postgres://127.0.0.1:9/none', 2, web.parts.log))
  onTestFinished(() => nowhere.destroy())
  expect(await readiness({ ...web.counter, parts: { ...web.parts, db: nowhere } }, false)).toMatchObject({
    ready: false,
    postgres: expect.stringMatching(/^does not answer/),
    keys: expect.stringMatching(/^not compared/),
  })
})

test('with keys that are not those of its database it is not ready, and names no file', async () => {
  const { stage, web } = await stageOfTest()
  await sql`update keys set fingerprint = sha256('another') where name = 'index'`.execute(stage.db)
  const { http, said } = await probe(web)
  expect({ http, said }).toMatchObject({
    http: 503,
    said: { status: 'not ready', keys: expect.stringMatching(/^not those of this database; run/) },
  })
  expect(JSON.stringify(said)).not.toContain(web.parts.config.keys)
})

test('asked to stop it says so while it serves on, then takes nothing new', async () => {
  const { web } = await stageOfTest()
  const app = openWeb(web.counter)
  const url = `http://127.0.0.1:${await app.listen(0, '127.0.0.1')}`
  const ask = async (page: string) => {
    const { status, headers } = await fetch(`${url}${page}`)
    return [status, headers.get('connection')]
  }
  expect(await ask('/readyz')).toEqual([200, 'keep-alive'])
  const from = performance.now()
  const stopped = app.stop(400)
  expect(await ask('/readyz')).toEqual([503, 'close'])
  expect(await ask('/healthz')).toEqual([200, 'close'])
  await stopped
  expect(performance.now() - from).toBeGreaterThanOrEqual(399)
  expect(performance.now() - from).toBeLessThan(2_000)
  await expect(ask('/healthz')).rejects.toThrow()
})
