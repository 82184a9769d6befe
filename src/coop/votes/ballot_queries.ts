// Ballots in Postgres. Whoever casts holds the shared lock of the vote, whoever counts holds it alone; none of the two
// is taken here, because it must come before the world is read.
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Schema } from '../../store/schema.ts'
import { type Ballot, countsOf, inRowOrder } from './ballot.ts'

/** Writes ballots, at most one of a member in one vote; a new one takes the place of her last. */
export function castBallots(ballots: readonly Ballot[]): RawBuilder<unknown> {
  const rows = inRowOrder(ballots)
  const column = <K extends keyof Ballot>(name: K) => rows.map((ballot) => ballot[name])
  return sql`
    insert into ballots (coop_id, proposal, member_id, option, cast_at, message_id)
    select * from unnest(${column('coop')}::text[], ${column('proposal')}::text[], ${column('member')}::bigint[],
      ${column('option')}::smallint[], ${column('castAt')}::timestamptz[], ${column('messageId')}::text[])
    on conflict (coop_id, proposal, member_id) do update
    set option = excluded.option, cast_at = excluded.cast_at, message_id = excluded.message_id`
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

/** Gives the ballots of one number to another: of two in one vote the later counts. */
export async function mergeBallots(db: Kysely<Schema>, keep: number, gone: number): Promise<void> {
  await sql`
    insert into ballots (coop_id, proposal, member_id, option, cast_at, message_id)
    select coop_id, proposal, ${keep}::bigint, option, cast_at, message_id
    from ballots where member_id = ${gone} order by coop_id, proposal
    on conflict (coop_id, proposal, member_id) do update
    set option = excluded.option, cast_at = excluded.cast_at, message_id = excluded.message_id
    where excluded.cast_at > ballots.cast_at`.execute(db)
  await db.deleteFrom('ballots').where('member_id', '=', gone).execute()
}
