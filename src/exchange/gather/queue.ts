// Messages that wait for a transaction, in the order of their arrival. It picks the next batch: one message of each
// person, none of a person whose message is under way, so that each one's messages are handled one after the other.
import type { Lines } from '../lines.ts'
import type { Answer, Message } from '../message.ts'

export interface Waiting {
  readonly message: Message
  /** Milliseconds since this process began, as are all instants here: the machine's clock can be set back. */
  readonly arrived: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
  /** It is not tried before: its lock is elsewhere for a moment. */
  readonly notBefore: number
  readonly tries: number
  /** Its batch failed: it is tried alone, to find out which message is to blame. */
  readonly alone: boolean
}

export interface Queue {
  waiting: Waiting[]
  /** The lines of people whose message is under way. */
  readonly underWay: Set<string>
  /** The lines of people whose message is just being put aside. */
  readonly asides: Lines
}

export const newQueue = (): Queue => ({ waiting: [], underWay: new Set(), asides: new Map() })

export const lineOf = ({ message }: Waiting): string => message.sender.line

/** Takes the next batch out: first come first; a message that must run alone does. */
export function takeBatch(queue: Queue, most: number, now: number): Waiting[] {
  const batch: Waiting[] = []
  const rest: Waiting[] = []
  const held = new Set([...queue.underWay, ...queue.asides.keys()])
  for (const each of queue.waiting) {
    const fits = !held.has(lineOf(each)) && each.notBefore <= now && joins(each, batch, most)
    ;(fits ? batch : rest).push(each)
    held.add(lineOf(each))
  }
  queue.waiting = rest
  for (const each of batch) queue.underWay.add(lineOf(each))
  return batch
}

const joins = (each: Waiting, batch: readonly Waiting[], most: number): boolean =>
  batch.length === 0 || (batch.length < most && !each.alone && !batch[0]?.alone)

/** The messages of a batch are no longer under way. */
export function release(queue: Queue, batch: readonly Waiting[]): void {
  for (const each of batch) queue.underWay.delete(lineOf(each))
}

/** Puts messages back that have waited longest: they go first. */
export function putBack(queue: Queue, back: readonly Waiting[]): void {
  if (back.length > 0) queue.waiting = [...back, ...queue.waiting]
}

/** Takes out those that arrived before an instant; none whose older message is under way and may come back. */
export function takeOverdue(queue: Queue, before: number): Waiting[] {
  const isOverdue = (each: Waiting) => each.arrived < before && !queue.underWay.has(lineOf(each))
  const overdue = queue.waiting.filter(isOverdue)
  if (overdue.length > 0) queue.waiting = queue.waiting.filter((each) => !isOverdue(each))
  return overdue
}

/** The instant at which a message may be tried that is held back now; none where all may be tried. */
export function heldUntil(queue: Queue, now: number): number | undefined {
  const later = queue.waiting.map((each) => each.notBefore).filter((instant) => instant > now)
  return later.length > 0 ? Math.min(...later) : undefined
}
