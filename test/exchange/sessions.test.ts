// Sessions in Redis only make the right session come faster: whatever lies there, the one in Postgres is stepped, and
// an older version never replaces a newer one.
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import pino from 'pino'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { newSession, type Session } from '../../src/conversation/session.ts'
import { readAddress } from '../../src/coop/members/address.ts'
import { bytesOf, type Sender } from '../../src/exchange/message.ts'
import { nonceOf, openSessions, sealSession, unsealSession } from '../../src/exchange/sessions.ts'
import { senderOf } from '../../src/exchange/webhook/arrival.ts'
import { openRedis } from '../../src/store/redis.ts'
import { ownRedis } from '../stage/servers.ts'
import { type ExchangeStage, exchangeStage, join, newPhone, setClockBack, talk, until, type Web } from './stage.ts'

let stage: ExchangeStage
let web: Web
let redis: Redis
beforeAll(async () => {
  stage = await exchangeStage()
  web = await stage.open()
  redis = new Redis(stage.redisUrl)
})
afterAll(async () => {
  redis.disconnect()
  await stage.end()
})

function sender(phone: string, coop = 'drivers'): Sender {
  const [address, to] = [readAddress(`sms:${phone}`), readAddress('sms:+447700900100')]
  if (!address || !to) throw new Error('no address')
  return senderOf(stage.keys, coop, address, to)
}
const keyOf = ({ coop, addressIndex }: Sender) => `session:{${coop}}:${addressIndex}`
const contactOf = (phone: string) =>
  stage.db
    .selectFrom('contacts')
    .select(['version', 'snapshot'])
    .where('address_index', '=', bytesOf(sender(phone).addressIndex))
    .executeTakeFirstOrThrow()
const written = (version: number, sealed: Buffer) => {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(version)
  return Buffer.concat([head, sealed])
}
const elsewhere: Session = { ...newSession, language: 'hi', serial: 9 }

interface Row {
  readonly version: number
  readonly snapshot: Buffer
}
const lies: Readonly<Record<string, (row: Row) => Buffer>> = {
  'an older version': ({ version, snapshot }) => written(version - 1, snapshot),
  'an older version of another session': ({ version }) => written(version - 1, sealSession(stage.keys, elsewhere)),
  'the same version of another session': ({ version }) => written(version, sealSession(stage.keys, elsewhere)),
  'a newer version that was never committed': ({ version }) =>
    written(version + 3, sealSession(stage.keys, elsewhere)),
  'the session itself, damaged': ({ version, snapshot }) => {
    const sealed = Buffer.from(snapshot)
    sealed.writeUInt8((sealed.at(-1) ?? 0) ^ 1, sealed.length - 1)
    return written(version, sealed)
  },
  'the session itself, cut off': ({ version, snapshot }) => written(version, snapshot.subarray(0, 20)),
  garbage: () => randomBytes(200),
  nothing: () => Buffer.alloc(0),
  'a version alone': ({ version }) => written(version, Buffer.alloc(0)),
}

test.each(Object.keys(lies))('with %s in Redis she is asked what comes next', async (name) => {
  const phone = newPhone()
  await join(web, phone)
  await talk(web, phone, ['REPORT', '8'])
  const { version, snapshot } = await contactOf(phone)
  if (!snapshot) throw new Error('no snapshot')
  const key = keyOf(sender(phone))
  await until('her session is in Redis', async () => (await redis.getBuffer(key))?.readUInt32BE(0) === version)
  await redis.set(key, lies[name]?.({ version, snapshot }) ?? '')
  expect((await web.say(phone, '1900')).text).toMatch(/^Fuel/)
  expect((await contactOf(phone)).version).toBe(version + 1)
  expect((await web.say(phone, '300')).text).toMatch(/^That is all we need/)
})

test('a key of another type in Redis is overwritten by the next session', async () => {
  const phone = newPhone()
  await join(web, phone)
  const key = keyOf(sender(phone))
  await redis.del(key)
  await redis.lpush(key, 'a', 'b')
  expect((await web.say(phone, 'REPORT')).text).toMatch(/^Hours/)
  await until('it is a session', async () => (await redis.type(key)) === 'string')
  expect((await redis.getBuffer(key))?.readUInt32BE(0)).toBe((await contactOf(phone)).version)
  expect(stage.logs.filter((line) => line.event === 'message_put_aside')).toEqual([])
})

test('after a message Redis has its session, for a week', async () => {
  const phone = newPhone()
  await join(web, phone)
  const { version, snapshot } = await contactOf(phone)
  const key = keyOf(sender(phone))
  await until('her session is there', async () => (await redis.getBuffer(key))?.readUInt32BE(0) === version)
  expect((await redis.getBuffer(key))?.subarray(4)).toEqual(snapshot)
  expect(await redis.ttl(key)).toBeGreaterThan(6.9 * 86_400)
})

function client() {
  const opened = openRedis(stage.redisUrl, 1_000, pino({ level: 'silent' }))
  onTestFinished(() => opened.disconnect())
  return { opened, ready: () => until('it is connected', () => opened.status === 'ready') }
}

test('however the writes of two processes fall, the highest version stays', async () => {
  const [one, two] = [client(), client()]
  await Promise.all([one.ready(), two.ready()])
  const processes = [openSessions(one.opened), openSessions(two.opened)]
  const write = fc.record({ by: fc.nat(1), version: fc.integer({ min: 1, max: 2 ** 31 - 1 }), pause: fc.boolean() })
  const near = fc.record({ by: fc.nat(1), version: fc.integer({ min: 250, max: 260 }), pause: fc.boolean() })
  const writes = fc.array(fc.oneof(near, write), { minLength: 1, maxLength: 12 })
  const property = fc.asyncProperty(writes, async (each) => {
    const her = sender(newPhone())
    for (const { by, version, pause } of each) {
      processes[by]?.keep([
        { sender: her, version, sealed: randomBytes(40), session: newSession, owner: 'none' as const },
      ])
      if (pause) await new Promise(setImmediate)
    }
    const highest = Math.max(...each.map(({ version }) => version))
    await until('the highest is kept', async () => {
      const value = await redis.getBuffer(keyOf(her))
      return value?.readUInt32BE(0) === highest
    })
    // Whatever is still on its way comes after this and changes nothing.
    await Promise.all(processes.map((sessions) => sessions.find(her)))
    expect((await redis.getBuffer(keyOf(her)))?.readUInt32BE(0)).toBe(highest)
  })
  await fc.assert(property, { numRuns: 60 })
})

test('sessions of several co-ops are kept at once, also by a Redis that has forgotten the script', async () => {
  const one = client()
  await one.ready()
  const sessions = openSessions(one.opened)
  await redis.script('FLUSH')
  const people = ['drivers', 'market', 'third', 'fourth'].map((coop) => sender(newPhone(), coop))
  sessions.keep(
    people.map((her) => ({
      sender: her,
      version: 5,
      sealed: randomBytes(30),
      session: newSession,
      owner: 'none' as const,
    })),
  )
  for (const her of people) await until('each is kept', async () => (await redis.exists(keyOf(her))) === 1)
})

test('a Redis that answers with errors is not left alone', async () => {
  const one = client()
  await one.ready()
  const sessions = openSessions(one.opened)
  const [spoilt, whole] = [sender(newPhone()), sender(newPhone())]
  await redis.lpush(keyOf(spoilt), 'a')
  await redis.set(keyOf(whole), written(3, randomBytes(30)))
  for (let at = 0; at < 5; at++) expect(await sessions.find(spoilt)).toBeUndefined()
  expect((await sessions.find(whole))?.version).toBe(3)
})

test('a Redis that hangs is left alone for a moment, and asked again after it', async () => {
  const own = await ownRedis()
  const opened = openRedis(own.url, 60, pino({ level: 'silent' }))
  onTestFinished(async () => {
    process.kill(own.pid(), 'SIGCONT')
    opened.disconnect()
    await own.drop()
  })
  await until('it is connected', () => opened.status === 'ready')
  const her = sender(newPhone())
  openSessions(opened).keep([
    { sender: her, version: 1, sealed: randomBytes(30), session: newSession, owner: 'none' as const },
  ])
  // Another process, which remembers nothing of her.
  const sessions = openSessions(opened)
  const find = async () => {
    const since = performance.now()
    const found = await sessions.find(her)
    return { found, ms: performance.now() - since }
  }
  await until('her session is kept', async () => (await find()).found?.version === 1)
  process.kill(own.pid(), 'SIGSTOP')
  for (let at = 0; at < 3; at++) expect((await find()).ms).toBeGreaterThan(50)
  setClockBack()
  for (let at = 0; at < 20; at++) expect((await find()).ms).toBeLessThan(30)
  process.kill(own.pid(), 'SIGCONT')
  expect((await find()).found).toBeUndefined()
  await until('it is asked again', async () => (await find()).found?.version === 1)
})

test('without Redis a process still remembers the last twenty thousand whom it has answered', async () => {
  const sessions = openSessions(undefined)
  const senders = Array.from({ length: 20_001 }, () => sender(newPhone()))
  for (const each of senders)
    sessions.keep([
      { sender: each, version: 1, sealed: randomBytes(30), session: newSession, owner: 'none' as const },
    ])
  const [first, second] = senders
  expect(first && (await sessions.find(first))).toBeUndefined()
  expect(second && (await sessions.find(second))).toMatchObject({ version: 1 })
})

test('a seal is known by its nonce, opens as the session, and says nothing where it is damaged', () => {
  const sealed = sealSession(stage.keys, elsewhere)
  expect(nonceOf(sealed)).toBe(sealed.toString('hex', 1, 13))
  expect(nonceOf(sealSession(stage.keys, elsewhere))).not.toEqual(nonceOf(sealed))
  expect(unsealSession(stage.keys, sealed)).toEqual(elsewhere)
  for (let at = 1; at < sealed.length; at++) {
    const damaged = Buffer.from(sealed)
    damaged.writeUInt8((damaged[at] ?? 0) ^ 0x40, at)
    expect(unsealSession(stage.keys, damaged)).toBeUndefined()
  }
  expect(unsealSession(stage.keys, sealed.subarray(0, 10))).toBeUndefined()
  const foreign = Buffer.concat([Buffer.of(9), sealed.subarray(1)])
  expect(() => unsealSession(stage.keys, foreign)).toThrow(/sealed with key 9/)
})
