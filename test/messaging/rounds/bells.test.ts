// Bells on a real Redis, and without one: they ring, or are silent in time, and never throw.
import { Redis } from 'ioredis'
import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { type Bells, openBells } from '../../../src/messaging/rounds/bells.ts'
import { ownRedis, testRedis } from '../../stage/servers.ts'
import { until } from '../stage.ts'

const log = pino({ level: 'silent' })
const timing = { bell: 150, drain: 2000 }

function open(url: string | undefined): Bells {
  const bells = openBells(url, timing, log)
  onTestFinished(() => bells.close())
  return bells
}

async function ready(bells: Bells, heard: readonly string[]): Promise<void> {
  await until(async () => {
    await bells.ring('ready')
    return heard.includes('ready')
  })
}

test('a bell rings in another process of the same Redis, at once', async () => {
  const url = await testRedis()
  const heard: string[] = []
  open(url).listen((round) => heard.push(round))
  const here = open(url)
  await ready(here, heard)
  const began = performance.now()
  await here.ring('deliver sms:+447700900100')
  await until(() => heard.includes('deliver sms:+447700900100'))
  expect(performance.now() - began).toBeLessThan(1000)
})

test('a bell that is rung as soon as it is opened is heard, as that of a command', async () => {
  const url = await testRedis()
  const heard: string[] = []
  const worker = open(url)
  worker.listen((round) => heard.push(round))
  await ready(worker, heard)
  // A machine that is busy may take longer than a bell does: then the next one is heard.
  for (let tries = 0; tries < 5 && !heard.includes('broadcasts'); tries++) {
    const command = openBells(url, timing, log)
    await command.ring('broadcasts')
    await command.close()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  expect(heard).toContain('broadcasts')
})

test('a later bell rings later, and once, however many put it up', async () => {
  const url = await testRedis()
  const heard: string[] = []
  const here = open(url)
  here.listen((round) => heard.push(round))
  await ready(here, heard)
  const began = performance.now()
  await Promise.all([here.ring('close', 400), here.ring('close', 400), here.ring('close', 400)])
  await until(() => heard.includes('close'))
  expect(performance.now() - began).toBeGreaterThan(350)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(heard.filter((round) => round === 'close').length).toBeLessThanOrEqual(2)
})

test('what has rung leaves nothing behind', async () => {
  const url = await testRedis()
  const heard: string[] = []
  const here = open(url)
  here.listen((round) => heard.push(round))
  await ready(here, heard)
  for (let n = 0; n < 20; n++) await here.ring(`round ${n}`)
  await until(() => heard.includes('round 19'))
  const redis = new Redis(url)
  await until(async () => (await redis.keys('{coopline}:bells:[0-9]*')).length === 0)
  redis.disconnect()
})

test('with Redis gone ringing takes its time and throws nothing; it rings again after', async () => {
  const server = await ownRedis()
  onTestFinished(() => server.drop())
  const heard: string[] = []
  const here = open(server.url)
  here.listen((round) => heard.push(round))
  await ready(here, heard)
  await server.kill()
  const began = performance.now()
  for (let n = 0; n < 5; n++) await here.ring(`lost ${n}`)
  expect(performance.now() - began).toBeLessThan(5 * 150 + 200)
  await server.start()
  await until(async () => {
    await here.ring('back')
    return heard.includes('back')
  })
})

test('a Redis that hangs costs a bell its time and no more', async () => {
  const server = await ownRedis()
  onTestFinished(() => server.drop())
  const here = open(server.url)
  await here.ring('first')
  process.kill(server.pid(), 'SIGSTOP')
  const began = performance.now()
  await here.ring('second')
  expect(performance.now() - began).toBeLessThan(400)
  process.kill(server.pid(), 'SIGCONT')
})

test('without Redis there is silence', async () => {
  const bells = open(undefined)
  bells.listen(() => expect.fail('nothing rings'))
  await bells.ring('anything')
})
