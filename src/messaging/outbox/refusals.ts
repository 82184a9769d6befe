// What a human must hear of what the carrier refused or could not deliver: of each one that stops a co-op, and of many
// in a short time where single ones say little. Codes only, never whom it was about.
import type { Log } from '../../log.ts'
import { whatToDo } from '../../twilio/errors.ts'

export interface Refusal {
  readonly event: 'send_refused' | 'message_failed'
  readonly coop: string
  readonly code: number
  /** Which message it was, and how it stands. */
  readonly [about: string]: unknown
}

/** So many of one kind in so long, seen by one process, are an alarm. */
export const many = 20
const withinMs = 600_000

/** Says each refusal in the log, and once more where it makes them many. */
export function refusalsIn(log: Log): (refusal: Refusal) => void {
  const counts = new Map<string, { since: number; seen: number }>()
  const seenNow = (kind: string): number => {
    const now = performance.now()
    const before = counts.get(kind)
    const count = before && now - before.since < withinMs ? before : { since: now, seen: 0 }
    counts.set(kind, count)
    count.seen++
    return count.seen
  }
  return (refusal) => {
    const { alarm, failure } = whatToDo(refusal.code)
    const said = { ...refusal, failure }
    if (alarm === 'each') return log.error(said)
    if (alarm === 'none') return log.info(said)
    log.warn(said)
    const { coop, code } = refusal
    if (seenNow(`${coop} ${failure}`) === many)
      log.error({ event: 'many_refused', coop, code, failure, seen: many })
  }
}
