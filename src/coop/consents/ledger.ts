// The ledger of consent: one hash chain per member. It makes the next event of a chain and finds the first that was
// changed, left out or moved; it cannot see that the newest events of a chain were cut off.
import { createHash } from 'node:crypto'
import type { ConsentTables } from './tables.ts'

/** One event with its place in the chain. */
export type LedgerEvent = ConsentTables['consent_events']
/** What an event says, without the hashes that hold it in its place. */
export type Entry = Omit<LedgerEvent, 'previous_hash' | 'hash'>
/** The last event of a chain, as far as the next one needs it. */
export type Head = Pick<LedgerEvent, 'n' | 'hash'>

/** What stands before the first event of a chain. */
export const beginning: Head = { n: 0, hash: Buffer.alloc(32) }

// The hash of an event: SHA-256 over the hash before it and every field, in the order of the table's columns.
const eventHash = (previous: Buffer, event: Entry): Buffer =>
  createHash('sha256').update(canonical(previous, event)).digest()

/** The next event of a chain, complete. */
export function nextEvent(head: Head, said: Omit<Entry, 'n'>): LedgerEvent {
  const entry = { ...said, n: head.n + 1 }
  return { ...entry, previous_hash: head.hash, hash: eventHash(head.hash, entry) }
}

/** Checks one member's chain, in its order: `broken` is the number of the first event that does not hold. */
export function verifyChain(events: readonly LedgerEvent[]): { readonly broken?: number } {
  let head = beginning
  for (const event of events) {
    if (!follows(head, event)) return { broken: event.n }
    head = event
  }
  return {}
}

const follows = (head: Head, event: LedgerEvent) =>
  event.n === head.n + 1 && event.previous_hash.equals(head.hash) && event.hash.equals(eventHash(head.hash, event))

// An array and not an object: its order is ours, whatever order a driver or a spread gives to the columns.
const canonical = (previous: Buffer, event: Entry) =>
  JSON.stringify([
    event.member_id,
    event.n,
    event.coop_id,
    event.action,
    event.purpose,
    event.notice_version,
    event.notice_hash.toString('hex'),
    event.language,
    event.channel,
    event.message_id,
    event.receipt,
    event.at.toISOString(),
    previous.toString('hex'),
  ])
