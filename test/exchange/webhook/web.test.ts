// What comes in by HTTP as a whole request: a signed form of ours is handled; anything else is refused with its status,
// costs one log line with nothing personal in it, and leaves no state.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sign } from '../../../src/twilio/signature.ts'
import {
  type ExchangeStage,
  exchangeStage,
  type Form,
  formOf,
  newPhone,
  publicUrl,
  token,
  type Web,
} from '../stage.ts'

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
