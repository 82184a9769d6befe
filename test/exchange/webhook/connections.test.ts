// Connections that are slow, broken, too long or no HTTP at all: each costs one log line and is given up in time; and
// what is under way at a stop is answered.
import net from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openWeb } from '../../../src/exchange/webhook/web.ts'
import { sign } from '../../../src/twilio/signature.ts'
import { type ExchangeStage, exchangeStage, formOf, newPhone, publicUrl, token, until, type Web } from '../stage.ts'

let stage: ExchangeStage
let web: Web
beforeAll(async () => {
  stage = await exchangeStage()
  web = await stage.open()
})
afterAll(() => stage.end())
beforeEach(() => void stage.logs.splice(0))

/** Speaks HTTP by hand; gives what comes back until the connection ends. */
function speak(lines: readonly string[], then: (socket: net.Socket) => void = () => {}, url = web.url) {
  return new Promise<string>((resolve) => {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write(lines.join('\r\n'))
      then(socket)
    })
    let heard = ''
    socket.on('data', (piece) => {
      heard += piece
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(heard))
  })
}
const after = (ms: number, act: (socket: net.Socket) => void) => (socket: net.Socket) =>
  void setTimeout(() => act(socket), ms)
/** One more byte at a time, until the connection ends. */
function drip(socket: net.Socket): void {
  const drops = setInterval(() => socket.writable && socket.write('a'), 20)
  socket.on('close', () => clearInterval(drops))
}
const head = (length: string) => [
  'POST /twilio/inbound HTTP/1.1',
  'host: line.example.org',
  'content-type: application/x-www-form-urlencoded',
  length,
]

test('a body without a length is cut off at 64 kB', async () => {
  const piece = `${(8_192).toString(16)}\r\n${'a'.repeat(8_192)}`
  const heard = await speak([
    ...head('transfer-encoding: chunked'),
    '',
    ...Array.from({ length: 10 }, () => piece),
    '',
  ])
  expect(heard).toMatch(/^HTTP\/1\.1 413 /)
  expect(stage.logs).toMatchObject([{ event: 'request_rejected', status: 413 }])
})

test('a length that is claimed is not waited for', async () => {
  expect(await speak([...head('content-length: 70000'), '', 'Body=a'])).toMatch(/^HTTP\/1\.1 413 /)
})

test('a request that is no HTTP, or too much of it, is refused with one line', async () => {
  expect(await speak(['GARBAGE', '', ''])).toMatch(/^HTTP\/1\.1 400 /)
  expect(await speak([`GET /${'a'.repeat(20_000)} HTTP/1.1`, 'host: x', '', ''])).toMatch(/^HTTP\/1\.1 400 /)
  expect(stage.logs.map(({ event }) => event)).toEqual(['request_malformed', 'request_malformed'])
})

const ends = {
  'an end': (socket: net.Socket) => socket.end(),
  'a close': (socket: net.Socket) => socket.destroy(),
  'a reset': (socket: net.Socket) => socket.resetAndDestroy(),
}
test.each(Object.entries(ends))('a body that breaks off with %s costs one line', async (_name, breakOff) => {
  await speak([...head('content-length: 500'), '', 'Body=a'], after(50, breakOff))
  await until('it is said', () => stage.logs.length > 0)
  expect((await fetch(`${web.url}/healthz`)).status).toBe(200)
  expect(stage.logs).toMatchObject([
    { event: expect.stringMatching(/^request_(rejected|malformed)$/), status: 400 },
  ])
})

const slow = {
  'a slow head': [...head('x-slow: a')],
  'a slow body': [...head('content-length: 500'), '', 'Body=a'],
  'a slow body of no length': [...head('transfer-encoding: chunked'), '', 'fff', 'Body=a'],
}
test.each(Object.entries(slow))('%s is given up in time, with one line', async (_name, lines) => {
  const { url } = await stage.open({ COOPLINE_HEAD_MS: '150', COOPLINE_REQUEST_MS: '300' })
  const heard = await speak(lines, drip, url)
  expect(heard).toMatch(/^HTTP\/1\.1 408 [\s\S]*\r\n\r\n$/)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(stage.logs).toMatchObject([
    { event: 'request_malformed', status: 408, reason: 'ERR_HTTP_REQUEST_TIMEOUT' },
  ])
})

test('an address that cannot be heard at names HOST, its value and what to set', async () => {
  await expect(openWeb(web.counter).listen(0, '192.0.2.1')).rejects.toThrow(
    /^HOST 192\.0\.2\.1 is no address of this machine: set HOST to 127\.0\.0\.1/,
  )
  await expect(openWeb(web.counter).listen(0, 'nobody.invalid')).rejects.toThrow(
    /^HOST nobody\.invalid is no name that is known here: set HOST/,
  )
})

test('what is under way at a stop is answered, and a kept connection does not hold the stop up', async () => {
  const app = openWeb(web.counter)
  const url = `http://127.0.0.1:${await app.listen(0, '127.0.0.1')}`
  const form = formOf(newPhone(), 'hello')
  const body = new URLSearchParams(form).toString()
  const signature = sign(token, `${publicUrl}/twilio/inbound`, form)
  const lines = [...head(`content-length: ${body.length}`), `x-twilio-signature: ${signature}`]
  let stopped: Promise<void> | undefined
  const begin = performance.now()
  // The server asks for the body once it has the head.
  const heard = await speak(
    [...lines, 'expect: 100-continue', '', ''],
    (socket) =>
      socket.once('data', () => {
        stopped = app.stop()
        setTimeout(() => socket.write(body), 100)
      }),
    url,
  )
  expect(heard).toMatch(/HTTP\/1\.1 200 OK[\s\S]*Your language\?/)
  await stopped
  expect(performance.now() - begin).toBeLessThan(2_000)
})
