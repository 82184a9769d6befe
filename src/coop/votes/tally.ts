// The count of one vote, in whole numbers. Pure: it is handed ballots as counts and never asks who cast them.
import type { Outcome } from '../../conversation/world.ts'

/**
 * How a vote passes. `majority`: option 1 is For, 2 Against, the rest abstain; For must be above, or at least, its
 * share of For and Against. `plurality`: the option with most ballots stands first; it always passes with a quorum.
 */
export type Rule =
  | { readonly by: 'majority'; readonly share: Share; readonly reach: 'above' | 'at_least' }
  | { readonly by: 'plurality' }
interface Share {
  readonly part: number
  readonly whole: number
}

/** Ballots needed: the percentage of the roll rounded up, and never fewer than `least`. */
export function quorumOf(roll: number, quorum: { readonly percent: number; readonly least: number }): number {
  const hundredths = roll * quorum.percent
  const rest = hundredths % 100
  return Math.max(quorum.least, (hundredths - rest) / 100 + (rest > 0 ? 1 : 0))
}

/** The outcome of `counts` (ballots per option, in the order of the options). A tie fails. */
export function tally(counts: readonly number[], rule: Rule, roll: number, quorum: number): Outcome {
  const turnout = counts.reduce((sum, count) => sum + count, 0)
  if (turnout > roll) throw new Error(`A vote has ${turnout} ballots of a roll of ${roll}: its ballots are damaged`)
  const result = turnout < quorum ? 'no_quorum' : passes(counts, rule) ? 'passed' : 'failed'
  return { result, counts, turnout, roll, quorum }
}

function passes(counts: readonly number[], rule: Rule): boolean {
  if (rule.by === 'plurality') return leaders(counts).length === 1
  const [favour = 0, against = 0] = counts
  const have = favour * rule.share.whole
  const need = (favour + against) * rule.share.part
  return rule.reach === 'above' ? have > need : have >= need && favour > 0
}

/** Numbers of the options that have the most ballots: several where they are tied, none where nobody voted. */
export function leaders(counts: readonly number[]): number[] {
  const most = Math.max(0, ...counts)
  return most === 0 ? [] : counts.flatMap((count, at) => (count === most ? [at + 1] : []))
}
