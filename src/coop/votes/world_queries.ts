// What the world shows of votes, for many members at once. Read after the shared locks of the open votes, so that what
// it says of the close holds until the commit.

import { ms, nowSql, statement } from '../../store/statement.ts'
import type { Words } from '../charter/charter.ts'
import type { Proposal } from './proposal.ts'
import type { Outcome } from './tally.ts'

interface ProposalRow {
  coop_id: string
  slug: string
  title: Words
  text: Words
  more: Words | null
  options: Words[]
  binding: boolean
  status: 'notice' | 'open' | 'closed'
  opens_at: number
  closes_at: number
  outcome: Outcome | null
}

/** The proposals of these co-ops ($1) that are not closed, or were closed within a week and not withdrawn. */
export const readProposals = statement<ProposalRow>(
  'proposals_recent',
  `select coop_id, slug, title, text, more, options, binding, status, outcome,
     ${ms('opens_at')} as opens_at, ${ms('closes_at')} as closes_at
   from proposals
   where coop_id = any($1::text[]) and (status <> 'closed'
     or closed_at > ${nowSql} - interval '7 days' and outcome ->> 'result' <> 'withdrawn')`,
)

interface VoterRow {
  member_id: number
  proposal: string
  option: number | null
  /** When she was called, and the contact that the call went to. */
  call: [at: number | null, contact: number] | null
}

// A call that may be on its way counts from when it was taken up; one that failed, or waits to go elsewhere, is none.
const calledAt = `case when o.state = 'accepted' then o.sent_at
       when o.state in ('sending', 'unknown') then o.claimed_at end`

/**
 * Where these members ($1) stand in those proposals: on the roll, called when, voted how. Subqueries and no joins: a
 * join that was planned while nobody had voted would read all ballots at each message.
 */
export const readVoters = statement<VoterRow>(
  'voters',
  `select r.member_id, r.proposal,
     (select b.option from ballots b
      where b.coop_id = r.coop_id and b.proposal = r.proposal and b.member_id = r.member_id) as option,
     (select array[${ms(calledAt)}, o.contact_id]::float8[] from outbox o
      where o.member_id = r.member_id and o.broadcast_id = (select c.id from broadcasts c
        where c.coop_id = r.coop_id and c.proposal = r.proposal and c.kind = 'call')) as call
   from roll r
   where r.member_id = any($1::bigint[]) and (select p.status <> 'closed'
     or p.closed_at > ${nowSql} - interval '7 days'
     from proposals p where p.coop_id = r.coop_id and p.slug = r.proposal)`,
)

export interface Votes {
  /** The proposals of one co-op as one member sees them at one of her contacts. */
  seenBy(coop: string, member: number | undefined, contact: number | undefined): Proposal[]
}

export function votesOf(proposals: readonly ProposalRow[], voters: readonly VoterRow[]): Votes {
  const places = new Map(voters.map((row) => [`${row.member_id} ${row.proposal}`, row]))
  const byCoop = Map.groupBy(proposals, (row) => row.coop_id)
  return {
    seenBy: (coop, member, contact) =>
      (byCoop.get(coop) ?? []).map((row) => seen(row, places.get(`${member ?? 0} ${row.slug}`), contact)),
  }
}

function seen(row: ProposalRow, place: VoterRow | undefined, contact: number | undefined): Proposal {
  const { coop_id: _, more, opens_at, closes_at, outcome, ...rest } = row
  const [calledAt, calledOn] = place?.call ?? []
  return {
    ...rest,
    opensAt: opens_at,
    closesAt: closes_at,
    onRoll: place !== undefined,
    ...(more && { more }),
    ...(outcome && { outcome }),
    ...(calledAt && { calledAt }),
    ...(calledAt && calledOn !== contact && { calledElsewhere: true }),
    ...(place?.option && { ballot: place.option }),
  }
}
