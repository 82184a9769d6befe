// What `npm start` brings where no setting names a real one: Postgres, Redis, keys, example co-ops, a pretend
// carrier. It touches nothing that was set.
import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { type PretendCarrier, startCarrier } from '../../carrier/carrier.ts'
import type { Settings, Twilio } from '../../config.ts'
import type { Applied } from '../../coop/charter/charter.ts'
import { charterHash } from '../../coop/charter/notice.ts'
import { charterSource } from '../../coop/charter/queries.ts'
import { countSegments } from '../../messaging/speak/segments.ts'
import type { Db } from '../../store/database.ts'
import { hasKeys, makeKeys, refuseUnkeyed } from '../../store/keys.ts'
import { startPostgres } from '../../store/servers/postgres.ts'
import { isThere } from '../../store/servers/process.ts'
import { startRedis } from '../../store/servers/redis.ts'
import type { Server } from '../../store/servers/server.ts'
import { charterIn, putInForce } from '../charter.ts'
import { textOf } from '../file.ts'

export interface Servers {
  readonly postgres?: Server
  readonly redis?: Server
  readonly databaseUrl: string
  readonly redisUrl?: string
}

/** Starts the servers that no setting names. */
export async function bringServers(settings: Settings): Promise<Servers> {
  const [one, other] = await Promise.allSettled([
    settings.databaseUrl ? undefined : startPostgres(path.join(settings.data, 'postgres')),
    settings.redisUrl ? undefined : startRedis(path.join(settings.data, 'redis')),
  ])
  if (one.status === 'rejected' || other.status === 'rejected') {
    for (const each of [one, other]) if (each.status === 'fulfilled') await each.value?.stop()
    throw one.status === 'rejected' ? one.reason : other.status === 'rejected' ? other.reason : undefined
  }
  const [postgres, redis] = [one.value, other.value]
  const redisUrl = settings.redisUrl ?? redis?.url
  return {
    databaseUrl: settings.databaseUrl ?? postgres?.url ?? '',
    ...(redisUrl && { redisUrl }),
    ...(postgres && { postgres }),
    ...(redis && { redis }),
  }
}

const lookMs = 1_000

/** Calls `gone` once if the Postgres that was brought ends by itself; what it returns looks no more. */
export function watchPostgres({ postgres }: Servers, gone: () => void): () => void {
  if (!postgres) return () => undefined
  const timer = setInterval(() => {
    if (isThere(postgres.pid)) return
    clearInterval(timer)
    gone()
  }, lookMs)
  return () => clearInterval(timer)
}

/** Makes the keys of a new data folder; never those of a database that was sealed with others. */
export async function bringKeys(folder: string, db: Db): Promise<void> {
  if (hasKeys(folder)) return
  await refuseUnkeyed(db, folder)
  makeKeys(folder)
}

const examples = path.join(import.meta.dirname, '../../../flows/charters')

/** Applies the example charters of co-ops that have none; returns those that differ from what is in force. */
export async function bringCharters(db: Db): Promise<string[]> {
  const others: string[] = []
  for (const name of readdirSync(examples).filter((each) => each.endsWith('.yaml'))) {
    const file = path.join(examples, name)
    const charter = charterIn(file)
    const inForce = await charterSource(db, charter.id)
    if (inForce === undefined) await putInForce(db, file, charter)
    else if (charterHash(inForce) !== charterHash(textOf(file))) others.push(path.relative('', file))
  }
  return others
}

/**
 * A pretend carrier with an account of its own, and the settings under which it is spoken to. Its senders are those
 * of the charters that are in force when it is asked.
 */
export async function bringCarrier(
  port: number,
  charters: () => readonly Applied[],
  data: string,
): Promise<{ carrier: PretendCarrier; twilio: Twilio }> {
  const hex = (bytes: number) => randomBytes(bytes).toString('hex')
  const publicUrl = `http://127.0.0.1:${port}`
  const account = {
    accountSid: `AC${hex(16)}`,
    authToken: hex(16),
    apiKey: `SK${hex(16)}`,
    apiSecret: hex(16),
  }
  const carrier = await startCarrier({
    ...account,
    senders: () =>
      charters().flatMap(({ senders }) =>
        senders.map(({ address, carrier_answers }) => ({ address, answersWords: carrier_answers })),
      ),
    inboundUrl: `${publicUrl}/twilio/inbound`,
    controlToken: account.authToken,
    countSegments,
    memory: path.join(data, 'carrier'),
  })
  const { accountSid, apiKey, apiSecret } = account
  const twilio = { publicUrl, accountSid, authTokens: [account.authToken], apiKey, apiSecret, apiBase: carrier.url }
  return { carrier, twilio }
}

/** The port itself, or a free one where 0 asks for any: the carrier must know it before we listen. */
export async function portOf(port: number): Promise<number> {
  if (port !== 0) return port
  const server = createServer()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(0, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  if (address === null || typeof address === 'string') throw new Error('This machine gave no free port; set PORT')
  return address.port
}
