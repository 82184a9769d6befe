// What a ballot is, and nothing else knows: one member's choice in one vote, the last before the close. Here it is an
// open one, kept with her number.

/** One member's choice. */
export interface Ballot {
  readonly coop: string
  readonly proposal: string
  readonly member: number
  /** The number of the option, from 1. */
  readonly option: number
  readonly castAt: Date
  readonly messageId: string
}

/** Ballots in the order in which they are written: two transactions that write the same rows never cross. */
export const inRowOrder = (ballots: readonly Ballot[]): Ballot[] =>
  ballots.toSorted(
    (a, b) => compare(a.coop, b.coop) || compare(a.proposal, b.proposal) || compare(a.member, b.member),
  )

/** Ballots per option, in the order of the options, from what was counted under each number. */
export const countsOf = (options: number, counted: ReadonlyMap<number, number>): number[] =>
  Array.from({ length: options }, (_, at) => counted.get(at + 1) ?? 0)

const compare = <T extends string | number>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0)
