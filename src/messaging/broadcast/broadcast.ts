// Makes one outbox row for each recipient of each broadcast that is due, five hundred at a time, and goes on where
// a kill left off. It does not know what makes somebody a recipient: that is a query handed in.
import { type Expression, type RawBuilder, sql, type Transaction } from 'kysely'
import type { Applied } from '../../coop/charter/charter.ts'
import { spokenWith } from '../../coop/charter/spoken.ts'
import { channelOf } from '../../coop/members/address.ts'
import { failpoint } from '../../failpoint.ts'
import type { Schema } from '../../store/schema.ts'
import { type Desk, senderOn } from '../desk.ts'
import { priorityOf } from '../outbox/outbox.ts'
import type { Rest, Round } from '../rounds/rounds.ts'
import { type Costs, costsOf } from './costs.ts'
import type { Broadcast } from './texts.ts'

/** A query of the members that a broadcast is for, one column `member_id`, each once. */
export type Recipients = (broadcast: Broadcast) => Expression<{ member_id: number }>

interface Due extends Broadcast {
  readonly expired: boolean
  readonly waitMs: number
}

const chunkSize = 500

/** The name of the round: what is rung when a broadcast has been put in. */
export const broadcasts = 'broadcasts'

export const broadcastRound = (desk: Desk, recipients: Recipients): Round => ({
  name: broadcasts,
  everyMs: desk.timing.sweep,
  run: () => fanOut(desk, recipients),
})

/** One chunk of the first due broadcast that no other worker is at; one that fails does not stop the others. */
export async function fanOut(desk: Desk, recipients: Recipients): Promise<Rest> {
  const waiting = await listWaiting(desk)
  const failed: unknown[] = []
  for (const due of waiting.filter(({ waitMs }) => waitMs <= 0)) {
    try {
      if (await fanOutOne(desk, due, recipients)) return 'more'
    } catch (error) {
      failed.push(error)
    }
  }
  if (failed.length > 0) throw failed[0]
  const next = waiting.find(({ waitMs }) => waitMs > 0)
  return next ? { inMs: Math.ceil(next.waitMs) } : 'done'
}

/** Whether a chunk was made; not where another worker is at it. */
async function fanOutOne(desk: Desk, due: Due, recipients: Recipients): Promise<boolean> {
  const charter = desk.charters.byId(due.coopId)
  if (!charter) throw new Error(`Broadcast ${due.id} is due at ${due.coopId}, which has no charter; apply one`)
  const costs: Costs = due.expired ? new Map() : await costsOf(desk, charter, due.id)
  const made = await desk.db.transaction().execute(async (trx) => {
    if (!(await lockBroadcast(trx, due.id))) return false
    if (due.expired) await setState(trx, due.id, 'dropped')
    else await placeChunk({ trx, due, charter, costs, recipients: recipients(due) })
    failpoint('before_chunk_commit')
    return true
  })
  failpoint('after_chunk')
  if (made) for (const { address } of charter.senders) desk.ringSender(address)
  return made
}

async function listWaiting(desk: Desk): Promise<Due[]> {
  const { rows } = await sql<Due>`
    select id, coop_id as "coopId", proposal, kind, expires_at <= now as expired,
      (extract(epoch from begins_at - now) * 1000)::float8 as "waitMs"
    from broadcasts, (select coopline_now() as now offset 0) as instant
    where state in ('waiting', 'running') order by begins_at, id limit 50`.execute(desk.db)
  return rows
}

async function lockBroadcast(trx: Transaction<Schema>, id: number): Promise<boolean> {
  const { rows } = await sql`
    select from broadcasts where id = ${id} and state in ('waiting', 'running') for update skip locked`.execute(trx)
  return rows.length > 0
}

interface Chunk {
  readonly trx: Transaction<Schema>
  readonly due: Due
  readonly charter: Applied
  readonly costs: Costs
  readonly recipients: Expression<{ member_id: number }>
}

async function placeChunk(chunk: Chunk): Promise<void> {
  const { trx, due, recipients } = chunk
  const last = await insertChunk(chunk)
  if (last !== undefined) {
    await trx.updateTable('broadcasts').set({ state: 'running', cursor: last }).where('id', '=', due.id).execute()
  } else if (await isWhole(trx, due.id, recipients)) {
    await setState(trx, due.id, 'done')
  } else {
    // Somebody behind the cursor has no row: from the start again, which the key makes harmless.
    await trx.updateTable('broadcasts').set({ cursor: 0 }).where('id', '=', due.id).execute()
  }
}

/** Makes the rows of the next recipients; the last of them, or nothing where there are no more. */
async function insertChunk({ trx, due, charter, costs, recipients }: Chunk): Promise<number | undefined> {
  const { rows } = await sql<{ last: number | null }>`
    with broadcast as materialized (select * from broadcasts where id = ${due.id}),
    chunk as materialized (
      select member_id from (${recipients}) as recipients
      where member_id > (select cursor from broadcast) order by member_id limit ${chunkSize}
    ), ${placing(charter, costs)}, made as (
      insert into outbox (coop_id, contact_id, member_id, class, broadcast_id, sender, segments, priority, state,
        next_attempt_at, expires_at, created_at)
      select broadcast.coop_id, contact_id, member_id, broadcast.kind, broadcast.id, sender, segments,
        ${priorityOf[due.kind]}, case when silent then 'silenced' when sender is null then 'unreachable'
          else 'pending' end, instant.now, broadcast.expires_at, instant.now
      from placed, broadcast, (select coopline_now() as now offset 0) as instant
      order by member_id on conflict (broadcast_id, member_id) do nothing
    )
    select max(member_id) as last from chunk`.execute(trx)
  return rows[0]?.last ?? undefined
}

/**
 * Each of the chunk at the address where she wrote last and can be reached, with what a text costs there. Where she is
 * known on WhatsApp alone, and only SMS has a sender, the claim finds her number.
 */
function placing(charter: Applied, costs: Costs): RawBuilder<unknown> {
  const first = costs.get(spokenWith(charter)) ?? 1
  const senders = charter.senders.map(({ address }) => address)
  const sms = senderOn(charter, 'sms') ?? null
  return sql`
    cost as (
      select * from unnest(${[...costs.keys()]}::text[], ${[...costs.values()]}::int[]) as cost (language, sms)
    ), placed as (
      select chunk.member_id, contact.id as contact_id,
        case when contact.channel = 'sms' then coalesce(cost.sms, ${first}) else 1 end as segments,
        case when contact.id is null then null
          when contact.sender = any(${senders}::text[]) then contact.sender
          when contact.channel = 'sms' then ${sms}::text
          else ${senderOn(charter, 'whatsapp') ?? sms}::text end as sender,
        coalesce(members.suppressed_at is not null or members.state in ('left', 'erased'), true) as silent
      from chunk left join members on members.id = chunk.member_id
      left join cost on cost.language = members.language
      left join lateral (
        select id, channel, sender from member_contacts as hers join contacts on contacts.id = hers.contact_id
        where hers.member_id = chunk.member_id
        order by channel = any(${senders.map(channelOf)}::text[]) desc,
          blocked_at is null and unreachable_code is null desc, last_inbound_at desc nulls last, id limit 1
      ) as contact on true
    )`
}

/** Whether everyone has a row: nobody is missed, whatever was killed when. */
async function isWhole(
  trx: Transaction<Schema>,
  id: number,
  recipients: Expression<{ member_id: number }>,
): Promise<boolean> {
  const { rows } = await sql`
    select from (${recipients}) as recipients where not exists (
      select from outbox where outbox.broadcast_id = ${id} and outbox.member_id = recipients.member_id)
    limit 1`.execute(trx)
  return rows.length === 0
}

const setState = (trx: Transaction<Schema>, id: number, state: 'done' | 'dropped') =>
  trx.updateTable('broadcasts').set({ state }).where('id', '=', id).execute()
