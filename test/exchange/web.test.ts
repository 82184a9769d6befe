// What comes in by HTTP: a signed form of ours is handled; anything else is refused with its status, costs one log line
// with nothing personal in it, and leaves no state.
import net from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openWeb } from '../../src/exchange/web.ts'
import { sign } from '../../src/twilio/signature.ts'
import {
  type ExchangeStage,
  exchangeStage,
  type Form,
  formOf,
  newPhone,
  publicUrl,
  token,
  until,
  type Web,
} from './stage.ts'

let stage: ExchangeStage
let web: Web
beforeAll(async () => {
  stage = await exchangeStage()
  web = await stage.open({ TWILIO_AUTH_TOKEN: `the-next-token,${token}` })
})
afterAll(() => stage.end())
beforeEach(() => void stage.logs.splice(0))

const formType = 'application/x-www-form-urlencoded'
const phone = newPhone()
const secret = 'my fares were 1900'
const path = '/twilio/inbound'

interface Request {
  readonly path?: string
  readonly body?: string | Uint8Array<ArrayBuffer>
  readonly headers?: Form
  readonly signature?: string
}

async function post({ path: to = path, body = '', headers = {}, signature }: Request) {
  const response = await fetch(`${web.url}${to}`, {
    method: 'POST',
    body,
    headers: { 'content-type': formType, ...(signature && { 'x-twilio-signature': signature }), ...headers },
  })
  return { status: response.status, text: await response.text(), headers: response.headers }
}

const signed = (form: Form, by = token): Request => ({
  body: new URLSearchParams(form).toString(),
  signature: sign(by, `${publicUrl}${path}`, form),
})
const good = () => formOf(phone, secret)
const without = (form: Form, key: string): Form =>
  Object.fromEntries(Object.entries(form).filter(([name]) => name !== key))
const raw = (body: string): Request => ({ body, signature: 'x'.repeat(28) })

const refused: Readonly<Record<string, readonly [status: number, reason: RegExp, request: () => Request]>> = {
  'a JSON body': [
    415,
    /content type/,
    () => ({ ...signed(good()), headers: { 'content-type': 'application/json' } }),
  ],
  'another charset': [
    415,
    /content type/,
    () => ({ ...signed(good()), headers: { 'content-type': `${formType}; charset=latin1` } }),
  ],
  'a multipart form': [
    415,
    /content type/,
    () => ({ ...signed(good()), headers: { 'content-type': 'multipart/form-data; boundary=x' } }),
  ],
  'a compressed body': [415, /compressed/, () => ({ ...signed(good()), headers: { 'content-encoding': 'gzip' } })],
  'a body above 64 kB': [413, /longer than 64 kB/, () => raw(`Body=${'a'.repeat(65_536)}`)],
  'a malformed percent': [400, /well-formed/, () => raw('Body=%E0%A4%A&From=%2B447700')],
  'a percent at the end': [400, /well-formed/, () => raw('Body=50%')],
  'bytes that are no ASCII': [400, /well-formed/, () => ({ ...raw(''), body: Uint8Array.of(66, 61, 255, 254) })],
  'too many parameters': [
    400,
    /well-formed/,
    () => raw(Array.from({ length: 201 }, (_, at) => `k${at}=1`).join('&')),
  ],
  'no signature': [403, /signature/, () => ({ body: new URLSearchParams(good()).toString() })],
  'a signature by a foreign token': [403, /signature/, () => signed(good(), 'another-token')],
  'a signature of another form': [
    403,
    /signature/,
    () => ({ ...signed(good()), body: new URLSearchParams({ ...good(), Body: 'other' }).toString() }),
  ],
  'a signature for another address': [403, /signature/, () => ({ ...signed(good()), path: `${path}?x=1` })],
  'an empty body': [403, /signature/, () => ({ body: '', signature: 'x'.repeat(28) })],
  'no message id': [400, /MessageSid is missing/, () => signed(without(good(), 'MessageSid'))],
  'a malformed message id': [400, /MessageSid is malformed/, () => signed({ ...good(), MessageSid: 'SM1' })],
  'another account': [
    400,
    /AccountSid is not ours/,
    () => signed({ ...good(), AccountSid: `AC${'1'.repeat(32)}` }),
  ],
  'a sender that is none': [400, /From is not an address/, () => signed({ ...good(), From: 'client:amina' })],
  'two channels': [400, /different channels/, () => signed({ ...good(), To: 'whatsapp:+447700900100' })],
  'a number of no co-op': [404, /no sender of any co-op/, () => signed({ ...good(), To: '+447700900199' })],
}

test.each(Object.entries(refused))('%s is refused', async (_name, [status, reason, request]) => {
  const answer = await post(request())
  expect(answer.status).toBe(status)
  expect(answer.text).toMatch(reason)
  expect(answer.headers.get('connection')).toBe('close')
  expect(stage.logs).toMatchObject([
    { event: 'request_rejected', path, status, reason: expect.stringMatching(reason) },
  ])
  const said = JSON.stringify(stage.logs) + answer.text
  for (const personal of [phone, phone.slice(1), secret, encodeURIComponent(secret)])
    expect(said).not.toContain(personal)
  expect(await stage.db.selectFrom('contacts').select('id').execute()).toEqual([])
  expect(await stage.db.selectFrom('inbound').select('sid').execute()).toEqual([])
})

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
  `POST ${path} HTTP/1.1`,
  'host: line.example.org',
  `content-type: ${formType}`,
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

test('what is under way at a stop is answered, and a kept connection does not hold the stop up', async () => {
  const app = openWeb(web.counter)
  const url = `http://127.0.0.1:${await app.listen(0, '127.0.0.1')}`
  const { body = '', signature = '' } = signed(formOf(newPhone(), 'hello'))
  const lines = [...head(`content-length: ${body.length}`), `x-twilio-signature: ${signature}`]
  let stopped: Promise<void> | undefined
  const begin = performance.now()
  // The server asks for the body once it has the head.
  const heard = await speak(
    [...lines, 'expect: 100-continue', '', ''],
    (socket) =>
      socket.once('data', () => {
        stopped = app.stop()
        setTimeout(() => socket.write(String(body)), 100)
      }),
    url,
  )
  expect(heard).toMatch(/HTTP\/1\.1 200 OK[\s\S]*Your language\?/)
  await stopped
  expect(performance.now() - begin).toBeLessThan(2_000)
})

test('other pages and methods are not found', async () => {
  for (const [method, to] of [
    ['GET', path],
    ['PUT', path],
    ['POST', '/'],
    ['GET', '/twilio'],
    ['GET', '/%'],
  ] as const) {
    const response = await fetch(`${web.url}${to}`, { method })
    expect(response.status, `${method} ${to}`).toBeGreaterThanOrEqual(400)
    expect(response.status, `${method} ${to}`).toBeLessThan(500)
    expect(await response.text()).not.toMatch(/at |node_modules|Error/)
    expect(response.headers.get('x-powered-by')).toBeNull()
  }
})

test('a webhook that does not come by POST is refused, and said in one line', async () => {
  for (const to of [path, '/twilio/status?o=1']) {
    stage.logs.length = 0
    const response = await fetch(`${web.url}${to}`)
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
    expect(await response.text()).toContain('HTTP POST')
    expect(stage.logs).toMatchObject([{ event: 'request_rejected', status: 405 }])
  }
})

test('a message that is posted beside the webhook is said in one line, which does not repeat the path', async () => {
  const response = await fetch(`${web.url}${path}/${phone}`, { method: 'POST', body: 'From=x' })
  expect(response.status).toBe(404)
  expect(stage.logs).toMatchObject([{ event: 'request_rejected', status: 404 }])
  expect(JSON.stringify(stage.logs)).not.toContain(phone)
})

test('a signed form is answered by any of the tokens, and however its charset is written', async () => {
  for (const by of ['the-next-token', token]) {
    for (const type of [formType, `${formType}; charset=UTF-8`, `${formType};charset="utf-8"`]) {
      const answer = await post({ ...signed(formOf(newPhone(), 'hello'), by), headers: { 'content-type': type } })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toBe('text/xml; charset=utf-8')
      expect(answer.text).toContain('Your language?')
    }
  }
  expect(stage.logs).toEqual([])
})

test('what she writes is nothing but text to the answer', async () => {
  const her = newPhone()
  for (const text of ['</Message><Redirect>x</Redirect>', '{{coop}} $& {0}', '\u0000\u0007\ud800', '', ' ']) {
    const { status, twiml } = await web.say(her, text)
    expect(status).toBe(200)
    expect(twiml.match(/<\/?[A-Za-z]+/g)).toEqual(['<Response', '<Message', '</Message', '</Response'])
  }
  expect(stage.logs).toEqual([])
})

test('a status callback is read as strictly, and one of no message of ours is kept quietly', async () => {
  const form = {
    MessageSid: `SM${'a'.repeat(32)}`,
    AccountSid: good().AccountSid ?? '',
    MessageStatus: 'delivered',
  }
  const about = '/twilio/status?o=1&a=1'
  const send = (fields: Form, by = token, to = about) =>
    post({
      path: to,
      body: new URLSearchParams(fields).toString(),
      signature: sign(by, `${publicUrl}${to}`, fields),
    })
  expect((await send(form)).text).toContain('<Response/>')
  expect((await send(form, 'another-token')).status).toBe(403)
  expect((await send(without(form, 'MessageStatus'))).status).toBe(400)
  expect((await send({ ...form, AccountSid: `AC${'1'.repeat(32)}` })).status).toBe(400)
  expect((await send(form, token, '/twilio/status?o=one&a=1.5&i=SM1')).status).toBe(200)
  expect(stage.logs.map(({ status, path: at }) => [at, status])).toEqual([
    ['/twilio/status', 403],
    ['/twilio/status', 400],
    ['/twilio/status', 400],
  ])
})
