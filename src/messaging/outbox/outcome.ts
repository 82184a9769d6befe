// What becomes of a row once the carrier has said something about it, at once or later: one table read for both.
// It asks nobody.
import { sql } from 'kysely'
import type { SendResult } from '../../twilio/client.ts'
import { type Treatment, triedOnce, whatToDo } from '../../twilio/errors.ts'
import { rankOf } from '../../twilio/status.ts'

export type Outcome =
  | { readonly state: 'accepted'; readonly carrierId: string; readonly status: string; readonly rank: number }
  | { readonly state: 'unknown' }
  | { readonly state: 'pending'; readonly afterSeconds: number; readonly code?: number; readonly slow?: number }
  | { readonly state: Ended; readonly code: number }
type Ended = 'failed' | 'silenced' | 'unreachable' | 'window_closed'

interface Unreaching {
  readonly state: 'unreachable' | 'window_closed'
  readonly code: number
}
type RowOf = { readonly broadcastId: number | null }

/** Whether it is the row of a broadcast that did not reach her: another address of hers is looked for. */
export const isStranding = (row: RowOf, outcome: Outcome): outcome is Unreaching =>
  row.broadcastId !== null && (outcome.state === 'window_closed' || outcome.state === 'unreachable')

/**
 * How a row is kept until it has been moved, right after: one that is stranded is due in a minute. Were this process
 * killed between the two, the next claim would find it, and nobody is missed.
 */
export const untilMoved = (row: RowOf, outcome: Outcome): Outcome =>
  isStranding(row, outcome) ? { state: 'pending', afterSeconds: 60, code: outcome.code } : outcome

/** The columns of a row whose earlier try counts no more: nothing of it has been sent. */
export const unsent = { carrier_id: null, status: null, status_rank: -1, sent_at: null } as const

/** A try to send: its number from 1, the error code that the row waited with, a random number below 1. */
export interface Try {
  readonly attempt: number
  readonly errorBefore: number | null
  readonly chance: number
}

/** The columns of a row that waits for another try. */
export const waiting = (afterSeconds: number, code?: number) => ({
  state: 'pending' as const,
  next_attempt_at: sql<Date>`coopline_now() + make_interval(secs => ${afterSeconds})`,
  ...(code !== undefined && { error_code: codeKept(code) }),
})

// One after which there is but one more try is not forgotten for another.
const codeKept = (code: number) =>
  sql<number>`case when error_code = any(${[...triedOnce]}) then error_code else ${code} end`

/** The outcome of a request to send. */
export function outcomeOf(result: SendResult, tried: Try): Outcome {
  switch (result.kind) {
    case 'accepted':
      return {
        state: 'accepted',
        carrierId: result.providerId,
        status: result.status,
        rank: rankOf(result.status),
      }
    case 'unclear':
      return { state: 'unknown' }
    case 'not_sent': {
      const asked = result.retryAfterSeconds
      const afterSeconds = Math.max(backoff(tried), asked ?? 0)
      return { state: 'pending', afterSeconds, ...(asked !== undefined && { slow: asked }) }
    }
    case 'refused':
      return outcomeOfCode(result.code, tried)
  }
}

/** The outcome of an error code. */
export function outcomeOfCode(code: number, tried: Try): Outcome {
  const treatment = whatToDo(code)
  if (treatment.verdict === 'unknown') return { state: 'unknown' }
  if (treatment.verdict !== 'retry' || (treatment.once && isAgain(treatment, tried)))
    return { state: endedBy(treatment), code }
  return { state: 'pending', code, afterSeconds: Math.max(treatment.afterSeconds ?? 0, backoff(tried)) }
}

// Not by the number of the try: that counts also those for which the whole sender had to wait.
const isAgain = ({ failure }: Treatment, { errorBefore }: Try): boolean =>
  errorBefore !== null && whatToDo(errorBefore).failure === failure

function endedBy({ verdict, address }: Treatment): Ended {
  if (verdict === 'opted_out') return 'silenced'
  if (verdict === 'outside_window') return 'window_closed'
  return address === 'unreachable' ? 'unreachable' : 'failed'
}

const longest = 300

/** Seconds until the next try: doubling up to five minutes, of which half is left to chance. */
const backoff = ({ attempt, chance }: Try): number =>
  Math.min(longest, 2 ** Math.min(attempt - 1, 20)) * (0.5 + chance / 2)
