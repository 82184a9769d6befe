// What a step may look at: a read-only snapshot that was loaded before it. It holds only what was said to be needed;
// everything else is empty, and a step that comes to it says so.
import type { Applied, Language, Words } from '../coop/charter/charter.ts'
import type { Values } from '../coop/reports/values.ts'

/** The parts of the world that cost a question to the database, so that a flow has to ask for them. */
export type Need = 'consents' | 'proposals' | 'reports' | 'insight' | 'held' | 'fresh'

export interface Member {
  readonly number: number
  readonly state: 'invited' | 'active' | 'left' | 'erased'
  readonly language: Language
  /** When she joined; absent while she is only invited. Milliseconds since 1970, as every instant here. */
  readonly joinedAt?: number
  /** She asked for silence: we begin nothing; her own texts are still answered. */
  readonly suppressed: boolean
  readonly erasureAskedAt?: number
}

/** The last word on one purpose. `version` is the notice that she answered. */
export interface Consent {
  readonly purpose: string
  readonly on: boolean
  /** Of the notice that she said yes or no to, and the language in which she read it. */
  readonly version: number
  readonly language: Language
}

/**
 * A proposal as one member sees it: in its notice, open, or closed within the last seven days. Options are numbered
 * from 1.
 */
export interface Proposal {
  readonly slug: string
  readonly title: Words
  readonly text: Words
  readonly more?: Words
  readonly options: readonly Words[]
  readonly binding: boolean
  readonly status: 'notice' | 'open' | 'closed'
  readonly opensAt: number
  readonly closesAt: number
  readonly onRoll: boolean
  /** When the last call about it was sent to her; absent while none was. */
  readonly calledAt?: number
  /** That call went to another contact of hers than the one she writes from. */
  readonly calledElsewhere?: boolean
  /** Her ballot: the number of the option. */
  readonly ballot?: number
  readonly outcome?: Outcome
}

export interface Outcome {
  /** `withdrawn`: taken back in its notice; no member's world shows such a one. */
  readonly result: 'passed' | 'failed' | 'chosen' | 'tied' | 'no_quorum' | 'withdrawn'
  /** Ballots for each option, in the order of the options. */
  readonly counts: readonly number[]
  readonly turnout: number
  readonly roll: number
  readonly quorum: number
}

/** One of her reports: the current version under its key. */
export interface Report {
  readonly form: string
  readonly key: string
  readonly version: number
  readonly values: Values
  readonly figures: Values
  readonly madeAt: number
  /** When it joins the pool; until then UNDO removes it. */
  readonly poolAt: number
}

/** The group's median of a form's figure in one cell of one week, published by the worker. */
export interface Cell {
  readonly form: string
  /** Monday of the week, YYYY-MM-DD. */
  readonly week: string
  /** The chosen options of the form's `insight.by`, joined by a comma; empty where there are none. */
  readonly cell: string
  readonly median: number
  /** Distinct members whose reports are in it. */
  readonly members: number
}

/** How much the co-op holds of her, however old: reports by what they are of, not by their versions. */
export interface Held {
  readonly reports: number
  readonly ballots: number
}

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
