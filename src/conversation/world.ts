// What a step may look at: a read-only snapshot that was loaded before it. It holds only what was said to be needed;
// everything else is empty, and a step that comes to it says so.
import type { Applied } from '../coop/charter/charter.ts'
import type { Consent } from '../coop/consents/consent.ts'
import type { Held, Member } from '../coop/members/member.ts'
import type { Cell } from '../coop/reports/insight.ts'
import type { Report } from '../coop/reports/report.ts'
import type { Proposal } from '../coop/votes/proposal.ts'

/** The parts of the world that cost a question to the database, so that a flow has to ask for them. */
export type Need = 'consents' | 'proposals' | 'reports' | 'insight' | 'held' | 'fresh'

export interface World {
  /** The parts that were asked for; a step that comes to a flow with other needs says so and is run again. */
  readonly loaded: ReadonlySet<Need>
  readonly now: number
  readonly charter: Applied
  /** The carrier answers STOP, START and HELP sent to this sender by itself. */
  readonly carrierAnswers: boolean
  readonly member?: Member
  /** The carrier has blocked this address, or an SMS address of the same member, after a STOP. */
  readonly blocked: boolean
  readonly consents: readonly Consent[]
  readonly proposals: readonly Proposal[]
  readonly reports: readonly Report[]
  readonly insight: readonly Cell[]
  readonly held: Held
  /** Made before the step, so that the step can speak it: a receipt code and the number of a new member. */
  readonly fresh: { readonly receipt: string; readonly number: number }
}
