// A vote as a row of Postgres, and a row as a vote. It asks and writes nothing.
import type { Selectable } from 'kysely'
import type { VoteTables } from './tables.ts'
import type { Vote } from './vote.ts'

/** A vote from its row. */
export const voteOf = (row: Selectable<VoteTables['proposals']>): Vote => ({
  coop: row.coop_id,
  slug: row.slug,
  kind: row.kind,
  charterVersion: row.charter_version,
  title: row.title,
  text: row.text,
  ...(row.more && { more: row.more }),
  options: row.options,
  rule: row.rule,
  binding: row.binding,
  anyHour: row.any_hour,
  roll: row.roll_count,
  quorum: row.quorum,
  status: row.status,
  noticedAt: row.noticed_at.getTime(),
  opensAt: row.opens_at.getTime(),
  // One that was closed by hand ended then.
  closesAt: (row.closed_at ?? row.closes_at).getTime(),
  ...(row.outcome && { outcome: row.outcome }),
})

/** The row of a vote that is opened. */
export const rowOf = (vote: Vote) => ({
  coop_id: vote.coop,
  slug: vote.slug,
  kind: vote.kind,
  charter_version: vote.charterVersion,
  title: JSON.stringify(vote.title),
  text: JSON.stringify(vote.text),
  more: vote.more ? JSON.stringify(vote.more) : null,
  options: JSON.stringify(vote.options),
  rule: JSON.stringify(vote.rule),
  binding: vote.binding,
  any_hour: vote.anyHour,
  roll_count: vote.roll,
  quorum: vote.quorum,
  status: vote.status,
  noticed_at: new Date(vote.noticedAt),
  opens_at: new Date(vote.opensAt),
  closes_at: new Date(vote.closesAt),
  closed_at: null,
  closed_by: null,
  outcome: null,
})
