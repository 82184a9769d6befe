// Calls that reached nobody, since she was outside her 24 hours on WhatsApp or her phone was unreachable: once she has
// texted again, and the vote is still open, her call goes out after all.
import { sql } from 'kysely'
import type { Desk } from '../desk.ts'
import type { Rest, Round } from '../rounds/rounds.ts'

export const missedRound = (desk: Desk): Round => ({
  name: 'missed calls',
  everyMs: 30_000,
  run: () => callAgain(desk),
})

const atOnce = 500

// A row that ended was due when it was looked at last, or a minute later, in which another address was looked for.
export const missed = sql`
  select outbox.id from proposals
  join broadcasts on (broadcasts.coop_id, broadcasts.proposal) = (proposals.coop_id, proposals.slug)
  join outbox on outbox.broadcast_id = broadcasts.id
  where proposals.status = 'open' and broadcasts.kind = 'call' and outbox.state in ('window_closed', 'unreachable')
    and outbox.expires_at > coopline_now() and outbox.sender is not null
    and exists (select from contacts where contacts.member_id = outbox.member_id
      and contacts.last_inbound_at > outbox.next_attempt_at - interval '1 minute')
  limit ${sql.lit(atOnce)} for update of outbox skip locked`

/** Makes the calls due again of those who have texted since they could not be reached. */
export async function callAgain(desk: Desk): Promise<Rest> {
  const { rows } = await sql<{ sender: string }>`
    update outbox set state = 'pending', next_attempt_at = coopline_now(), claim = null
    where id in (${missed}) returning sender`.execute(desk.db)
  for (const sender of new Set(rows.map((row) => row.sender))) desk.ringSender(sender)
  return rows.length === atOnce ? 'more' : 'done'
}
