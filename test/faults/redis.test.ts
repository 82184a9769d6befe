// Redis emptied, gone, full, evicting, spoiled and rolled back, each under use: nothing is lost but a little
// speed.
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { addressOn } from '../../src/coop/members/address.ts'
import { length, limit, sleep, until } from './lengths.ts'
import { expectAllKept, slowest, steady } from './load.ts'
import { type Person, sayOf } from './phones.ts'
import { type FaultStage, faultStage } from './stage.ts'
import { expectSafe } from './truth.ts'
import { openQuick } from './votes.ts'

let stage: FaultStage
beforeAll(async () => {
  stage = await faultStage({ own: ['redis'] })
})
afterAll(() => stage?.end())

function redisClient(): Redis {
  const redis = new Redis(stage.redisUrl, { retryStrategy: () => 50 })
  redis.on('error', () => undefined)
  onTestFinished(() => redis.disconnect())
  return redis
}

const server = () => {
  if (!stage.redis) throw new Error('This stage has no Redis of its own')
  return stage.redis
}

/** Switches a use on and off again: a conversation of three messages, each answered as it should be. */
async function converse(person: Person): Promise<void> {
  const said: string[] = []
  for (const word of ['ON 1', '1', 'OFF 1']) {
    const post = await stage.phones.text(person, word)
    expect(post.status).toBe(200)
    said.push(sayOf(post))
  }
  expect(said).toEqual([
    expect.stringContaining('1 Share'),
    expect.stringMatching(/^On: /),
    expect.stringMatching(/^Off: /),
  ])
}

test('emptied every 300 ms: every conversation goes on, every call is sent', limit(60), async () => {
  const redis = redisClient()
  const timer = setInterval(() => void redis.flushall().catch(() => undefined), 300)
  onTestFinished(() => clearInterval(timer))
  const people = await stage.join(length(100, 666))
  await openQuick(stage, 'emptied')
  for (let at = 0; at < people.length; at += 20) {
    await Promise.all(people.slice(at, at + 20).map(converse))
    await sleep(length(50, 200))
  }
  await expectSafe(stage)
  const called = people.map(({ phone }) => stage.carrier.received(addressOn('sms', phone)))
  expect(called.map((all) => all.filter(({ body }) => body.includes('emptied')).length)).toEqual(
    people.map(() => 1),
  )
})

test('shut down under load: all answered with 200, hardly later', limit(60), async () => {
  const people = await stage.join(length(120, 600))
  const load = { perSecond: 60, ms: length(1500, 5000) }
  const before = await steady(stage, people, load)
  const redis = redisClient()
  await redis.call('SHUTDOWN', 'NOSAVE').catch(() => undefined)
  const during = await steady(stage, people, { ...load, ms: length(3000, 30_000) })
  await server().start()
  await redis.ping()
  const after = await steady(stage, people, load)
  expectAllKept([...before, ...during, ...after])
  expect(slowest(during)).toBeLessThanOrEqual(Math.max(slowest(before), slowest(after)) + 150)
  await expectSafe(stage)
})

test('full: refused writes cost nothing but speed', limit(40), async () => {
  const redis = redisClient()
  const people = await stage.join(60)
  await redis.config('SET', 'maxmemory', '1mb')
  onTestFinished(() =>
    server()
      .start()
      .catch(() => undefined),
  )
  const posts = await steady(stage, people, { perSecond: 60, ms: length(1500, 10_000) })
  await Promise.all(people.slice(0, 10).map(converse))
  await redis.config('SET', 'maxmemory', '0')
  expectAllKept(posts)
  await expectSafe(stage)
})

test('a policy that evicts is said by /readyz, and all goes on', limit(40), async () => {
  const redis = redisClient()
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
  const ready = async () => {
    const response = await fetch(`http://127.0.0.1:${stage.frontPort}/readyz`)
    return { code: response.status, ...((await response.json()) as object) }
  }
  expect(await ready()).toMatchObject({
    code: 200,
    status: 'degraded',
    redis: expect.stringContaining('noeviction'),
  })
  const [person] = await stage.join(1)
  if (person) await converse(person)
  await redis.config('SET', 'maxmemory-policy', 'noeviction')
  expect(await ready()).toMatchObject({ code: 200, status: 'ready' })
})

/** What somebody may find in the place of a session, by how it came there. */
type Spoil = (redis: Redis, key: string, old: Buffer, now: Buffer) => Promise<unknown>
const spoiled: Readonly<Record<string, Spoil>> = {
  stale: (redis, key, old) => redis.set(key, old),
  empty: (redis, key) => redis.set(key, ''),
  garbage: (redis, key) => redis.set(key, Buffer.from('ffffffff00ff00ff00ff00ff00ff00ff00', 'hex')),
  'another type': async (redis, key) => {
    await redis.del(key)
    await redis.lpush(key, 'x')
  },
  'the newest version with a foreign session': (redis, key, old, now) =>
    redis.set(key, Buffer.concat([now.subarray(0, 4), old.subarray(4)])),
  'its own head with a damaged body': (redis, key, _, now) =>
    redis.set(key, Buffer.concat([now.subarray(0, 20), Buffer.alloc(now.length - 20, 7)])),
}

test.for(Object.keys(spoiled))('a session that is %s in Redis: the snapshot serves', limit(40), async (how) => {
  const redis = redisClient()
  const [person] = await stage.join(1)
  if (!person) throw new Error('nobody joined')
  await redis.flushall()
  const keyOf = async () => (await redis.keys('session:*'))[0] ?? ''
  // A process that found Redis full or gone leaves it alone for a while.
  await until('the session is in Redis', async () => {
    await stage.phones.text(person, 'MY')
    await sleep(200)
    return (await keyOf()) !== ''
  })
  const key = await keyOf()
  const old = (await redis.getBuffer(key)) ?? Buffer.alloc(0)
  await stage.phones.text(person, 'ON 1')
  await until('the newer one too', async () => !(await redis.getBuffer(key))?.equals(old))
  const now = (await redis.getBuffer(key)) ?? Buffer.alloc(0)
  await spoiled[how]?.(redis, key, old, now)
  const answered = stage.carrier.received(addressOn('sms', person.phone)).length
  const post = await stage.phones.text(person, '1')
  expect(post.status).toBe(200)
  const late = () => stage.carrier.received(addressOn('sms', person.phone), answered).map(({ body }) => body)
  await until('she is answered, now or by the worker', () =>
    [sayOf(post), ...late()].some((said) => /^On: /.test(said)),
  )
  expect(sayOf(await stage.phones.text(person, 'OFF 1'))).toMatch(/^Off: /)
  await expectSafe(stage)
})

test('rolled back to an older copy: every conversation goes on where it was', limit(40), async () => {
  const redis = redisClient()
  const people = await stage.join(10)
  for (const person of people) await stage.phones.text(person, 'OFF 1')
  await redis.save()
  const [, folder = ''] = (await redis.config('GET', 'dir')) as string[]
  copyFileSync(join(folder, 'dump.rdb'), join(folder, 'older.rdb'))
  for (const person of people) await stage.phones.text(person, 'ON 1')
  await redis.call('SHUTDOWN', 'NOSAVE').catch(() => undefined)
  copyFileSync(join(folder, 'older.rdb'), join(folder, 'dump.rdb'))
  await server().start()
  await redis.ping()
  const said = await Promise.all(people.map(async (person) => sayOf(await stage.phones.text(person, '1'))))
  expect(said.filter((each) => !/^On: /.test(each))).toEqual([])
  await expectSafe(stage)
})
