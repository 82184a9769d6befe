// The members' phones as the network sees them: what each has received, in order, and who waits for the next.
// It shows everything to whoever asks; it is for one machine and for numbers that nobody has.

import type { Address } from '../coop/members/address.ts'

export interface Received {
  /** Counts what this phone has received, from 1. */
  readonly n: number
  readonly at: Date
  readonly from: Address
  readonly body: string
  /** A message of the co-op, or the carrier's own answer to STOP, START or HELP. */
  readonly kind: 'message' | 'carrier'
  readonly sid?: string
}

export interface Handsets {
  receive(phone: Address, message: Omit<Received, 'n' | 'at'>): void
  /** What a phone has received after its n-th message. */
  received(phone: Address, after?: number): readonly Received[]
  /** The same, waiting for the first at most so long. */
  next(phone: Address, after: number, waitMs: number): Promise<readonly Received[]>
}

const MOST_KEPT = 1000

interface Handset {
  count: number
  inbox: Received[]
  waiting: Set<() => void>
}

/** Phones come to be when they first receive or are first asked for. */
export function createHandsets(now: () => Date): Handsets {
  const handsets = new Map<Address, Handset>()
  const handset = (phone: Address): Handset => {
    const known = handsets.get(phone) ?? { count: 0, inbox: [], waiting: new Set() }
    handsets.set(phone, known)
    return known
  }
  const received = (phone: Address, after = 0) => handset(phone).inbox.filter(({ n }) => n > after)
  return {
    receive: (phone, message) => {
      const { inbox, waiting } = count(handset(phone))
      inbox.push({ n: handset(phone).count, at: now(), ...message })
      if (inbox.length > MOST_KEPT) inbox.shift()
      for (const wake of waiting) wake()
    },
    received,
    next: async (phone, after, waitMs) => {
      if (received(phone, after).length === 0) await woken(handset(phone).waiting, waitMs)
      return received(phone, after)
    },
  }
}

function count(handset: Handset): Handset {
  handset.count += 1
  return handset
}

async function woken(waiting: Set<() => void>, waitMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, waitMs).unref()
  waiting.add(resolve)
  await promise
  clearTimeout(timer)
  waiting.delete(resolve)
}
