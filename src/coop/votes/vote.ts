// A vote from its file to its row: when it opens and closes, what it takes to pass. Pure: whatever the bylaws of its
// kind forbid is refused here, before anything is written.

import { dayMs, localClock } from '../calendar.ts'
import type { Applied, Kind } from '../charter/charter.ts'
import type { Proposal } from './proposal.ts'
import type { ProposalFile } from './proposal_file.ts'
import type { Outcome } from './tally.ts'
import { quorumOf, type Rule } from './tally.ts'

/** What an organiser proposes, under a name of its own. */
export type Motion = ProposalFile & { readonly slug: string }

/** A vote as anyone may know it, without one member's part in it. */
export type Vote = Omit<Proposal, 'onRoll' | 'calledAt' | 'ballot'> & {
  readonly coop: string
  readonly kind: string
  readonly rule: Rule
  readonly anyHour: boolean
  readonly charterVersion: number
  readonly noticedAt: number
  readonly roll: number
  readonly quorum: number
}

/** What an organiser must change before her vote can be opened, closed or shown. */
export class VoteRefused extends Error {}

/** The vote that a motion becomes now, for a roll of so many. */
export function planVote(charter: Applied, motion: Motion, roll: number, now: number): Vote {
  const kind = kindOf(charter, motion)
  if (roll === 0) {
    throw new VoteRefused(`${charter.id} has no active member yet, so nobody could vote. Let members join first.`)
  }
  const vote: Vote = {
    coop: charter.id,
    charterVersion: charter.version,
    slug: motion.slug,
    kind: motion.kind,
    title: motion.title,
    text: motion.text,
    ...(motion.more && { more: motion.more }),
    options: motion.options,
    rule: motion.rule,
    binding: kind.binding,
    anyHour: kind.any_hour,
    roll,
    quorum: quorumOf(roll, kind.quorum),
    noticedAt: now,
    ...span(kind, charter.timezone, motion, now),
  }
  refuseAllNight(charter, kind, vote)
  refuseTooFew(vote)
  return vote
}

/** What is kept of a vote that was taken back in its notice: nobody could have voted. */
export const withdrawn = ({ options, roll, quorum }: Vote): Outcome => ({
  result: 'withdrawn',
  counts: options.map(() => 0),
  turnout: 0,
  roll,
  quorum,
})

/** An instant by the wall clock of a co-op, with its zone: how an organiser is told one. */
export const clockIn = (timezone: string, instant: number): string =>
  `${localClock(instant, timezone)} (${timezone})`

// Nothing could be decided: it would close without a result, whatever members vote.
function refuseTooFew({ slug, kind, binding, roll, quorum }: Vote): void {
  if (!binding || quorum <= roll) return
  throw new VoteRefused(
    `${slug} cannot be decided: kind "${kind}" needs ${quorum} to vote, and ${roll} would be on the roll. Let ` +
      'more join first, or choose a kind that advises.',
  )
}

function kindOf(charter: Applied, motion: Motion): Kind {
  const kind = charter.bylaws.kinds[motion.kind]
  if (kind) return kind
  const known = Object.keys(charter.bylaws.kinds).join(', ')
  throw new VoteRefused(`The bylaws of ${charter.id} have no kind "${motion.kind}". Use one of: ${known}.`)
}

const longestMs = 366 * dayMs

function span(
  kind: Kind,
  timezone: string,
  motion: Motion,
  now: number,
): Pick<Vote, 'status' | 'opensAt' | 'closesAt'> {
  const clock = (instant: number) => clockIn(timezone, instant)
  const earliest = now + kind.notice * 1000
  const opensAt = motion.opensAt ?? earliest
  const closesAt = motion.closesAt ?? opensAt + kind.open * 1000
  if (opensAt < earliest) {
    throw new VoteRefused(
      `${motion.slug} cannot open at ${clock(opensAt)}: the bylaws give kind "${motion.kind}" a notice of ` +
        `${spanned(kind.notice)}, so not before ${clock(earliest)}. Leave "opens" out, or write a later time.`,
    )
  }
  if (closesAt <= opensAt) {
    throw new VoteRefused(
      `${motion.slug} cannot close at ${clock(closesAt)}, before it opens at ${clock(opensAt)}. Write a later ` +
        '"closes".',
    )
  }
  if (closesAt > now + longestMs) {
    throw new VoteRefused(
      `${motion.slug} would close at ${clock(closesAt)}, more than a year from now. Is that the year? Write an ` +
        'earlier "closes".',
    )
  }
  return { status: opensAt > now ? 'notice' : 'open', opensAt, closesAt }
}

// Calls wait for the morning: those of a vote that is over by then would never be sent.
function refuseAllNight({ quiet, timezone }: Applied, kind: Kind, { slug, opensAt, closesAt }: Vote): void {
  if (kind.any_hour || nightLeftMs(quiet, timezone, opensAt) < closesAt - opensAt) return
  throw new VoteRefused(
    `${slug} would be open only in the night of the co-op, from ${quiet.from} to ${quiet.to}, when nobody is called: ` +
      'write other times.',
  )
}

function nightLeftMs({ from, to }: Applied['quiet'], timezone: string, instant: number): number {
  const time = minutesOf(localClock(instant, timezone).slice(11))
  const [sleeps, wakes] = [minutesOf(from), minutesOf(to)]
  const isNight = ahead(sleeps, time) < ahead(sleeps, wakes)
  return isNight ? ahead(time, wakes) * 60_000 : 0
}

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
/** Minutes from one time of day to the next time that it is another. */
const ahead = (from: number, to: number): number => (to - from + 1440) % 1440

function spanned(seconds: number): string {
  const [unit, length] =
    seconds % 86400 === 0
      ? (['day', 86400] as const)
      : seconds % 3600 === 0
        ? (['hour', 3600] as const)
        : (['minute', 60] as const)
  const count = seconds / length
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
