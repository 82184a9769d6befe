// Floods: one member with a thousand messages, and five hundred connections that never say anything. The others
// are served as if nothing were.
import net from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { length, limit, quantile, sleep, until } from './lengths.ts'
import { expectAllKept, steady } from './load.ts'
import { openPhones, type Post, sayOf } from './phones.ts'
import { type FaultStage, faultStage } from './stage.ts'
import { expectSafe } from './truth.ts'

let stage: FaultStage
beforeAll(async () => {
  stage = await faultStage({ workers: 1 })
})
afterAll(() => stage?.end())

// On a machine that is busy with other things, calm is not quick either.
const p95 = (posts: readonly Post[]): number =>
  quantile(
    posts.map(({ ms }) => ms),
    0.95,
  )

test('a member who floods delays nobody, and is told once to wait', limit(60), async () => {
  const [flooder] = await stage.join(1)
  const people = await stage.join(100)
  if (!flooder) throw new Error('nobody joined')
  const ports = () => stage.webs().map(({ port }) => port)
  // Connections of her own: what she waits for in her own phone is not the system's.
  const hers = openPhones(stage.publicUrl, ports, stage.frontPort)
  const calm = await steady(stage, people, { perSecond: 30, ms: 1000 })
  const flood = Promise.all(
    Array.from({ length: length(300, 1000) }, (_, at) => hers.text(flooder, 'MY', { web: at % 2 })),
  )
  const posts = await steady(stage, people, { perSecond: 30, ms: length(2500, 15_000) })
  const answers = await flood
  expectAllKept(posts)
  expect(p95(posts)).toBeLessThan(300 + p95(calm))
  expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([])
  const said = answers.map(sayOf)
  expect(said.filter((each) => each.includes('Please wait')).length).toBe(1)
  expect(said.filter((each) => each.startsWith('Member ')).length).toBe(27)
  await expectSafe(stage)
})

test('connections that stay half open are closed, and meanwhile all are served', limit(40), async () => {
  const people = await stage.join(60)
  const calm = await steady(stage, people, { perSecond: 30, ms: 1000 })
  const half = 'POST /twilio/inbound HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n'
  const sockets = Array.from({ length: 500 }, (_, at) => {
    const port = stage.webs()[at % 2]?.port ?? 0
    const socket = net.connect(port, '127.0.0.1', () => socket.write(at % 4 < 2 ? half : `${half}\r\nB`))
    return socket.on('error', () => undefined).resume()
  })
  await sleep(300)
  const posts = await steady(stage, people, { perSecond: 30, ms: length(1500, 10_000) })
  expectAllKept(posts)
  expect(p95(posts)).toBeLessThan(300 + p95(calm))
  await until('all of them are closed', () => sockets.every((socket) => socket.closed), 20_000)
  await expectSafe(stage)
})
