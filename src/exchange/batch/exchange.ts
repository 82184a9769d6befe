// What every batch runs on: the machine, the keys, and the sessions that Redis may have.
import type { Machine } from '../../conversation/machine.ts'
import type { Log } from '../../log.ts'
import type { Keys } from '../../store/keys.ts'
import type { Sessions } from '../sessions.ts'

export interface Exchange {
  readonly keys: Keys
  readonly machine: Machine
  readonly sessions: Sessions
  readonly log: Log
  /** Milliseconds until a sign is looked for that a reply with a fact arrived. */
  readonly confirmMs: number
}
