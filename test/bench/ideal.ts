// The anchor `ideal`: how fast this machine could be if speed were all. Plain node:http, own HMAC, sessions in Redis by
// pipeline, a claim on each message id, rows inserted by the group. A measure, no design: it loses what dies between
// claim and commit, orders messages in one process only, and answers a repeat with silence.
import { createHmac, timingSafeEqual } from 'node:crypto'
import http from 'node:http'
import { parse } from 'node:querystring'
import { Redis } from 'ioredis'
import pg from 'pg'
import { type AnchorSettings, advance } from './canned.ts'

type Row = readonly [sid: string, from: string, body: string, step: number, reply: string]
type Form = Readonly<Record<string, string>>

const mostRows = 500
const lanes = 2

/** Listens until it is killed. */
export function runIdeal(settings: AnchorSettings): void {
  const redis = new Redis(settings.redisUrl, { enableAutoPipelining: true })
  const insert = groupInsert(settings.databaseUrl)
  const inTurn = lines()

  async function handle(form: Form, response: http.ServerResponse): Promise<void> {
    const { MessageSid = '', From = '', Body = '' } = form
    const key = `ideal:${From}`
    const [claimed, stored] = await Promise.all([
      redis.set(`ideal:seen:${MessageSid}`, 1, 'EX', 86_400, 'NX'),
      redis.get(key),
    ])
    if (claimed === null) return answer(response, 200, '<Response/>')
    const turn = advance(settings.texts, stored, From, Body)
    await Promise.all([
      redis.set(key, turn.state, 'EX', 86_400),
      insert([MessageSid, From, Body, turn.step, turn.reply]),
    ])
    const action = turn.calls ? ` action="${settings.action}${MessageSid}"` : ''
    const message = `<Message${action}>${escaped(turn.reply)}</Message>`
    answer(response, 200, `<?xml version="1.0" encoding="UTF-8"?><Response>${message}</Response>`)
  }

  http
    .createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        if (request.method === 'GET') return answer(response, 200, '')
        const form = parse(Buffer.concat(chunks).toString('latin1')) as Form
        if (!signed(settings, form, request.headers['x-twilio-signature'])) return answer(response, 403, '')
        inTurn(form.From ?? '', () => handle(form, response).catch(() => answer(response, 500, '')))
      })
    })
    .listen({ port: settings.port, host: '127.0.0.1', backlog: 1024 })
}

function answer(response: http.ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

const escaped = (text: string) =>
  text.replace(/[&<>]/g, (each) => (each === '&' ? '&amp;' : each === '<' ? '&lt;' : '&gt;'))

function signed({ token, url }: AnchorSettings, form: Form, header: string | string[] | undefined): boolean {
  let text = url
  for (const key of Object.keys(form).sort()) text += key + form[key]
  const expected = createHmac('sha1', token).update(text).digest()
  const given = Buffer.from(String(header), 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Runs the work of each sender in the order it came. */
function lines(): (sender: string, work: () => Promise<void>) => void {
  const last = new Map<string, Promise<void>>()
  return (sender, work) => {
    const before = last.get(sender)
    const mine: Promise<void> = (before ? before.then(work) : work()).then(() => {
      if (last.get(sender) === mine) last.delete(sender)
    })
    last.set(sender, mine)
  }
}

/** Inserts what gathers while other inserts run as one group. */
function groupInsert(databaseUrl: string): (row: Row) => Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: lanes })
  let waiting: { row: Row; done: (inserted: Promise<unknown>) => void }[] = []
  let busy = 0
  const pump = () => {
    while (busy < lanes && waiting.length > 0) {
      const group = waiting.slice(0, mostRows)
      waiting = waiting.slice(mostRows)
      busy++
      const inserted = insertRows(
        pool,
        group.map(({ row }) => row),
      ).finally(() => {
        busy--
        pump()
      })
      for (const { done } of group) done(inserted)
    }
  }
  return async (row) => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    waiting.push({ row, done: resolve })
    if (waiting.length === 1) setImmediate(pump)
    await promise
  }
}

const insertRows = (pool: pg.Pool, rows: readonly Row[]) =>
  pool.query({
    name: 'insert_rows',
    text: `insert into inbound (sid, sender, body, step, reply)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[]) on conflict do nothing`,
    values: [0, 1, 2, 3, 4].map((column) => rows.map((row) => row[column])),
  })
