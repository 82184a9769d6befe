// Ballots in Postgres. Whoever casts holds the shared lock of the vote, whoever closes it holds it alone; a message's
// batch has it before it reads the world, and what else moves ballots takes it by `holdVotes`.
import { type Kysely, sql, type Transaction } from 'kysely'
import { inOrder, voteKey } from '../../store/locks.ts'
import type { Schema } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { type Ballot, countsOf, inRowOrder } from './ballot.ts'

/** Writes ballots (`ballotColumns`), at most one of a member in one vote; a new one takes the place of her last. */
export const castBallots = statement(
  'ballots_cast',
  `insert into ballots (coop_id, proposal, member_id, option, cast_at, message_id)
   select * from unnest($1::text[], $2::text[], $3::bigint[], $4::smallint[], $5::timestamptz[], $6::text[])
   on conflict (coop_id, proposal, member_id) do update
   set option = excluded.option, cast_at = excluded.cast_at, message_id = excluded.message_id`,
)

/** The columns of ballots in that statement's order, sorted so that two writers never cross. */
export function ballotColumns(ballots: readonly Ballot[]): unknown[] {
  const rows = inRowOrder(ballots)
  const names = ['coop', 'proposal', 'member', 'option', 'castAt', 'messageId'] as const
  return names.map((name) => rows.map((ballot) => ballot[name]))
}

/** Whether a member has a ballot in a proposal, by the columns of a query that name them. */
export const hasVoted = (columns: {
  readonly coop: string
  readonly proposal: string
  readonly member: string
}) => {
  const { coop, proposal, member } = columns
  return sql<boolean>`exists (select from ballots where ballots.coop_id = ${sql.ref(coop)}
    and ballots.proposal = ${sql.ref(proposal)} and ballots.member_id = ${sql.ref(member)})`
}

/** Counts the ballots of those on the roll, per option. */
export async function countBallots(
  db: Kysely<Schema>,
  vote: { readonly coop: string; readonly slug: string; readonly options: number },
): Promise<number[]> {
  const rows = await db
    .selectFrom('ballots')
    .innerJoin('roll', (join) =>
      join
        .onRef('roll.coop_id', '=', 'ballots.coop_id')
        .onRef('roll.proposal', '=', 'ballots.proposal')
        .onRef('roll.member_id', '=', 'ballots.member_id'),
    )
    .select(({ fn }) => ['ballots.option', fn.countAll<number>().as('count')])
    .where('ballots.coop_id', '=', vote.coop)
    .where('ballots.proposal', '=', vote.slug)
    .groupBy('ballots.option')
    .execute()
  return countsOf(vote.options, new Map(rows.map((row) => [row.option, row.count])))
}

/** Holds the votes that are not closed and have one of these members on their roll, as a ballot would. */
export async function holdVotes(trx: Transaction<Schema>, members: readonly number[]): Promise<void> {
  const votes = await openVotesOf(trx, members).execute()
  const keys = inOrder(votes.map((vote) => voteKey(vote.coop_id, vote.slug)))
  await sql`select pg_advisory_xact_lock_shared(key) from unnest(${keys}::bigint[]) as key`.execute(trx)
}

const openVotesOf = (db: Kysely<Schema>, members: readonly number[]) =>
  db
    .selectFrom('proposals')
    .innerJoin('roll', (join) =>
      join.onRef('roll.coop_id', '=', 'proposals.coop_id').onRef('roll.proposal', '=', 'proposals.slug'),
    )
    .select(['proposals.coop_id', 'proposals.slug'])
    .distinct()
    .where('proposals.status', '<>', 'closed')
    .where('roll.member_id', 'in', members)

const inOpenVote = (member: number) => sql<boolean>`
  member_id = ${member} and exists (select from proposals p
    where p.coop_id = of.coop_id and p.slug = of.proposal and p.status <> 'closed')`

/**
 * Gives the place and the ballots of one number to another in the votes that are not closed; of two ballots in one
 * vote the later counts. The size of the roll stays as it was frozen.
 */
export async function mergeBallots(trx: Transaction<Schema>, keep: number, gone: number): Promise<void> {
  await sql`
    insert into roll (coop_id, proposal, member_id)
    select coop_id, proposal, ${keep}::bigint from roll of where ${inOpenVote(gone)}
    on conflict do nothing`.execute(trx)
  await sql`
    insert into ballots (coop_id, proposal, member_id, option, cast_at, message_id)
    select coop_id, proposal, ${keep}::bigint, option, cast_at, message_id
    from ballots of where ${inOpenVote(gone)} order by coop_id, proposal
    on conflict (coop_id, proposal, member_id) do update
    set option = excluded.option, cast_at = excluded.cast_at, message_id = excluded.message_id
    where excluded.cast_at > ballots.cast_at`.execute(trx)
  await dropBallots(trx, gone)
  await sql`delete from roll of where ${inOpenVote(gone)}`.execute(trx)
}

/** Takes a number's ballots out of the votes that are not closed; what was counted stays counted. */
export const dropBallots = (trx: Transaction<Schema>, member: number) =>
  sql`delete from ballots of where ${inOpenVote(member)}`.execute(trx)

/** Leaves of a number's ballots what was counted, not the ids by which the carrier knows whose they are. */
export const blankBallots = (trx: Transaction<Schema>, member: number) =>
  sql`update ballots set message_id = '' where member_id = ${member}`.execute(trx)
