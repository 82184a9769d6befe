// What a member may do with a proposal at an instant. Pure: the instant is the one read under the vote's lock.
import type { Words } from '../charter/charter.ts'
import type { Outcome } from './tally.ts'

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

/** Whether ballots count now. Decided by the instants, so that no worker has to be on time. */
export const isOpen = (proposal: Proposal, now: number): boolean =>
  proposal.status !== 'closed' && proposal.opensAt <= now && now < proposal.closesAt

/** The open proposals that she may vote on, the one that she was called to last in front. */
export const openFor = (proposals: readonly Proposal[], now: number): Proposal[] =>
  proposals
    .filter((proposal) => proposal.onRoll && isOpen(proposal, now))
    .toSorted((one, other) => (other.calledAt ?? 0) - (one.calledAt ?? 0) || one.closesAt - other.closesAt)

/** The one that she was called to last, whether it is open or not. */
export const lastCalled = (proposals: readonly Proposal[]): Proposal | undefined =>
  proposals
    .filter(({ onRoll, calledAt }) => onRoll && calledAt !== undefined)
    .toSorted((one, other) => (other.calledAt ?? 0) - (one.calledAt ?? 0))[0]

/** The open proposals that she may vote on and was sent a call about. */
export const callsTo = (proposals: readonly Proposal[], now: number): Proposal[] =>
  openFor(proposals, now).filter((proposal) => proposal.calledAt !== undefined)
