// The count of one vote, in whole numbers. Pure: it is handed ballots as counts and never asks who cast them.

/**
 * How a vote passes. `majority`: option 1 is For, 2 Against, the rest abstain; For must be above, or at least, its
 * share of For and Against. `plurality`: the option with most ballots is chosen, or several are tied.
 */
export type Rule = Majority | { readonly by: 'plurality' }
interface Majority {
  readonly by: 'majority'
  readonly share: Share
  readonly reach: 'above' | 'at_least'
}
interface Share {
  readonly part: number
  readonly whole: number
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

/** Ballots needed: the percentage of the roll rounded up, and never fewer than `least`. */
export function quorumOf(roll: number, quorum: { readonly percent: number; readonly least: number }): number {
  const hundredths = roll * quorum.percent
  const rest = hundredths % 100
  return Math.max(quorum.least, (hundredths - rest) / 100 + (rest > 0 ? 1 : 0))
}

/** The outcome of `counts` (ballots per option, in the order of the options). For and Against that are tied fail. */
export function tally(counts: readonly number[], rule: Rule, roll: number, quorum: number): Outcome {
  const turnout = counts.reduce((sum, count) => sum + count, 0)
  if (turnout > roll) throw new Error(`A vote has ${turnout} ballots of a roll of ${roll}: its ballots are damaged`)
  return { result: turnout < quorum ? 'no_quorum' : resultOf(counts, rule), counts, turnout, roll, quorum }
}

function resultOf(counts: readonly number[], rule: Rule): Outcome['result'] {
  if (rule.by === 'plurality') return leaders(counts).length === 1 ? 'chosen' : 'tied'
  return passes(counts, rule) ? 'passed' : 'failed'
}

function passes([favour = 0, against = 0]: readonly number[], { share, reach }: Majority): boolean {
  const have = favour * share.whole
  const need = (favour + against) * share.part
  return reach === 'above' ? have > need : have >= need && favour > 0
}

/** Numbers of the options that have the most ballots: several where they are tied, none where nobody voted. */
export function leaders(counts: readonly number[]): number[] {
  const most = Math.max(0, ...counts)
  return most === 0 ? [] : counts.flatMap((count, at) => (count === most ? [at + 1] : []))
}
