// Some of the messages of a batch, from their locks to their writes, in that order. It decides which of them it can
// handle, and leaves the others as they were.
import { failpoint } from '../../failpoint.ts'
import type { Keys } from '../../store/keys.ts'
import type { Lane } from '../../store/lane.ts'
import { type LockKey, memberKey } from '../../store/locks.ts'
import { type Answer, type Found, type Message, type Sender, silence, type TextMessage } from '../message.ts'
import type { Exchange } from './exchange.ts'
import { answersOf, type Known } from './known.ts'
import { isPlaced, type Placed, placeMessage } from './placed.ts'
import { type Recorded, record } from './record/record.ts'
import { type ContactRow, readBoxes, readContacts, readKnown, type TriedLock, tryLocks } from './statements.ts'
import { type Stepped, statesFact, stepAll } from './stepped.ts'

/** Messages, and what was found for each. */
export interface Slice {
  readonly messages: readonly Message[]
  readonly found: readonly (Found | undefined)[]
}

/** How a batch left a message: answered, still waiting (perhaps under another lock), or failed by itself. */
export type Left =
  | { readonly message: Message; readonly answer: Answer }
  | { readonly message: Message; readonly again: 'busy' | 'snapshot' }
  | { readonly message: Message; readonly again: 'moved'; readonly sender: Sender }
  | { readonly message: Message; readonly error: Error }
  /** An older message of hers lies aside: this one goes behind it. */
  | { readonly message: TextMessage; readonly aside: 'behind' }

/** A slice whose writes are sent, and not yet committed. */
export interface Done extends Recorded {
  readonly placed: readonly Placed[]
  readonly left: readonly Left[]
}

/** Handles what it can of a slice; `members` are those whom the batch has in hand already. */
export async function runSlice(lane: Lane, exchange: Exchange, slice: Slice, members: Set<number>): Promise<Done> {
  const read = await readUnderLock(lane, exchange, slice)
  failpoint('after_lock')
  const { placed, left } = sortOut(exchange.keys, slice, read, members)
  const steps = await stepAll(lane, exchange.machine, placed)
  failpoint('before_write')
  const recorded = record(lane, exchange, steps)
  const answered = steps.stepped.map((each) => ({ message: each.placed.message, answer: said(each) }))
  const failed = steps.failed.map(({ placed: { message }, error }) => ({ message, error }))
  const waiting = steps.waiting.map(({ message }) => ({ message, again: 'busy' as const }))
  return { ...recorded, placed, left: [...left, ...answered, ...failed, ...waiting] }
}

/** What a step answers. */
const said = ({ text, step }: Stepped): Answer =>
  text === '' ? silence : { end: 'answered', text, statesFact: statesFact(step) }

interface Read {
  readonly locks: ReadonlySet<LockKey>
  readonly contacts: ReadonlyMap<string, ContactRow[]>
  readonly known: ReadonlyMap<string, Known>
  /** The indexes of those of whom a message lies aside. */
  readonly waiting: ReadonlySet<string>
}

// One write, three answers, and one more only for repeats. The order is the promise: what is known of a message is read
// after its lock.
async function readUnderLock(lane: Lane, exchange: Exchange, { messages, found }: Slice): Promise<Read> {
  const people = messages.map(({ sender }) => sender.personIndex)
  const isUnknown = (_: string, at: number) => found[at]?.owner === undefined
  const tried = messages.flatMap((message, at) => keysOf(message, found[at]))
  const sids = messages.flatMap((message) => (message.kind === 'text' ? message.sid : []))
  const [locks, contacts, known] = await Promise.all([
    lane.ask(tryLocks, [tried, people.filter(isUnknown)]),
    lane.ask(readContacts, [
      people,
      messages.map(({ sender }) => sender.addressIndex),
      found.map((each) => each?.version ?? -1),
      found.map((each) => each?.nonce),
    ]),
    lane.ask(readKnown, [sids, people]),
  ])
  return {
    locks: heldOf(tried, locks),
    contacts: Map.groupBy(contacts, (row) => row.person),
    known: await answersOf(exchange, known, (boxes) => lane.ask(readBoxes, [boxes])),
    waiting: new Set(known.flatMap(({ person }) => person ?? [])),
  }
}

// The answer names only what was not to be expected: mostly nothing.
function heldOf(tried: readonly LockKey[], unexpected: readonly TriedLock[]): Set<LockKey> {
  const locks = new Set(tried)
  for (const { key, held } of unexpected) {
    if (held) locks.add(key)
    else locks.delete(key)
  }
  return locks
}

function keysOf({ sender }: Message, found: Found | undefined): LockKey[] {
  const { owner } = found ?? {}
  return typeof owner === 'number' ? [sender.line, memberKey(owner)] : [sender.line]
}

function sortOut(keys: Keys, { messages, found }: Slice, read: Read, members: Set<number>) {
  const placed: Placed[] = []
  const left: Left[] = []
  for (const [at, message] of messages.entries()) {
    const rows = read.contacts.get(message.sender.personIndex) ?? []
    const result = placeMessage(message, rows, read.locks, found[at], keys)
    const unstepped = read.locks.has(message.sender.line) ? unsteppedOf(message, read) : undefined
    if (unstepped) left.push(unstepped)
    else if (!isPlaced(result)) left.push({ message, ...result })
    // She was erased after the clock had found her: nothing of her comes back.
    else if (message.kind === 'clock' && !result.contact) left.push({ message, answer: silence })
    // Two addresses of one member, merged from two people: the second waits for the next batch.
    else if (result.memberId !== undefined && members.has(result.memberId)) left.push({ message, again: 'busy' })
    else {
      placed.push(result)
      if (result.memberId !== undefined) members.add(result.memberId)
    }
  }
  return { placed, left }
}

/** How a message ends that is not stepped now: it is a repeat, or an older one of hers lies aside. */
function unsteppedOf(message: Message, { known, waiting }: Read): Left | undefined {
  const repeat = message.kind === 'text' && repeatOf(message, known)
  if (repeat) return { message, answer: repeat }
  if (!waiting.has(message.sender.personIndex)) return undefined
  // The clock comes again in a minute; what lies aside is taken up first in line.
  if (message.kind === 'clock') return { message, answer: silence }
  return message.source === 'webhook' ? { message, aside: 'behind' } : undefined
}

function repeatOf(message: TextMessage, known: ReadonlyMap<string, Known>): Answer | undefined {
  const before = known.get(message.sid)
  if (!before || (message.source === 'put_aside' && before.state === 'received')) return undefined
  return before.answer
}
