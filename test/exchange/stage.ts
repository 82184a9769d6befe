// Web processes of the exchange's own tests, inside the test: real parts on a database and a Redis of one's own, and
// people who post signed webhooks to them. What is logged is kept without the log's mask, so that a leak shows.
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { sql } from 'kysely'
import pino from 'pino'
import { afterAll, onTestFinished, vi } from 'vitest'
import { completeConfig, readSettings } from '../../src/config.ts'
import type { Applied } from '../../src/coop/charter/charter.ts'
import { applyCharter } from '../../src/coop/charter/queries.ts'
import { rereadCharter } from '../../src/coop/charter/read.ts'
import { type Counter, openCounter } from '../../src/exchange/counter.ts'
import { closeParts, openParts, type Parts } from '../../src/exchange/parts.ts'
import type { Came } from '../../src/exchange/webhook/arrival.ts'
import { openWeb } from '../../src/exchange/webhook/web.ts'
import { unsealBody } from '../../src/messaging/outbox/outbox.ts'
import { type Db, openDatabase, openPool } from '../../src/store/database.ts'
import { type Keys, makeKeys } from '../../src/store/keys.ts'
import { sign } from '../../src/twilio/signature.ts'
import { fileOf } from '../coop/charter/example.ts'
import { testFolder } from '../stage/folder.ts'
import { testDatabase, testRedis } from '../stage/servers.ts'
import { account as accountSid } from '../twilio/forms.ts'

export const publicUrl = 'https://line.example.org'
export const token = 'a-token'
export const bySms = '+447700900100'
export const byWhatsapp = 'whatsapp:+447700900100'

export type Form = Readonly<Record<string, string>>
export interface LogLine {
  readonly event: string
  readonly [key: string]: unknown
}
export interface Said {
  readonly sid: string
  readonly status: number
  readonly twiml: string
  /** What she reads; empty where it is silence. */
  readonly text: string
}

/** One web process, inside the test. */
export interface Web {
  readonly parts: Parts
  readonly counter: Counter
  readonly url: string
  /** Posts a text from `sms`: a number, or from WhatsApp: `whatsapp:…`. */
  say(from: string, text: string, more?: Form): Promise<Said>
  post(form: Form): Promise<Said>
}

export interface ExchangeStage {
  readonly db: Db
  readonly keys: Keys
  readonly keyFolder: string
  readonly charter: Applied
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly logs: LogLine[]
  /** One more web process on the same servers. */
  open(env?: Form): Promise<Web>
  /** What lies in the outbox for a phone to read, oldest first. */
  posted(): Promise<{ class: string; state: string; text: string; inboundSid: string | null }[]>
  end(): Promise<void>
}

/** The example co-op of the drivers on an empty database, or another; `change` rewrites its charter's file. */
export async function exchangeStage(
  change: (source: string) => string = (source) => source,
  database = testDatabase(),
): Promise<ExchangeStage> {
  const { url: databaseUrl, drop } = await database
  const redisUrl = await testRedis()
  const folder = testFolder()
  const keys = makeKeys(`${folder}/keys`)
  const db = openDatabase(openPool(databaseUrl, 6, pino({ level: 'silent' })))
  const source = change(fileOf('drivers'))
  const charter = rereadCharter(source, 1)
  await applyCharter(db, source, charter)
  const logs: LogLine[] = []
  const log = pino({ level: 'info', base: null }, { write: (line: string) => void logs.push(JSON.parse(line)) })
  const ends: (() => Promise<void>)[] = []
  const env = {
    ...{ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, COOPLINE_KEYS: `${folder}/keys` },
    ...{ PUBLIC_URL: publicUrl, TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: token },
    ...{ TWILIO_API_KEY: `SK${'0'.repeat(32)}`, TWILIO_API_SECRET: 'a-secret' },
    ...{ TWILIO_API_BASE: 'http://127.0.0.1:9', COOPLINE_CONNECTIONS: '3', COOPLINE_CHARTERS_MS: '60000' },
  }
  return {
    ...{ db, keys, keyFolder: `${folder}/keys`, databaseUrl, redisUrl, logs, charter: { ...charter, version: 1 } },
    open: async (more = {}) => {
      const web = await openProcess({ ...env, ...more }, log)
      ends.push(web.end)
      return web
    },
    posted: () => postedIn(db, keys),
    end: async () => {
      for (const each of ends) await each()
      await db.destroy()
      await drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A stage that ends with the test it was set in, and its first web process. */
export async function stageOfTest(env: Form = {}, change?: (source: string) => string) {
  const stage = await exchangeStage(change)
  onTestFinished(() => stage.end())
  return { stage, web: await stage.open(env) }
}

async function openProcess(env: Form, log: Parts['log']): Promise<Web & { end(): Promise<void> }> {
  const parts = await openParts(completeConfig(readSettings(env.REDIS_URL ? 'web' : 'start', env)), log)
  const counter = openCounter(parts)
  const web = openWeb(counter)
  const url = `http://127.0.0.1:${await web.listen(0, '127.0.0.1')}`
  const post = (form: Form) => postForm(url, form)
  const end = async () => {
    await web.stop()
    await counter.stop()
    await closeParts(parts)
  }
  return { parts, counter, url, post, say: (from, text, more) => post(formOf(from, text, more)), end }
}

export const newSid = (): string => `SM${randomBytes(16).toString('hex')}`

/** The form of a text, as the carrier posts it. */
export function formOf(from: string, text: string, more: Form = {}): Form {
  const onWhatsapp = from.startsWith('whatsapp:')
  return {
    ...{
      MessageSid: newSid(),
      AccountSid: accountSid,
      From: from,
      To: onWhatsapp ? byWhatsapp : bySms,
      Body: text,
    },
    ...{ NumMedia: '0', NumSegments: '1', ApiVersion: '2010-04-01' },
    ...(onWhatsapp && { ProfileName: 'Amina' }),
    ...more,
  }
}

/** The webhook of a form, signed by the carrier. */
export function cameAs(form: Form): Came & { readonly signature: string } {
  const url = `${publicUrl}/twilio/inbound`
  return { url, body: String(new URLSearchParams(form)), signature: sign(token, url, form) }
}

async function postForm(url: string, form: Form): Promise<Said> {
  const { body, signature } = cameAs(form)
  const response = await fetch(`${url}/twilio/inbound`, {
    method: 'POST',
    body: new URLSearchParams(body),
    headers: { 'x-twilio-signature': signature },
  })
  const twiml = await response.text()
  return { sid: form.MessageSid ?? '', status: response.status, twiml, text: textOf(twiml) }
}

const textOf = (twiml: string): string => /<Message[^>]*>([\s\S]*?)<\/Message>/.exec(twiml)?.[1] ?? ''

async function postedIn(db: Db, keys: Keys) {
  const rows = await db.selectFrom('outbox').selectAll().orderBy('id').execute()
  return rows.map((row) => ({
    class: row.class,
    state: row.state,
    text: row.body ? unsealBody(keys, row.body) : '',
    inboundSid: row.inbound_sid,
  }))
}

/** Lets Postgres refuse one message whenever it is to be written as handled; what it gives heals that. */
export async function poison({ db }: ExchangeStage, sid: string): Promise<() => Promise<unknown>> {
  const name = sql.id(`poison_${sid}`)
  await sql`create function ${name}() returns trigger language plpgsql as
    $$ begin raise exception 'this message is refused'; end $$`.execute(db)
  await sql`create trigger ${name} before insert or update on inbound for each row
    when (new.sid = ${sql.lit(sid)} and new.state = 'handled') execute function ${name}()`.execute(db)
  return () => sql`drop function ${name}() cascade`.execute(db)
}

/** A stage with two web processes for a whole file of tests: it ends with the last of them. */
export async function twoWebs(): Promise<{ stage: ExchangeStage; web: Web; other: Web }> {
  const stage = await exchangeStage()
  afterAll(() => stage.end())
  return { stage, web: await stage.open(), other: await stage.open() }
}

export const many = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at))

let phones = 0
/** A number that nobody has yet. */
export const newPhone = (): string => `+4477${String(10_000_000 + phones++).slice(-8)}`
/** A WhatsApp id without a number. */
export const newId = (): string => `whatsapp:US.${BigInt(`0x${randomBytes(8).toString('hex')}`)}`

/** Says one after the other; gives the last answer. */
export async function talk(web: Web, from: string, texts: readonly string[], more: Form = {}): Promise<Said> {
  let last: Said | undefined
  for (const text of texts) last = await web.say(from, text, more)
  if (!last) throw new Error('nothing was said')
  return last
}

/** Becomes a member, in English. */
export async function join(web: Web, from: string, more: Form = {}): Promise<number> {
  const { text } = await talk(web, from, ['hello', '1', '1'], more)
  const number = /member (\d+) of/.exec(text)?.[1]
  if (!number) throw new Error(`She did not become a member: ${text}`)
  return Number(number)
}

/** Sets the clock of the machine back by an hour, for the rest of the test. */
export function setClockBack(): void {
  const before = Date.now
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => before() - 3_600_000)
  onTestFinished(() => clock.mockRestore())
}

export async function until(what: string, holds: () => Promise<boolean> | boolean, forMs = 10_000): Promise<void> {
  const end = performance.now() + forMs
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Within ${forMs} ms it did not come about that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
