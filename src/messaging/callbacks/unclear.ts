// Sends of which nobody knows whether they happened: searched for in the carrier's list, twice, and only then sent
// again, by the rule of their class. Twilio has no idempotency key, so a send is never repeated before it was
// looked for.
import { sql } from 'kysely'
import { type Channel, readAddress } from '../../coop/members/address.ts'
import { unsealAddress } from '../../coop/members/contact_keys.ts'
import { rankOf } from '../../twilio/status.ts'
import type { Desk } from '../desk.ts'
import { unsealBody } from '../outbox/outbox.ts'
import type { Rest, Round } from '../rounds/rounds.ts'
import type { OutboxClass } from '../tables.ts'

interface Unclear {
  readonly id: number
  readonly coopId: string
  readonly class: OutboxClass
  readonly broadcastId: number | null
  readonly body: Buffer | null
  readonly sender: string
  readonly searches: number
  readonly claimedAt: Date
  readonly address: Buffer | null
  readonly channel: Channel
}

const atOnce = 20

export const unclearRound = (desk: Desk): Round => ({
  name: 'unclear',
  everyMs: desk.timing.sweep,
  run: () => resolveUnclear(desk),
})

/** Finds claims that nobody finished, and searches for what is unclear for long enough. */
export async function resolveUnclear(desk: Desk): Promise<Rest> {
  await takeFromTheDead(desk)
  const due = await listDue(desk)
  let resolved = 0
  for (const row of due) if (await resolve(desk, row)) resolved++
  return resolved === atOnce ? 'more' : 'done'
}

/** A process that claimed a row and is not heard of: its claim is void, and what it did is to be found out. */
async function takeFromTheDead(desk: Desk): Promise<void> {
  await sql`
    update outbox set state = 'unknown', claim = null
    where state = 'sending' and claimed_at < coopline_now() - make_interval(secs => ${desk.timing.sending / 1000})
  `.execute(desk.db)
  // What could not be found out while it mattered is not tried for ever.
  await sql`
    update outbox set state = 'failed'
    where state = 'unknown' and claimed_at < coopline_now() - interval '1 day'`.execute(desk.db)
}

// Searches are counted on over all tries: 0 and 1 belong to the first, 2 and 3 to the second.
async function listDue(desk: Desk): Promise<Unclear[]> {
  const { unclearSearch, unclearAgain } = desk.timing
  const { rows } = await sql<Unclear>`
    select outbox.id, outbox.coop_id as "coopId", class, broadcast_id as "broadcastId", body, outbox.sender,
      searches, claimed_at as "claimedAt", contacts.address, contacts.channel
    from outbox left join contacts on contacts.id = contact_id
    where outbox.state = 'unknown' and outbox.next_attempt_at <= coopline_now()
      and claimed_at < coopline_now() - make_interval(secs => case
        when searches % 2 = 0 then ${unclearSearch / 1000}::float8 else ${unclearAgain / 1000}::float8 end)
    order by claimed_at limit ${atOnce}`.execute(desk.db)
  return rows
}

async function resolve(desk: Desk, row: Unclear): Promise<boolean> {
  try {
    const found = row.address && (await findAtCarrier(desk, row, row.address))
    if (found) await adopt(desk, row, found)
    else await giveBack(desk, row)
    return true
  } catch (error) {
    // The list, or this row, could not be read: nothing is known, so nothing is decided, and the others come first.
    desk.log.warn({ event: 'search_failed', outbox: row.id, error })
    await putOff(desk, row.id)
    return false
  }
}

async function putOff(desk: Desk, id: number): Promise<void> {
  await sql`
    update outbox set next_attempt_at = coopline_now() + interval '1 minute'
    where id = ${id} and state = 'unknown'`.execute(desk.db)
}

interface Found {
  readonly providerId: string
  readonly status: string
}

async function findAtCarrier(desk: Desk, row: Unclear, sealed: Buffer): Promise<Found | undefined> {
  const [from, to] = [readAddress(row.sender), unsealAddress(desk.keys, sealed)]
  if (!from) throw new Error(`Row ${row.id} of the outbox has no sender of ours`)
  for (const body of await textsOf(desk, row)) {
    // The carrier's clock may be behind ours; but an equal text of a moment before must not hide this one.
    for (const since of [new Date(row.claimedAt.getTime() - 10_000), row.claimedAt]) {
      const found = await desk.carrier.find({ from, to, since, body, replies: false })
      if (found && (await isNobodys(desk, row.id, found.providerId))) return found
      if (!found) break
    }
  }
  return undefined
}

/** Its own text; of a broadcast every one, since she may have changed her language since, and the co-op its own. */
async function textsOf(desk: Desk, { body, broadcastId, channel, coopId }: Unclear): Promise<readonly string[]> {
  if (body) return [unsealBody(desk.keys, body)]
  if (broadcastId === null) return []
  const { languages = [] } = desk.charters.byId(coopId) ?? {}
  // An older version kept no words of what it sent: today's are kept for it.
  await Promise.all(languages.map((language) => desk.texts.of(broadcastId, language, channel)))
  return desk.texts.allOf(broadcastId, channel)
}

async function isNobodys(desk: Desk, id: number, carrierId: string): Promise<boolean> {
  const other = await desk.db
    .selectFrom('outbox')
    .select('id')
    .where('carrier_id', '=', carrierId)
    .where('id', '<>', id)
    .executeTakeFirst()
  return !other
}

async function adopt(desk: Desk, row: Unclear, { providerId, status }: Found): Promise<void> {
  await desk.db
    .updateTable('outbox')
    .set({ state: rankOf(status) === rankOf('failed') ? 'failed' : 'accepted', sent_at: row.claimedAt })
    .set({ carrier_id: providerId, status, status_rank: rankOf(status) })
    .where('id', '=', row.id)
    .where('state', '=', 'unknown')
    .execute()
}

/**
 * It was not there. An answer goes again after one empty search; what we begin after two, and only once: after
 * four it is given up, since a member who is called thrice is worse off than one who is told at the next text.
 */
async function giveBack(desk: Desk, row: Unclear): Promise<void> {
  const searches = row.searches + 1
  const isAnswer = row.class === 'answer' || row.class === 'reminder'
  const again = isAnswer || searches % 2 === 0
  const state = searches >= 4 ? 'failed' : again ? 'pending' : 'unknown'
  const now = sql<Date>`coopline_now()`
  const { numUpdatedRows } = await desk.db
    .updateTable('outbox')
    .set({ state, searches: state === 'pending' ? searches + (searches % 2) : searches })
    .set(state === 'pending' ? { next_attempt_at: now } : {})
    .where('id', '=', row.id)
    .where('state', '=', 'unknown')
    .where('searches', '=', row.searches)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return
  desk.log.warn({ event: 'send_not_found', outbox: row.id, coop: row.coopId, searches, state })
  if (state === 'pending') desk.ringSender(row.sender)
}
