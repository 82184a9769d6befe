// Votes in Postgres: opened and closed in one transaction each, under the vote's own lock. What a ballot is lies in
// `ballot_queries.ts`; what may be opened, and what passes, in `vote.ts` and `tally.ts`.
import { type Kysely, type RawBuilder, type Selectable, sql, type Transaction } from 'kysely'
import { now } from '../../store/clock.ts'
import type { Db } from '../../store/database.ts'
import { lockNow, voteKey } from '../../store/locks.ts'
import type { Schema } from '../../store/schema.ts'
import type { Applied } from '../charter/charter.ts'
import { countBallots } from './ballot_queries.ts'
import type { VoteTables } from './tables.ts'
import { tally } from './tally.ts'
import { type Motion, planVote, type Vote, VoteRefused } from './vote.ts'
import { type Broadcast, type Measure, refuseLong, voteWords } from './words.ts'

interface About {
  readonly coopId: string
  readonly proposal: string
}

/** Who is told about a vote, as the query that the fan-out walks. */
export const recipientsOf = ({ coopId, proposal }: About): RawBuilder<{ member_id: number }> =>
  sql`select member_id from roll where coop_id = ${coopId} and proposal = ${proposal}`

/** What is said about a vote; nothing where it is gone, or an outcome that is not there yet. */
export async function draftOf(db: Db, { coopId, proposal, kind }: About & { kind: Broadcast }) {
  const vote = await findVote(db, coopId, proposal)
  return vote && (kind !== 'outcome' || vote.outcome) ? voteWords(kind, vote) : undefined
}

/** Opens a vote: freezes its roll, its rule and its times, and lays out what is sent about it. */
export function openVote(
  db: Db,
  { charter, motion, measure }: { charter: Applied; motion: Motion; measure: Measure },
): Promise<Vote> {
  return db.transaction().execute(async (trx) => {
    await lockNow(trx, [voteKey(charter.id, motion.slug)])
    await refuseTaken(trx, charter.id, motion.slug)
    const at = await now(trx)
    const roll = await freezeRoll(trx, charter.id, motion.slug, at)
    const vote = planVote(charter, motion, roll, at.getTime())
    refuseLong(charter, vote, measure)
    await trx.insertInto('proposals').values(rowOf(vote)).execute()
    if (vote.status === 'notice') await announce(trx, vote, 'notice', at, new Date(vote.opensAt))
    await announce(trx, vote, 'call', new Date(vote.opensAt), new Date(vote.closesAt))
    return vote
  })
}

/**
 * Closes a vote and counts it; whoever comes second gets the same outcome. The clock closes only what is due. All
 * ballots that were committed count, since their lock is shared and this one is not.
 */
export function closeVote(
  db: Db,
  { coop, slug, by }: { coop: string; slug: string; by: 'clock' | (string & {}) },
): Promise<Vote> {
  return db.transaction().execute(async (trx) => {
    await lockNow(trx, [voteKey(coop, slug)], secondsForBallots)
    const vote = await findVote(trx, coop, slug)
    if (!vote) throw new VoteRefused(`${coop} has no vote "${slug}". See "npm run coopline -- vote list".`)
    const at = (await now(trx)).getTime()
    if (vote.status === 'closed' || (by === 'clock' && at < vote.closesAt)) return vote
    if (at < vote.opensAt) {
      throw new VoteRefused(`${slug} is not open yet: it opens at ${new Date(vote.opensAt).toISOString()}.`)
    }
    return close(trx, vote, by, at)
  })
}

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

/** What the clock brings now: opens and closes what is due, and says in how long the next is. */
export async function runVotes(db: Db): Promise<{ opened: number; closed: Vote[]; inMs?: number }> {
  const opened = await db
    .updateTable('proposals')
    .set({ status: 'open' })
    .where('status', '=', 'notice')
    .where('opens_at', '<=', sql<Date>`coopline_now()`)
    .executeTakeFirst()
  const closed = []
  for (const due of await dueVotes(db)) closed.push(await closeVote(db, { ...due, by: 'clock' }))
  const inMs = await nextInMs(db)
  return { opened: Number(opened.numUpdatedRows), closed, ...(inMs !== undefined && { inMs }) }
}

// Ballots of one batch take milliseconds; a closer that waits longer than this has met a transaction that hangs.
const secondsForBallots = 30
const outcomeIsNewsFor = 7 * 86_400_000

async function close(trx: Transaction<Schema>, vote: Vote, by: string, at: number): Promise<Vote> {
  const counts = await countBallots(trx, { coop: vote.coop, slug: vote.slug, options: vote.options.length })
  const outcome = tally(counts, vote.rule, vote.roll, vote.quorum)
  const closedAt = new Date(Math.min(at, vote.closesAt))
  const change = { status: 'closed', outcome: JSON.stringify(outcome), closed_at: closedAt, closed_by: by } as const
  await trx
    .updateTable('proposals')
    .set(change)
    .where('coop_id', '=', vote.coop)
    .where('slug', '=', vote.slug)
    .execute()
  await dropCalls(trx, vote)
  const closed = { ...vote, status: 'closed', closesAt: closedAt.getTime(), outcome } as const
  await announce(trx, closed, 'outcome', new Date(at), new Date(at + outcomeIsNewsFor))
  return closed
}

const dropCalls = (trx: Transaction<Schema>, vote: Vote) =>
  trx
    .updateTable('broadcasts')
    .set({ state: 'dropped' })
    .where('coop_id', '=', vote.coop)
    .where('proposal', '=', vote.slug)
    .where('state', 'in', ['waiting', 'running'])
    .execute()

const announce = (trx: Transaction<Schema>, vote: Vote, kind: Broadcast, begins: Date, expires: Date) =>
  trx
    .insertInto('broadcasts')
    .values({
      coop_id: vote.coop,
      proposal: vote.slug,
      kind,
      state: 'waiting',
      begins_at: begins,
      expires_at: expires,
      any_hour: vote.anyHour,
    })
    .execute()

async function refuseTaken(trx: Transaction<Schema>, coop: string, slug: string): Promise<void> {
  const taken = await findVote(trx, coop, slug)
  if (!taken) return
  throw new VoteRefused(
    `${coop} has a vote "${slug}" already, which is ${taken.status}. Give this one another slug, such as "${slug}-2".`,
  )
}

async function freezeRoll(trx: Transaction<Schema>, coop: string, slug: string, at: Date): Promise<number> {
  const entitled = trx
    .selectFrom('members')
    .select(({ ref, val }) => [val(coop).as('coop_id'), val(slug).as('proposal'), ref('id').as('member_id')])
    .where('coop_id', '=', coop)
    .where('state', '=', 'active')
    .where('joined_at', '<=', at)
  const { numInsertedOrUpdatedRows: roll = 0n } = await trx
    .insertInto('roll')
    .columns(['coop_id', 'proposal', 'member_id'])
    .expression(entitled)
    .executeTakeFirstOrThrow()
  return Number(roll)
}

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

const voteOf = (row: Selectable<VoteTables['proposals']>): Vote => ({
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

const rowOf = (vote: Vote) => ({
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
