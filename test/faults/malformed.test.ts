// Requests that are no webhook of the carrier's, and texts that are hardly text: the first cost one line in the
// log and leave nothing behind, the second are answered like any other.
import http from 'node:http'
import net from 'node:net'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sign } from '../../src/twilio/signature.ts'
import { account } from '../messaging/worker_desk.ts'
import { length, limit, until } from './lengths.ts'
import { formOf, send } from './phones.ts'
import { type FaultStage, faultStage } from './stage.ts'
import { expectSafe } from './truth.ts'

let stage: FaultStage
const agent = new http.Agent({ keepAlive: false })
beforeAll(async () => {
  stage = await faultStage({ webs: 1, workers: 1, set: { COOPLINE_HEAD_MS: '700', COOPLINE_REQUEST_MS: '1400' } })
})
afterAll(() => stage?.end())

const phone = '+447799123456'
const encoded = (form: Record<string, string>) => new URLSearchParams(form).toString()

/** Posts a body as it is, signed for a form. */
function post(
  body: string | Buffer,
  signed: Record<string, string | string[]>,
  headers: Record<string, string> = {},
) {
  const signature = sign(account.authToken, `${stage.publicUrl}/twilio/inbound`, signed)
  const all = { 'x-twilio-signature': signature, ...headers }
  return send(agent, { port: stage.frontPort, path: '/twilio/inbound', body, headers: all })
}

/** A request that begins well and then comes one byte at a time; gives the answer that the connection ends with. */
function drip(...lines: readonly string[]): ReturnType<typeof post> {
  return new Promise((resolve) => {
    const socket = net.connect(stage.frontPort, '127.0.0.1', () => socket.write(lines.join('\r\n')))
    const drops = setInterval(() => socket.writable && socket.write('a'), 50)
    let heard = ''
    socket.on('data', (piece) => {
      heard += piece
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(drops)
      const [, status, body = ''] = /^HTTP\/1\.1 (\d+)[\s\S]*?\r\n\r\n([\s\S]*)$/.exec(heard) ?? []
      resolve(status === undefined ? undefined : { status: Number(status), body })
    })
  })
}

const kept = async () => {
  const { rows } = await sql<{ count: number }>`
    select (select count(*) from inbound) + (select count(*) from contacts) as count`.execute(stage.db)
  return Number(rows[0]?.count)
}

const form = formOf(phone, 'hello')
const many = { ...form, ...Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`Key${at}`, 'x'])) }
const utf8 = 'application/x-www-form-urlencoded; charset=UTF-8'

const slowHead = ['POST /twilio/inbound HTTP/1.1', 'host: line.example.org', `content-type: ${utf8}`, 'x-slow: a']

type Case = readonly [what: string, expected: readonly number[], send: () => ReturnType<typeof post>]
const cases: readonly Case[] = [
  ['a megabyte', [413], () => post(encoded({ ...form, Body: 'x'.repeat(1_000_000) }), form)],
  ['two thousand parameters', [400, 413], () => post(encoded(many), many)],
  ['another charset', [415], () => post(encoded(form), form, { 'content-type': utf8.replace('UTF-8', 'latin1') })],
  ['JSON', [415], () => post(JSON.stringify(form), form, { 'content-type': 'application/json' })],
  ['a compressed form', [415], () => post(gzipSync(encoded(form)), form, { 'content-encoding': 'gzip' })],
  ['bytes that are no UTF-8', [400, 403], () => post(`${encoded(form)}&Extra=%ff%fe`, form)],
  ['raw bytes', [400, 403], () => post(Buffer.from(`${encoded(form)}&Extra=\xff`, 'latin1'), form)],
  ['a half escape', [400, 403], () => post(`${encoded(form)}&Extra=%4`, form)],
  ['two bodies', [400], () => post(`${encoded(form)}&Body=other`, { ...form, Body: ['hello', 'other'] })],
  ['no MessageSid', [400], () => post(encoded({ ...form, MessageSid: '' }), { ...form, MessageSid: '' })],
  [
    'another account',
    [400],
    () =>
      post(encoded({ ...form, AccountSid: `AC${'1'.repeat(32)}` }), {
        ...form,
        AccountSid: `AC${'1'.repeat(32)}`,
      }),
  ],
  [
    'a co-op of nobody',
    [404],
    () => post(encoded({ ...form, To: '+447700900999' }), { ...form, To: '+447700900999' }),
  ],
  ['a slow head', [408], () => drip(...slowHead)],
  ['a slow body', [408], () => drip(...slowHead, 'content-length: 500', '', `Body=hello&From=`)],
  ['no signature', [403], () => post(encoded(form), form, { 'x-twilio-signature': '' })],
  ['a foreign signature', [403], () => post(encoded(form), { ...form, Body: 'another' })],
]

test.for(cases)('%s is refused, and leaves nothing', limit(30), async ([, expected, sendIt]) => {
  const [web] = stage.webs()
  const [before, said] = [await kept(), web?.log().length ?? 0]
  const answer = await sendIt()
  // Whoever sends too much may be cut off while it still sends.
  if (answer !== undefined || expected[0] !== 413) expect(expected).toContain(answer?.status)
  expect(answer?.body ?? '').not.toMatch(/ at |node:|Error/)
  expect(await kept()).toBe(before)
  const lines = () => (web?.log().slice(said).split('\n') ?? []).filter((line) => line.includes('request_'))
  await until('it stands in the log', () => lines().length > 0)
  expect(lines().length).toBe(1)
  expect(lines().join()).not.toContain(phone.slice(1))
})

test('keys that are special to JavaScript are keys like others', limit(30), async () => {
  const odd = { ...form, constructor: 'x', 'constructor[prototype]': 'y', hasOwnProperty: 'z', 'a[]': '1' }
  const own = Object.defineProperty({ ...odd }, '__proto__', { value: 'evil', enumerable: true })
  const answer = await post(`${encoded(odd)}&__proto__=evil`, own)
  expect(answer?.status).toBe(200)
  expect((await stage.phones.text({ phone }, 'hello')).status).toBe(200)
})

/** What has broken other systems: formats, scripts, directions, queries, templates, spreadsheets. */
const nasty = [
  ...['undefined', 'null', '[object Object]', 'NaN', '-1', '1e309', '0x0', '\u0000', '1\u00002', '\ufeff1'],
  ...['{{text}}', '$' + '{x}', '{0}', '$&', '$1', '%s%n%x', '{{constructor.constructor("x")()}}', '<%= 7*7 %>'],
  ...[
    '</Message><Redirect>http://x</Redirect>',
    ']]>',
    '&amp;',
    '<!DOCTYPE x [<!ENTITY e "e">]>',
    '<script>x</script>',
  ],
  ...["'; drop table members; --", '1 or 1=1', '=HYPERLINK("http://x")', '@SUM(1+1)', '+1+1', '\\', '\\u0000'],
  ...[
    '\u202e\u202dtest\u2066\u2069',
    '\u200b\u200c\u200d\u2060',
    'Z\u0351\u036b\u0343\u036a\u0302\u036b',
    '\ufffe\uffff',
  ],
  ...['𝟏', '𓀀', '👩🏽‍🚀', '🇰🇪', 'ﷺ', '١٢٣', '１', '１．', 'İ', 'ß', 'ﬃ', 'e\u0301', '\u0130'],
  ...[
    'a'.repeat(1600),
    '1 '.repeat(800),
    '\u0301'.repeat(1600),
    '👩'.repeat(800),
    '9'.repeat(1600),
    ' '.repeat(1600),
  ],
  ...['SHIFT 1e3 1,9,0,0 -5', `SHIFT ${'1 '.repeat(400)}`, 'ON 99999999999', 'OFF -1', 'LANG xx', 'VOTE {{x}}'],
]

function expectTwiml(answer: { status?: number; twiml?: string }): void {
  expect(answer.status).toBe(200)
  expect(answer.twiml).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?><Response(?:\/>|>.*<\/Response>)$/s)
  expect(answer.twiml).not.toMatch(/<Redirect|<script|\{\{|undefined|\[object/)
}

test('nasty texts are answered, whatever is being asked', limit(40), async () => {
  const people = await stage.join(Math.ceil(nasty.length / 8))
  for (const [at, text] of nasty.entries()) {
    const person = people[Math.floor(at / 8)]
    if (!person) throw new Error('nobody joined')
    if (at % 3 === 1) await stage.phones.text(person, 'SHIFT')
    expectTwiml(await stage.phones.text(person, text))
  }
  await expectSafe(stage)
})

test('any bytes at all are answered, from members and strangers', limit(40), async () => {
  let turn = 0
  const property = fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
    const stranger = { phone: `+44779${String(8_000_000 + turn++)}` }
    expectTwiml(await stage.phones.text(stranger, text.toWellFormed()))
  })
  await fc.assert(property, { numRuns: length(150, 5000) })
  await expectSafe(stage)
  expect(
    stage.children.flatMap((child) => child.log().match(/"event":"(?:message_put_aside|batch_failed).*/g) ?? []),
  ).toEqual([])
})
