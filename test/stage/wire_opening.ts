// Opens the servers and processes of the wire stage, and what must be in them before the first line: keys, a clock that
// stands, the two co-ops. It ends all of it again.
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { type PretendCarrier, startCarrier } from '../../src/carrier/carrier.ts'
import { completeConfig, readSettings } from '../../src/config.ts'
import { applyCharter } from '../../src/coop/charter/queries.ts'
import type { Address } from '../../src/coop/members/address.ts'
import { openLog } from '../../src/log.ts'
import { countSegments } from '../../src/messaging/speak/segments.ts'
import { standClock } from '../../src/store/clock.ts'
import { openDatabase, openPool } from '../../src/store/database.ts'
import { makeKeys } from '../../src/store/keys.ts'
import { testFolder } from './folder.ts'
import { charterIn, coops, sourceOf } from './scenery.ts'
import { type OwnServer, ownRedis, testDatabase, testRedis } from './servers.ts'
import type { Person } from './stage.ts'
import { startProcess, type WireProcess } from './wire_process.ts'

const account = {
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: randomBytes(16).toString('hex'),
  apiKey: `SK${'0'.repeat(32)}`,
  apiSecret: randomBytes(16).toString('hex'),
}
const publicUrl = 'https://line.example.org'

export interface Wire {
  readonly carrier: PretendCarrier
  readonly redis: { readonly url: string; readonly server?: OwnServer }
  readonly people: Map<string, Person>
  /** How much of each phone has been shown. */
  readonly shown: Map<Address, number>
  /** The last message that we began at each phone, by the carrier's id. */
  readonly begun: Map<Address, string>
  readonly answers: Map<Address, string | undefined>
  process: WireProcess
  restart(): Promise<void>
  now: number
  end(): Promise<void>
}

/** Everything a wire stage stands on; its Redis is one of its own where the dialogue stops it. */
export async function openWire(at: number, { redisStops }: { redisStops: boolean }): Promise<Wire> {
  const database = await testDatabase()
  const folder = testFolder()
  const redis = redisStops ? await ownServer() : { url: await testRedis() }
  await furnish(database.url, folder, at)
  const wire = await openProcesses({ databaseUrl: database.url, folder, redis, at })
  const end = async () => {
    await wire.process.end()
    await wire.carrier.stop()
    await redis.server?.drop()
    await database.drop()
    rmSync(folder, { recursive: true, force: true })
  }
  return Object.assign(wire, { end })
}

async function ownServer(): Promise<Wire['redis']> {
  const server = await ownRedis()
  return { url: server.url, server }
}

/** What must be there before the first process starts. */
async function furnish(databaseUrl: string, folder: string, at: number): Promise<void> {
  makeKeys(`${folder}/keys`)
  const db = openDatabase(openPool(databaseUrl, 2, openLog('silent')))
  await standClock(db, new Date(at))
  for (const coop of coops) await applyCharter(db, sourceOf(coop), charterIn(sourceOf(coop)))
  await db.destroy()
}

interface Ground {
  readonly databaseUrl: string
  readonly folder: string
  readonly redis: Wire['redis']
  readonly at: number
}

async function openProcesses({ databaseUrl, folder, redis, at }: Ground): Promise<Omit<Wire, 'end'>> {
  const log = openLog(process.env.COOPLINE_LOG ?? 'silent')
  const senders = coops.flatMap((coop) => charterIn(sourceOf(coop)).senders.map(({ address }) => ({ address })))
  const maps = { people: new Map(), shown: new Map(), begun: new Map(), answers: new Map() }
  const carrier = await startCarrier({
    ...{ ...account, senders: () => senders, countSegments, inboundUrl: `${publicUrl}/twilio/inbound` },
    ...{ pace: { sentMs: 1, deliveredMs: 1 }, now: () => new Date(wire.now) },
    get reach() {
      return wire.process.url
    },
  })
  const env = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    COOPLINE_KEYS: `${folder}/keys`,
    ...twilio(carrier),
  }
  const config = completeConfig(readSettings('worker', { ...env, COOPLINE_CONNECTIONS: '3' }))
  const wire: Omit<Wire, 'end'> = {
    ...{ ...maps, carrier, redis, now: at },
    process: await startProcess(config, log),
    restart: async () => {
      await wire.process.end()
      wire.process = await startProcess(config, log)
    },
  }
  return wire
}

const twilio = ({ url }: PretendCarrier) => ({
  PUBLIC_URL: publicUrl,
  TWILIO_ACCOUNT_SID: account.accountSid,
  TWILIO_AUTH_TOKEN: account.authToken,
  TWILIO_API_KEY: account.apiKey,
  TWILIO_API_SECRET: account.apiSecret,
  TWILIO_API_BASE: url,
})
