// Coopline as an operator runs it, for the tests that break it: real web and worker processes on a real Postgres
// and a real Redis, behind a front that leads each connection to one of them, and the pretend carrier.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import pino from 'pino'
import { type PretendCarrier, startCarrier } from '../../src/carrier/carrier.ts'
import type { Applied } from '../../src/coop/charter/charter.ts'
import { applyCharter } from '../../src/coop/charter/queries.ts'
import { rereadCharter } from '../../src/coop/charter/read.ts'
import { type Address, addressOn } from '../../src/coop/members/address.ts'
import { addressIndex, personIndex, sealAddress } from '../../src/coop/members/contact_keys.ts'
import { countSegments } from '../../src/messaging/speak/segments.ts'
import { type Db, openDatabase, openPool } from '../../src/store/database.ts'
import { type Keys, makeKeys } from '../../src/store/keys.ts'
import { account } from '../messaging/worker_desk.ts'
import { openWire, type Wire } from '../stage/cut_line.ts'
import { testFolder } from '../stage/folder.ts'
import { type OwnServer, ownPostgres, ownRedis, testDatabase, testRedis } from '../stage/servers.ts'
import { type Child, type Launch, startChild } from './child.ts'
import { openPhones, type Person, type Phones } from './phones.ts'

const bySms: Address = 'sms:+447700900100'

type Undo = (() => Promise<void> | void)[]

export interface Wish {
  readonly webs?: number
  readonly workers?: number
  /** Servers of the test's own, which it may stop, empty and spoil. */
  readonly own?: readonly ('postgres' | 'redis')[]
  /** The processes reach Postgres by a line that the test can cut. */
  readonly wired?: boolean
  /** Settings of the processes, such as COOPLINE_STEP_MS. */
  readonly set?: Readonly<Record<string, string>>
  readonly redisSettings?: Readonly<Record<string, string>>
  /** Text messages that a sender may send in a second. */
  readonly rate?: number
}

export interface FaultStage {
  readonly db: Db
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly keys: Keys
  readonly charter: Applied
  readonly carrier: PretendCarrier
  readonly phones: Phones
  readonly publicUrl: string
  readonly frontPort: number
  readonly postgres: OwnServer | undefined
  readonly redis: OwnServer | undefined
  readonly line: Wire | undefined
  /** Those that live, in the order of their start. */
  webs(): readonly Child[]
  workers(): readonly Child[]
  /** All that ever ran, for their logs. */
  readonly children: readonly Child[]
  start(role: Launch['role'], set?: Readonly<Record<string, string>>, node?: readonly string[]): Promise<Child>
  /** Takes a process out of the front, as whoever replaces it does, and asks it to stop; gives how it ended. */
  retire(child: Child): Promise<string>
  /** Members who have joined and are known by SMS. */
  join(count: number): Promise<Person[]>
  end(): Promise<void>
}

const quick = {
  COOPLINE_SWEEP_MS: '300',
  COOPLINE_SEND_MS: '1000',
  COOPLINE_SENDING_MS: '2500',
  COOPLINE_UNCLEAR_SEARCH_MS: '2500',
  COOPLINE_UNCLEAR_AGAIN_MS: '3000',
  COOPLINE_CHARTERS_MS: '500',
  COOPLINE_DRAIN_MS: '5000',
  COOPLINE_LET_GO_MS: '100',
}

/** Sets the stage; its maker ends it. What was started before a failure on the way is ended here. */
export async function faultStage(wish: Wish = {}): Promise<FaultStage> {
  const folder = testFolder()
  const undo: Undo = [() => rmSync(folder, { recursive: true, force: true })]
  const end = async () => {
    for (const each of undo.toReversed()) await each()
  }
  try {
    return { ...(await setUp(wish, folder, undo)), end }
  } catch (error) {
    await end()
    throw error
  }
}

async function setUp(wish: Wish, folder: string, undo: Undo): Promise<Omit<FaultStage, 'end'>> {
  const servers = await openServers(wish, undo)
  const line = wish.wired ? await openLine(folder, servers.databaseUrl, undo) : undefined
  const db = openDatabase(openPool(servers.databaseUrl, 10, pino({ level: 'silent' })))
  undo.push(() => db.destroy())
  const keys = makeKeys(`${folder}/keys`)
  const charter = await applyExample(db, wish.rate ?? 1000)
  const children: Child[] = []
  const retired = new Set<Child>()
  const living = (role: Child['role']) =>
    children.filter((child) => child.role === role && !child.hasEnded() && !retired.has(child))
  const front = await openFront(() => living('web').map(({ port }) => port))
  undo.push(() => front.close())
  const publicUrl = `http://127.0.0.1:${front.port}`
  const carrier = await openCarrier(charter, publicUrl)
  undo.push(
    () => carrier.stop(),
    () => endChildren(children),
  )
  const env = { ...environment(servers.redisUrl, publicUrl, carrier.url, `${folder}/keys`), ...wish.set }
  const start: FaultStage['start'] = async (role, set = {}, node = []) => {
    const all = { ...env, DATABASE_URL: line?.url ?? servers.databaseUrl, ...set }
    const child = await startChild({ role, env: all, node })
    children.push(child)
    return child
  }
  const roles = [...Array(wish.webs ?? 2).fill('web'), ...Array(wish.workers ?? 2).fill('worker')]
  const started = await Promise.allSettled(roles.map((role: Launch['role']) => start(role)))
  for (const each of started) if (each.status === 'rejected') throw each.reason
  return {
    ...servers,
    ...{ db, keys, charter, carrier, publicUrl, children, start, line: line?.wire, frontPort: front.port },
    phones: openPhones(publicUrl, () => living('web').map(({ port }) => port), front.port),
    webs: () => living('web'),
    workers: () => living('worker'),
    retire: (child) => {
      retired.add(child)
      return child.stop()
    },
    join: (count) => join(db, keys, charter, count),
  }
}

async function openServers(wish: Wish, undo: Undo) {
  const own = new Set(wish.own)
  const shared = own.has('postgres') ? undefined : await testDatabase()
  const postgres = own.has('postgres') ? await ownPostgres() : undefined
  const redis = own.has('redis') ? await ownRedis(wish.redisSettings) : undefined
  undo.push(async () => {
    await shared?.drop()
    await postgres?.drop()
    await redis?.drop()
  })
  const databaseUrl = postgres?.url ?? shared?.url ?? ''
  return { databaseUrl, redisUrl: redis?.url ?? (await testRedis()), postgres, redis }
}

/** A line of the test's own to Postgres' socket, under the same name in another folder. */
async function openLine(folder: string, databaseUrl: string, undo: Undo) {
  const url = new URL(databaseUrl)
  const real = `${url.searchParams.get('host')}/.s.PGSQL.5432`
  const place = path.join(folder, 'line')
  mkdirSync(place)
  const wire = await openWire({ path: `${place}/.s.PGSQL.5432` }, () => ({ path: real }))
  undo.push(() => wire.close())
  url.searchParams.set('host', place)
  return { wire, url: url.href }
}

/** Each connection goes to the next web process that lives. */
function openFront(ports: () => readonly number[]): Promise<Wire> {
  let turn = 0
  return openWire({ port: 0, host: '127.0.0.1' }, () => {
    const all = ports()
    const port = all[turn++ % Math.max(1, all.length)]
    return port === undefined ? undefined : { port, host: '127.0.0.1' }
  })
}

async function applyExample(db: Db, rate: number): Promise<Applied> {
  const file = path.join(import.meta.dirname, '../../flows/charters/drivers.yaml')
  const source = readFileSync(file, 'utf8')
    .replaceAll(/rate: \d+/g, `rate: ${rate}`)
    .replace(/^quiet: .*$/m, 'quiet: { from: "03:00", to: "03:00" }')
  const charter = rereadCharter(source, 1)
  await applyCharter(db, source, charter)
  return { ...charter, version: 1 }
}

const openCarrier = (charter: Applied, publicUrl: string) =>
  startCarrier({
    ...account,
    senders: () => charter.senders.map(({ address }) => ({ address, answersWords: address.startsWith('sms:') })),
    inboundUrl: `${publicUrl}/twilio/inbound`,
    countSegments,
    pace: { sentMs: 5, deliveredMs: 10 },
  })

const environment = (redisUrl: string, publicUrl: string, carrierUrl: string, keys: string) => ({
  ...quick,
  REDIS_URL: redisUrl,
  COOPLINE_KEYS: keys,
  PORT: '0',
  PUBLIC_URL: publicUrl,
  TWILIO_ACCOUNT_SID: account.accountSid,
  TWILIO_AUTH_TOKEN: account.authToken,
  TWILIO_API_KEY: account.apiKey,
  TWILIO_API_SECRET: account.apiSecret,
  TWILIO_API_BASE: carrierUrl,
})

let phones = 0

async function join(db: Db, keys: Keys, charter: Applied, count: number): Promise<Person[]> {
  const numbers = Array.from({ length: count }, () => `+4477${String(10_000_000 + phones++).slice(-8)}`)
  const { rows } = await sql<{ id: number }>`
    insert into members (coop_id, state, language, joined_at)
    select ${charter.id}, 'active', 'en', coopline_now() - interval '1 day' from generate_series(1, ${count}::int)
    returning id`.execute(db)
  const people = numbers.map((phone, at) => ({ phone, memberId: rows[at]?.id ?? 0 }))
  const contacts = people.map(({ phone, memberId }) => ({
    coop_id: charter.id,
    channel: 'sms' as const,
    member_id: memberId,
    sender: bySms,
    address_index: addressIndex(keys, charter.id, addressOn('sms', phone)),
    person_index: personIndex(keys, charter.id, addressOn('sms', phone)),
    address: sealAddress(keys, addressOn('sms', phone)),
  }))
  for (let at = 0; at < contacts.length; at += 2000)
    await db
      .insertInto('contacts')
      .values(contacts.slice(at, at + 2000))
      .execute()
  return people
}

async function endChildren(children: readonly Child[]): Promise<void> {
  for (const child of children) child.signal('SIGCONT')
  await Promise.all(
    children.map(async (child) => {
      const force = setTimeout(() => child.signal('SIGKILL'), 8_000)
      await child.stop()
      clearTimeout(force)
    }),
  )
}
