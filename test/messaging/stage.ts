// A co-op with members, a pretend carrier and the server of its callbacks, for the tests of sending.
import { cpSync } from 'node:fs'
import { createServer } from 'node:http'
import { sql } from 'kysely'
import pino from 'pino'
import { onTestFinished } from 'vitest'
import { type PretendCarrier, startCarrier } from '../../src/carrier/carrier.ts'
import type { Applied, Language } from '../../src/coop/charter/charter.ts'
import { type Address, addressOn, channelOf } from '../../src/coop/members/address.ts'
import { addressIndex, personIndex, sealAddress } from '../../src/coop/members/contact_keys.ts'
import { openTexts } from '../../src/messaging/broadcast/texts.ts'
import { recordStatus } from '../../src/messaging/callbacks/statuses.ts'
import type { Desk } from '../../src/messaging/desk.ts'
import { enrolSenders } from '../../src/messaging/outbox/senders.ts'
import { countSegments } from '../../src/messaging/speak/segments.ts'
import { type Db, openDatabase, openPool } from '../../src/store/database.ts'
import { type Keys, makeKeys, rotateKeys } from '../../src/store/keys.ts'
import { readForm } from '../../src/twilio/form.ts'
import { readStatus } from '../../src/twilio/status.ts'
import { emptyTwiml } from '../../src/twilio/twiml.ts'
import { drivers } from '../coop/stage.ts'
import { testFolder } from '../stage/folder.ts'
import { testDatabase } from '../stage/servers.ts'
import { account, makeDesk, quick } from './worker_desk.ts'

export const bySms = 'sms:+447700900100'
export const byWhatsapp = 'whatsapp:+447700900100'

/** The example co-op with a sender on each channel that is quick, and with no night unless a test wants one. */
const charterWith = (change: Partial<Applied> = {}): Applied => ({
  ...drivers,
  quiet: { from: '03:00', to: '03:00' },
  senders: [
    { address: bySms, rate: 1000, carrier_answers: true },
    { address: byWhatsapp, rate: 1000, carrier_answers: false },
  ],
  ...change,
})

export interface Person {
  readonly memberId: number
  readonly contactId: number
  readonly address: Address
}

export interface MessagingStage {
  readonly db: Db
  readonly url: string
  readonly keys: Keys
  readonly keyFolder: string
  readonly charter: Applied
  readonly carrier: PretendCarrier
  readonly publicUrl: string
  readonly desk: Desk
  readonly rung: string[]
  /** How many callbacks are thrown away before the next is taken. */
  lose(callbacks: number): void
  /** What her next messages are answered with. */
  answer(twiml: string): void
}

export async function messagingStage(
  change: { charter?: Partial<Applied>; timing?: Partial<Desk['timing']>; log?: Desk['log'] } = {},
): Promise<MessagingStage> {
  const charter = charterWith(change.charter)
  const { url, drop } = await testDatabase()
  const log = change.log ?? pino({ level: 'silent' })
  const db = openDatabase(openPool(url, 12, log))
  const keyFolder = `${testFolder()}/keys`
  const keys = makeKeys(keyFolder)
  await enrolSenders(db, charter)
  const rung: string[] = []
  const callbacks = await serveCallbacks((form, query) => hear(form, query))
  let twiml = emptyTwiml
  const senders = charter.senders.map(({ address }) => ({ address }))
  const inboundUrl = `${callbacks.url}/twilio/inbound`
  const pace = { sentMs: 5, deliveredMs: 10 }
  const carrier = await startCarrier({ ...account, senders: () => senders, inboundUrl, countSegments, pace })
  const desk = makeDesk({
    ...{ db, keys, log, charter, publicUrl: callbacks.url, carrierUrl: carrier.url },
    timing: { ...quick, ...change.timing },
    ringSender: (sender) => rung.push(sender),
  })
  let lost = 0
  const hear = async (form: string, query: URLSearchParams): Promise<string> => {
    if (!query.has('o') || lost-- > 0) return twiml
    const report = readStatus(readForm(form) ?? {}, account.accountSid)
    if ('rejected' in report) throw new Error(report.rejected)
    await recordStatus(desk, report, { outboxId: Number(query.get('o')), attempt: Number(query.get('a')) })
    return ''
  }
  onTestFinished(async () => {
    await carrier.stop()
    await callbacks.stop()
    await db.destroy()
    await drop()
  })
  const lose = (count: number) => {
    lost = count
  }
  const answer = (said: string) => {
    twiml = said
  }
  return { db, url, keys, keyFolder, charter, carrier, publicUrl: callbacks.url, desk, rung, lose, answer }
}

/** The keys as another process has them, with a newer one that is not in this folder yet. */
export function keysWithOneMore(folder: string): Keys {
  const elsewhere = `${testFolder()}/keys`
  cpSync(folder, elsewhere, { recursive: true })
  return rotateKeys(elsewhere)
}

interface Traits {
  readonly language?: Language
  /** Hours since she last wrote; never where not given. */
  readonly wroteHoursAgo?: number
  readonly askingMinutes?: number
  readonly suppressed?: boolean
}

let phones = 0
export const nextPhone = (): string => `+4477009${String(10_000 + phones++).slice(-5)}`

/** A member with one address. */
export async function join(stage: MessagingStage, address: Address, traits: Traits = {}): Promise<Person> {
  const { rows } = await sql<{ id: number }>`
    insert into members (coop_id, state, language, joined_at, suppressed_at)
    values (${stage.charter.id}, 'active', ${traits.language ?? 'en'}, '2026-01-01',
      case when ${traits.suppressed ?? false} then coopline_now() end) returning id`.execute(stage.db)
  const memberId = rows[0]?.id ?? 0
  return { memberId, address, contactId: await addContact(stage, memberId, address, traits) }
}

export async function addContact(
  { db, keys, charter }: MessagingStage,
  memberId: number,
  address: Address,
  { wroteHoursAgo, askingMinutes }: Traits = {},
): Promise<number> {
  const fresh = { coop_id: charter.id, channel: channelOf(address), member_id: memberId }
  const { id } = await db
    .insertInto('contacts')
    .values({
      ...fresh,
      address_index: addressIndex(keys, charter.id, address),
      person_index: personIndex(keys, charter.id, address),
      address: sealAddress(keys, address),
      last_inbound_at: sql<Date>`coopline_now() - make_interval(hours => ${wroteHoursAgo ?? null}::int)`,
      asking_until: sql<Date>`coopline_now() + make_interval(mins => ${askingMinutes ?? null}::int)`,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Members by SMS, all at once. */
export async function joinMany(stage: MessagingStage, count: number): Promise<Person[]> {
  const people = []
  for (let at = 0; at < count; at++) people.push(await join(stage, addressOn('sms', nextPhone())))
  return people
}

/** A broadcast that begins now, to all active members; gives its id. */
export async function callAll(
  { db, charter }: MessagingStage,
  { kind = 'call', anyHour = false, minutes = 60 }: { kind?: string; anyHour?: boolean; minutes?: number } = {},
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into broadcasts (coop_id, proposal, kind, state, begins_at, expires_at, any_hour)
    select ${charter.id}, 'fuel', ${kind}, 'waiting', coopline_now(),
      coopline_now() + make_interval(mins => ${minutes}), ${anyHour} returning id`.execute(db)
  return rows[0]?.id ?? 0
}

export interface Sent {
  readonly id: number
  readonly member_id: number | null
  readonly contact_id: number | null
  readonly sender: string
  readonly segments: number
  readonly state: string
  readonly status: string | null
  readonly attempts: number
  readonly searches: number
  readonly error_code: number | null
  readonly body: Buffer | null
}

export const outboxOf = async (db: Db): Promise<Sent[]> =>
  (await sql<Sent>`select * from outbox order by id`.execute(db)).rows

/** The same desk, where a broadcast takes three segments in Hindi and two in any other language. */
export function longTexts({ db, desk }: MessagingStage): Desk {
  const speak = (_: unknown, { language }: { language: Language }) =>
    language === 'hi' ? 'संदेश '.repeat(30) : 'x'.repeat(200)
  return { ...desk, texts: openTexts(db, desk.charters, async () => [], speak) }
}

/** How many messages of ours each phone has. */
export const countsOf = (stage: MessagingStage, people: readonly Person[]): number[] =>
  people.map(({ address }) => stage.carrier.received(address).filter(({ kind }) => kind === 'message').length)

export async function until(holds: () => Promise<boolean> | boolean, forMs = 15_000): Promise<void> {
  const end = performance.now() + forMs
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`It did not come about within ${forMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
}

async function serveCallbacks(hear: (form: string, query: URLSearchParams) => Promise<string>) {
  const server = createServer(async (request, response) => {
    let form = ''
    for await (const piece of request.setEncoding('utf8')) form += piece
    const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const answer = await hear(form, searchParams).catch(() => undefined)
    response.writeHead(answer === undefined ? 500 : 200, { 'content-type': 'text/xml' }).end(answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url, stop }
}
