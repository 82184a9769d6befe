// Sessions in Redis: asked for on arrival, written after the commit, never an older version over a newer one. Redis
// only makes them come faster; what is true is the version and the snapshot in Postgres.

import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Session } from '../conversation/session.ts'
import type { Keys } from '../store/keys.ts'
import type { RedisClient } from '../store/redis.ts'
import { nonceAt, seal, unseal } from '../store/seal.ts'
import type { Finding, Found, Owner, Sender } from './message.ts'
import { together } from './turns.ts'

export interface Sessions {
  /** What this process remembers or Redis has; nothing where that is late, away or damaged. */
  find(sender: Sender): Finding
  /** Keeps sessions that have been committed; never waits for long and never fails. */
  keep(kept: readonly Kept[]): void
}
/** A session as it was committed. */
export interface Kept {
  readonly sender: Sender
  readonly version: number
  readonly sealed: Buffer
  readonly session: Session
  readonly owner: Owner
}

const versionBytes = 4
/** The highest that a version can be in Postgres; what claims more is damaged. */
const highestVersion = 2 ** 31 - 1
const daysKept = 7

// Compared as numbers: Lua compares strings by the locale. A key of another type is overwritten like an old version.
const keepScript = `
for at = 1, #KEYS do
  local known = redis.pcall('GET', KEYS[at])
  local older = type(known) ~= 'string' or #known < 4
    or struct.unpack('>I4', known) < struct.unpack('>I4', ARGV[at])
    or struct.unpack('>I4', known) > ${highestVersion}
  if older then redis.call('SET', KEYS[at], ARGV[at], 'EX', ${daysKept * 86400}) end
end`

/**
 * Sessions of this process in front of those in one Redis. A member's next message mostly comes within minutes to the
 * same process; what is stale here is found out under the lock, as what is stale in Redis is.
 */
export function openSessions(redis: RedisClient | undefined): Sessions {
  const recent = openRecent()
  const shared = redis && openShared(redis)
  return {
    find: (sender) => recent.find(sender) ?? shared?.find(sender),
    keep: (kept) => {
      recent.keep(kept)
      shared?.keep(kept)
    },
  }
}

// Of ten thousand who talk at once, each comes again after the messages of ten thousand others.
const mostRecent = 20_000

function openRecent() {
  const sessions = new Map<string, Found>()
  return {
    find: ({ addressIndex }: Sender) => sessions.get(addressIndex),
    keep: (kept: readonly Kept[]) => {
      for (const { sender, version, sealed, session, owner } of kept) {
        sessions.delete(sender.addressIndex)
        // Not the seal: it would hold on to the memory of all that was written beside it.
        sessions.set(sender.addressIndex, { version, nonce: nonceOf(sealed), session, owner })
      }
      for (const oldest of sessions.keys()) {
        if (sessions.size <= mostRecent) break
        sessions.delete(oldest)
      }
    },
  }
}

function openShared(redis: RedisClient): Sessions {
  const breaker = circuit()
  const ask = async (senders: readonly Sender[]) => {
    const values = await breaker(() => redis.mgetBuffer(senders.map(keyOf)))
    return values.map(read)
  }
  // One co-op is one slot of a cluster, so that the sessions of its members are asked for, and kept, by one call.
  const finders = new Map<string, (sender: Sender) => Promise<Found | undefined>>()
  const finderOf = (coop: string) => {
    const finder = finders.get(coop) ?? together(ask)
    finders.set(coop, finder)
    return finder
  }
  return {
    find: (sender) => finderOf(sender.coop)(sender).catch(() => undefined),
    keep: (kept) => {
      for (const [, sessions] of Map.groupBy(kept, ({ sender }) => sender.coop)) {
        const keys = sessions.map(({ sender }) => keyOf(sender))
        const values = sessions.map(written)
        breaker(() => redis.call('EVALSHA', keepSha, keys.length, ...keys, ...values)).catch(() =>
          breaker(() => redis.call('EVAL', keepScript, keys.length, ...keys, ...values)).catch(() => undefined),
        )
      }
    },
  }
}

const keepSha = createHash('sha1').update(keepScript).digest('hex')

// A Redis that hangs is left alone for a while: each message would wait for it once more.
const failuresToOpen = 3
const openMs = 2_000

function circuit() {
  let failures = 0
  let openUntil = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (performance.now() < openUntil) throw new Error('Redis is left alone for a moment')
    try {
      const result = await work()
      failures = 0
      return result
    } catch (error) {
      // What it answers, even that a script or a type is wrong, shows that it is there.
      if (error instanceof Error && error.name === 'ReplyError') failures = 0
      else if (++failures >= failuresToOpen) openUntil = performance.now() + openMs
      throw error
    }
  }
}

const keyOf = ({ coop, addressIndex }: Pick<Sender, 'coop' | 'addressIndex'>): string =>
  `session:{${coop}}:${addressIndex}`

// Redis is written after the commit, and no write to it takes longer.
const lateWriteMs = 1_000

/**
 * Takes the sessions of these addresses out of Redis, and once more after a second, for a write that was on its way.
 * What a process remembers of them is nobody's any more.
 */
export async function forgetSessions(
  redis: RedisClient,
  coop: string,
  addresses: readonly Buffer[],
): Promise<void> {
  const keys = addresses.map((index) => keyOf({ coop, addressIndex: index.toString('hex') }))
  if (keys.length === 0) return
  await redis.del(keys)
  await sleep(lateWriteMs)
  await redis.del(keys)
}

function read(value: Buffer | null): Found | undefined {
  if (!value || value.length <= versionBytes) return undefined
  const version = value.readUInt32BE(0)
  const sealed = value.subarray(versionBytes)
  return version > highestVersion ? undefined : { version, nonce: nonceOf(sealed), session: sealed }
}

function written({ version, sealed }: Kept): Buffer {
  const head = Buffer.allocUnsafe(versionBytes)
  head.writeUInt32BE(version)
  return Buffer.concat([head, sealed])
}

/** What tells two seals of one version apart: after a failover that lost commits a version can repeat. */
export const nonceOf = (sealed: Buffer): string =>
  sealed.toString('hex', nonceAt.start, nonceAt.start + nonceAt.length)

const place = 'contacts.snapshot'
export const sealSession = (keys: Keys, session: Session): Buffer => seal(keys, JSON.stringify(session), place)

/** The session of a seal; none where it is damaged. Throws where its key is not here: it may be on another process. */
export function unsealSession(keys: Keys, sealed: Buffer): Session | undefined {
  try {
    return JSON.parse(unseal(keys, sealed, place)) as Session
  } catch (error) {
    if (!keys.seal.has(sealed[0] ?? 0)) throw error
    return undefined
  }
}
