// The guard against floods and against another robot: after a long run of quick messages she is told once to wait,
// and then there is silence until she does. It fires below the carrier's own guard of 30 replies, each within 30
// seconds. STOP, START, ERASE and OFF are heard at any pace, then not answered; an answer by digit waits as all else.
import type { Event } from '../event.ts'
import type { Session } from '../session.ts'

/** Messages without a pause that are still answered. */
export const longestRun = 27
const pauseMs = 30_000

export interface Pace {
  readonly session: Session
  readonly verdict: 'go' | 'pause' | 'silent' | 'unanswered'
}

/** Counts this message into the session and says whether it is stepped. */
export function paced(session: Session, event: Event, now: number): Pace {
  if (event.event === 'expired') return { session, verdict: 'go' }
  const run = now - session.pace.at < pauseMs ? session.pace.run + 1 : 1
  const counted = { ...session, pace: { at: now, run } }
  if (run <= longestRun) return { session: counted, verdict: 'go' }
  // The one word of caution is kept for the next that would have been answered.
  const uncounted = { ...session, pace: { at: now, run: session.pace.run } }
  if (alwaysHeard(event)) return { session: uncounted, verdict: 'unanswered' }
  return { session: counted, verdict: run === longestRun + 1 ? 'pause' : 'silent' }
}

const heardAtAnyPace: ReadonlySet<string> = new Set(['stop', 'start', 'erase'])
const alwaysHeard = (event: Event): boolean =>
  event.event === 'started' && (heardAtAnyPace.has(event.flow) || event.answers.action === 'off')
