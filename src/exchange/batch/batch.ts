// One transaction for the messages of many people: either all of what it did is committed or nothing is. A large batch
// goes in slices: while Postgres works for the one, another is stepped.
import { failpoint } from '../../failpoint.ts'
import type { Log } from '../../log.ts'
import type { Lane } from '../../store/lane.ts'
import type { Found, Message } from '../message.ts'
import { turns } from '../turns.ts'
import type { Exchange } from './exchange.ts'
import type { Placed } from './placed.ts'
import { settled } from './settled.ts'
import { type Left, runSlice, type Slice } from './slice.ts'
import { begin } from './statements.ts'

/** Handles what it can of these messages, at most one of each person; throws where the whole transaction failed. */
export async function runBatch(lane: Lane, exchange: Exchange, messages: readonly Message[]): Promise<Left[]> {
  const found = await foundFor(messages)
  failpoint('before_begin')
  const begun = lane.ask(begin)
  const members = new Set<number>()
  const running = slicesOf({ messages, found }).map(async (slice, nth) => {
    // Begun in one turn of the event loop, they would go to Postgres as one and come back as one.
    await turns(nth)
    return runSlice(lane, exchange, slice, members)
  })
  await settled([begun, ...running])
  const slices = await Promise.all(running)
  failpoint('before_commit')
  await settled([...slices.flatMap(({ writes }) => writes), lane.commit()])
  failpoint('after_commit')
  for (const { sessions, placed } of slices) {
    exchange.sessions.keep(sessions)
    for (const each of placed) if (each.lost) sayLost(exchange.log, each)
  }
  failpoint('before_answer')
  return slices.flatMap(({ left }) => left)
}

// Each slice costs its statements once more, so a batch is cut only where stepping it takes as long as they do.
const usualSlice = 32

function slicesOf({ messages, found }: Slice): Slice[] {
  const count = Math.max(1, Math.round(messages.length / usualSlice))
  const size = Math.ceil(messages.length / count)
  return Array.from({ length: count }, (_, nth) => ({
    messages: messages.slice(nth * size, (nth + 1) * size),
    found: found.slice(nth * size, (nth + 1) * size),
  }))
}

// Most are there already, and a promise for each would cost more than the look.
async function foundFor(messages: readonly Message[]): Promise<Slice['found']> {
  const all: (Found | undefined)[] = []
  for (const { found } of messages) all.push(found instanceof Promise ? await found : found)
  return all
}

// Said once: what is kept from here on can be read again.
const sayLost = (log: Log, { contact }: Placed) =>
  log.error({
    event: 'session_unreadable',
    contact: contact?.id,
    reason: 'its snapshot is damaged; a new one was begun',
  })
