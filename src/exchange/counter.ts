// What a process that takes in messages stands on: the gather and everything that an arrival passes through. Web
// processes answer at it; a worker steps at it what was put aside.
import type { Address } from '../coop/members/address.ts'
import { draftOf } from '../coop/votes/queries.ts'
import { openTexts } from '../messaging/broadcast/texts.ts'
import type { Desk } from '../messaging/desk.ts'
import { machine } from '../messaging/machine.ts'
import { deliveryOf } from '../messaging/outbox/deliver.ts'
import { refusalsIn } from '../messaging/outbox/refusals.ts'
import { type Bells, openBells } from '../messaging/rounds/bells.ts'
import { speak } from '../messaging/speak/speak.ts'
import { putAside } from './aside/put_aside.ts'
import { type Gather, openGather } from './gather/gather.ts'
import type { Parts } from './parts.ts'
import { openSessions } from './sessions.ts'
import { type Aliases, openAliases } from './webhook/alias.ts'
import { type Arrivals, openReading, type Reading } from './webhook/arrival.ts'

export interface Counter {
  readonly parts: Parts
  readonly arrivals: Arrivals
  readonly read: Reading
  readonly aliases: Aliases
  readonly gather: Gather
  readonly bells: Bells
  readonly desk: Desk
  /** Finishes what is under way. */
  stop(): Promise<void>
}

/** Requests of one sender that may be under way at once. */
const inFlight = 16
/** One runs, and one more where that waits for something. Two that always run make smaller batches and more work. */
const lanes = 2
const mostMessages = 100

/** Opens a counter over the parts; closing those is their opener's. */
export function openCounter(parts: Parts): Counter {
  const { config, keys, log, pool, db } = parts
  const sessions = openSessions(parts.redis)
  const bells = openBells(config.redisUrl, config.timing, log)
  const gather = openGather(
    { keys, machine, sessions, log, confirmMs: config.timing.confirm },
    {
      databaseUrl: config.databaseUrl,
      lanes,
      most: mostMessages,
      stepMs: config.timing.step,
      log,
      putAside: (message, why, agoMs) => putAside({ pool, keys, log }, message, why, agoMs),
    },
  )
  const arrivals = {
    keys,
    sessions,
    accountSid: config.twilio.accountSid,
    authTokens: config.twilio.authTokens,
    charterOf: (sender: Address) => parts.charters.bySender(sender),
  }
  return {
    parts,
    arrivals,
    read: openReading(arrivals),
    gather,
    bells,
    aliases: openAliases(db, keys, log),
    desk: deskOf(parts, bells),
    stop: async () => {
      await gather.stop()
      await bells.close()
    },
  }
}

/** Without bells the sweeps do it all, so they come more often. */
export const sweepOf = ({ redisUrl, timing }: Parts['config']): number =>
  redisUrl ? timing.sweep : Math.min(timing.sweep, 1_000)

function deskOf(parts: Parts, bells: Bells): Desk {
  const { db, keys, log, carrier, charters, config } = parts
  const texts = openTexts(db, charters, (broadcast) => draftOf(db, broadcast), speak)
  const ringSender = (sender: string) => void bells.ring(deliveryOf(sender))
  const timing = { ...config.timing, sweep: sweepOf(config) }
  return {
    db,
    keys,
    log,
    carrier,
    charters,
    texts,
    sayRefused: refusalsIn(log),
    timing,
    inFlight,
    ringSender,
    publicUrl: config.twilio.publicUrl,
  }
}
