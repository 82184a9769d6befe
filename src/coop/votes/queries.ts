// Votes in Postgres: opened and closed in one transaction each, under the vote's own lock. What a ballot is lies in
// `ballot_queries.ts`; what may be opened, and what passes, in `vote.ts` and `tally.ts`.
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import { now } from '../../store/clock.ts'
import type { Db } from '../../store/database.ts'
import { lockNow, rollKey, voteKey } from '../../store/locks.ts'
import type { Schema } from '../../store/schema.ts'
import type { Applied } from '../charter/charter.ts'
import { charterOf } from '../charter/queries.ts'
import { announce, announceOutcome, dropAll, dropCalls } from './announce_queries.ts'
import { countBallots } from './ballot_queries.ts'
import { entitledTo, freezeRoll } from './roll_queries.ts'
import { rowOf, voteOf } from './rows.ts'
import type { Outcome } from './tally.ts'
import { tally } from './tally.ts'
import { clockIn, type Motion, planVote, type Vote, VoteRefused, withdrawn } from './vote.ts'
import { type Broadcast, type Measure, refuseLong, voteWords } from './words.ts'

interface About {
  readonly coopId: string
  readonly proposal: string
}

/**
 * Who is told about a vote, as the query that the fan-out walks: the roll, or where the vote was withdrawn those of it
 * who were sent its notice. Each is looked up by key; what `exists` would be planned as reads the whole outbox.
 */
export const recipientsOf = ({ coopId, proposal }: About): RawBuilder<{ member_id: number }> => sql`
  select member_id from roll where coop_id = ${coopId} and proposal = ${proposal} and (
    (select outcome ->> 'result' from proposals where coop_id = ${coopId} and slug = ${proposal})
      is distinct from 'withdrawn'
    or (select state in ('sending', 'accepted', 'unknown') from outbox where outbox.member_id = roll.member_id
      and broadcast_id = (select id from broadcasts
        where coop_id = ${coopId} and proposal = ${proposal} and kind = 'notice')))`

/** What is said about a vote; nothing where it is gone, or an outcome that is not there yet. */
export async function draftOf(db: Db, { coopId, proposal, kind }: About & { kind: Broadcast }) {
  const vote = await findVote(db, coopId, proposal)
  return vote && (kind !== 'outcome' || vote.outcome) ? voteWords(kind, vote) : undefined
}

interface Opening {
  readonly charter: Applied
  readonly motion: Motion
  readonly measure: Measure
}

/** Opens a vote: freezes its roll, its rule and its times, and lays out what is sent about it. */
export function openVote(db: Db, opening: Opening): Promise<Vote> {
  const { charter, motion } = opening
  return db.transaction().execute(async (trx) => {
    // One after the other, as whoever makes two numbers one: sorted, the two could wait for each other.
    await lockNow(trx, [rollKey(charter.id)])
    await lockNow(trx, [voteKey(charter.id, motion.slug)])
    await refuseTaken(trx, charter.id, motion.slug)
    const at = await now(trx)
    const roll = await freezeRoll(trx, charter.id, motion.slug, at)
    const vote = planned(opening, roll, at)
    await trx.insertInto('proposals').values(rowOf(vote)).execute()
    if (vote.status === 'notice') await announce(trx, vote, 'notice', at, new Date(vote.opensAt))
    await announce(trx, vote, 'call', new Date(vote.opensAt), new Date(vote.closesAt))
    return vote
  })
}

/** The vote that would be opened now; refused as opening it would be, and nothing is written. */
export async function checkVote(db: Db, opening: Opening): Promise<Vote> {
  const { charter, motion } = opening
  await refuseTaken(db, charter.id, motion.slug)
  const at = await now(db)
  const entitled = await entitledTo(db, charter.id, at).select('id').execute()
  return planned(opening, entitled.length, at)
}

function planned({ charter, motion, measure }: Opening, roll: number, at: Date): Vote {
  const vote = planVote(charter, motion, roll, at.getTime())
  refuseLong(charter, vote, measure)
  return vote
}

interface Ending {
  readonly coop: string
  readonly slug: string
  readonly by: 'clock' | (string & {})
}

/**
 * Closes a vote and counts it; whoever comes second gets the same outcome. The clock closes only what is due. All
 * ballots that were committed count, since their lock is shared and this one is not.
 */
export const closeVote = (db: Db, ending: Ending): Promise<Vote> =>
  alone(db, ending, async (trx, vote, at) => {
    if (vote.status === 'closed' || (ending.by === 'clock' && at < vote.closesAt)) return vote
    if (at < vote.opensAt) {
      throw new VoteRefused(
        `${vote.slug} is not open yet: it opens at ${await clockOf(trx, vote, vote.opensAt)}. To take it back before ` +
          `that: npm run coopline -- vote withdraw ${vote.slug}`,
      )
    }
    const counts = await countBallots(trx, { coop: vote.coop, slug: vote.slug, options: vote.options.length })
    await dropCalls(trx, vote)
    return end(trx, vote, { outcome: tally(counts, vote.rule, vote.roll, vote.quorum), by: ending.by, at })
  })

/**
 * Takes a vote back in its notice, before anyone could have voted; whoever comes second changes nothing. It keeps its
 * slug and its place among the votes.
 */
export const withdrawVote = (db: Db, ending: Ending): Promise<Vote> =>
  alone(db, ending, async (trx, vote, at) => {
    if (vote.outcome?.result === 'withdrawn') return vote
    if (vote.status === 'closed') {
      const closed = await clockOf(trx, vote, vote.closesAt)
      throw new VoteRefused(`${vote.slug} was closed already at ${closed}: what came of it stands.`)
    }
    if (at >= vote.opensAt) {
      throw new VoteRefused(
        `${vote.slug} is open since ${await clockOf(trx, vote, vote.opensAt)}, and ballots may have been counted, so ` +
          `it is not withdrawn. Close it, and its outcome is told: npm run coopline -- vote close ${vote.slug}`,
      )
    }
    await dropAll(trx, vote)
    return end(trx, vote, { outcome: withdrawn(vote), by: ending.by, at })
  })

/** One vote; none where the co-op has no such. */
export async function findVote(db: Kysely<Schema>, coop: string, slug: string): Promise<Vote | undefined> {
  const query = db.selectFrom('proposals').selectAll().where('coop_id', '=', coop).where('slug', '=', slug)
  const row = await query.executeTakeFirst()
  return row && voteOf(row)
}

/** The votes of a co-op, or of all, the newest first. */
export async function listVotes(db: Db, coop?: string): Promise<Vote[]> {
  const all = db.selectFrom('proposals').selectAll().orderBy('noticed_at', 'desc').orderBy('slug')
  const rows = await (coop === undefined ? all : all.where('coop_id', '=', coop)).execute()
  return rows.map(voteOf)
}

/** What the clock has brought. */
export interface VotesRun {
  readonly opened: number
  readonly closed: readonly Vote[]
  /** Those that are due and could not be closed now; the others do not wait for them. */
  readonly unclosed: readonly { readonly coop: string; readonly slug: string; readonly reason: unknown }[]
  /** In how long the next is due; none where that is not known, or one is overdue. */
  readonly inMs?: number
}

/** What the clock brings now: opens and closes what is due, and says in how long the next is. */
export async function runVotes(db: Db): Promise<VotesRun> {
  const opened = await db
    .updateTable('proposals')
    .set({ status: 'open' })
    .where('status', '=', 'notice')
    .where('opens_at', '<=', sql<Date>`coopline_now()`)
    .executeTakeFirst()
  const closed: Vote[] = []
  const unclosed: VotesRun['unclosed'][number][] = []
  for (const due of await dueVotes(db)) {
    try {
      closed.push(await closeVote(db, { ...due, by: 'clock' }))
    } catch (reason) {
      unclosed.push({ ...due, reason })
    }
  }
  const inMs = unclosed.length > 0 ? undefined : await nextInMs(db)
  return { opened: Number(opened.numUpdatedRows), closed, unclosed, ...(inMs !== undefined && { inMs }) }
}

// Ballots of one batch take milliseconds; a closer that waits longer than this has met a transaction that hangs.
const secondsForBallots = 30

/** Changes one vote while nobody casts in it: all who cast hold its lock with others, and this holds it alone. */
function alone(
  db: Db,
  { coop, slug }: Ending,
  change: (trx: Transaction<Schema>, vote: Vote, at: number) => Promise<Vote>,
): Promise<Vote> {
  return db.transaction().execute(async (trx) => {
    await lockNow(trx, [voteKey(coop, slug)], secondsForBallots)
    const vote = await findVote(trx, coop, slug)
    if (!vote) throw new VoteRefused(`${coop} has no vote "${slug}". See "npm run coopline -- vote list".`)
    return change(trx, vote, (await now(trx)).getTime())
  })
}

async function end(
  trx: Transaction<Schema>,
  vote: Vote,
  { outcome, by, at }: { outcome: Outcome; by: string; at: number },
): Promise<Vote> {
  const closedAt = new Date(Math.min(at, vote.closesAt))
  await trx
    .updateTable('proposals')
    .set({ status: 'closed', outcome: JSON.stringify(outcome), closed_at: closedAt, closed_by: by })
    .where('coop_id', '=', vote.coop)
    .where('slug', '=', vote.slug)
    .execute()
  const ended = { ...vote, status: 'closed', closesAt: closedAt.getTime(), outcome } as const
  await announceOutcome(trx, ended, at)
  return ended
}

/** An instant by the clock of the vote's co-op, as an organiser writes it. */
async function clockOf(trx: Transaction<Schema>, { coop }: Vote, instant: number): Promise<string> {
  return clockIn((await charterOf(trx, coop))?.timezone ?? 'UTC', instant)
}

async function refuseTaken(trx: Kysely<Schema>, coop: string, slug: string): Promise<void> {
  const taken = await findVote(trx, coop, slug)
  if (!taken) return
  throw new VoteRefused(
    `${coop} has a vote "${slug}" already, which ${standing(taken)}. Give this one another slug, such as "${slug}-2".`,
  )
}

const standing = ({ status, outcome }: Vote): string =>
  outcome?.result === 'withdrawn' ? 'was withdrawn' : status === 'notice' ? 'is in its notice' : `is ${status}`

const dueVotes = (db: Db) =>
  db
    .selectFrom('proposals')
    .select(['coop_id as coop', 'slug'])
    .where('status', '<>', 'closed')
    .where('closes_at', '<=', sql<Date>`coopline_now()`)
    .orderBy('closes_at')
    .execute()

async function nextInMs(db: Db): Promise<number | undefined> {
  const { rows } = await sql<{ ms: number | null }>`
    select extract(epoch from min(case status when 'notice' then opens_at else closes_at end) - coopline_now())::float8
      * 1000 as ms
    from proposals where status <> 'closed'`.execute(db)
  const ms = rows[0]?.ms ?? undefined
  return ms === undefined ? undefined : Math.max(0, Math.ceil(ms))
}
