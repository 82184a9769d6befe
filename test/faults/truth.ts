// Gathers what a run has left: the rows of Postgres and the carrier's own list, in the checker's words.
import { type Selectable, sql } from 'kysely'
import { expect } from 'vitest'
import { unsealAddress } from '../../src/coop/members/contact_keys.ts'
import { unsealReplies } from '../../src/store/reply_box.ts'
import type { Schema } from '../../src/store/schema.ts'
import { messageTwiml } from '../../src/twilio/twiml.ts'
import { type Truth, violations } from './checker.ts'
import { length, until } from './lengths.ts'
import { sayOf } from './phones.ts'
import type { FaultStage } from './stage.ts'

/** All that the checker looks at. */
export async function gatherTruth(stage: FaultStage): Promise<Truth> {
  const { db, phones, carrier } = stage
  const [messages, consents, ballots, reports, votes, outbox] = await Promise.all([
    messagesOf(stage),
    db.selectFrom('consent_events').selectAll().execute(),
    db.selectFrom('ballots').selectAll().execute(),
    db.selectFrom('reports').select(['member_id as member', 'message_id as sid']).execute(),
    db.selectFrom('proposals').select(['slug', 'status', 'outcome']).execute(),
    outboxOf(stage),
  ])
  return {
    posts: phones.posts,
    messages,
    consents,
    ballots: ballots.map((row) => ({
      vote: row.proposal,
      member: row.member_id,
      option: row.option,
      sid: row.message_id,
    })),
    reports,
    votes: votes.map(({ slug, status, outcome }) => ({
      slug,
      closed: status === 'closed',
      counts: outcome?.counts ?? [],
    })),
    outbox,
    carried: carrier.messages
      .list({})
      .filter(({ direction }) => direction === 'outbound-api')
      .map(({ sid, to, body, status }) => ({ id: sid, to, body, failed: status === 'failed' })),
  }
}

/** Waits until nothing is under way, and holds everything against every promise. */
export async function expectSafe(stage: FaultStage): Promise<Truth> {
  await untilQuiet(stage)
  const truth = await gatherTruth(stage)
  expect(violations(truth)).toEqual([])
  return truth
}

/** Nothing is put aside, nothing waits to be sent and nothing is unclear. */
export async function untilQuiet(stage: FaultStage, forMs = length(30_000, 120_000)): Promise<void> {
  try {
    await until('everything is sent and stepped', async () => (await leftIn(stage)).length === 0, forMs)
  } catch (error) {
    const left = (await leftIn(stage)).map((each) => JSON.stringify(each))
    throw new Error(`${error instanceof Error ? error.message : error}; left: ${left.join(' ')}`)
  }
  await stage.carrier.settled()
}

/** What is still under way, counted by its kind. */
async function leftIn({ db }: FaultStage) {
  const { rows } = await sql<{ what: string; state: string; count: number; tries: number }>`
    select what, state, count(*)::int as count, max(tries)::int as tries from (
      select 'message' as what, state, tries from inbound where state = 'received' union all
      select kind, state, 0 from broadcasts
        where state in ('waiting', 'running') and begins_at <= coopline_now() union all
      select class, state, searches from outbox where state in ('pending', 'sending', 'unknown')
        and next_attempt_at <= coopline_now() + interval '1 hour') as everything
    group by what, state`.execute(db)
  return rows
}

async function messagesOf({ db, keys }: FaultStage) {
  const kept = await db.selectFrom('replies').select(['id', 'sealed']).execute()
  const boxes = new Map(kept.map(({ id, sealed }) => [id, unsealReplies(keys, sealed)]))
  const rows = await db
    .selectFrom('inbound')
    .leftJoin('contacts', 'contacts.id', 'inbound.contact_id')
    .select(['sid', 'state', 'reply_box', 'reply_at', 'states_fact', 'contacts.member_id'])
    .execute()
  const replyOf = (box: number | null, at: number | null) => boxes.get(box ?? 0)?.[at ?? 0]
  return rows.map(({ sid, state, reply_box, reply_at, states_fact, member_id }) => ({
    sid,
    state,
    // As it stands in the answer, where XML writes some characters in its own way.
    reply: inXml(replyOf(reply_box, reply_at)),
    statesFact: states_fact,
    member: member_id ?? undefined,
  }))
}

const inXml = (text: string | undefined) => (text ? sayOf({ twiml: messageTwiml(text) }) : undefined)

type OutboxRow = Pick<Selectable<Schema['outbox']>, 'id' | 'class' | 'state' | 'attempts' | 'carrier_id'>

async function outboxOf({ db, keys }: FaultStage) {
  const rows: (OutboxRow & { address: Buffer | null })[] = await db
    .selectFrom('outbox')
    .leftJoin('contacts', 'contacts.id', 'outbox.contact_id')
    .select(['outbox.id', 'class', 'state', 'attempts', 'carrier_id', 'contacts.address'])
    .execute()
  return rows.map((row) => ({
    id: row.id,
    class: row.class,
    state: row.state,
    attempts: row.attempts,
    carrierId: row.carrier_id ?? undefined,
    to: row.address ? unsealAddress(keys, row.address) : '',
  }))
}
