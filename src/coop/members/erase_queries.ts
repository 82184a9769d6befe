// Erases what the co-op holds of a member. What stays is under a number that leads nowhere: her ledger of consent,
// closed votes that she was counted in, and medians that were published. The ledger keeps the carrier's ids of her
// messages, since its hashes are over them; whose they were only the carrier can tell, for as long as it keeps them.
import { sql, type Transaction } from 'kysely'
import { now } from '../../store/clock.ts'
import type { Db } from '../../store/database.ts'
import type { Keys } from '../../store/keys.ts'
import { blankReplies } from '../../store/reply_box.ts'
import type { Schema } from '../../store/schema.ts'
import { blankBallots, dropBallots, holdVotes } from '../votes/ballot_queries.ts'
import { type HeldContact, holdMembers } from './queries.ts'

export interface Erased {
  /** The indexes of her addresses, by which something of her may be kept elsewhere. */
  readonly addresses: readonly Buffer[]
  readonly reports: number
  /** Boxes that went with all their replies, of others too, since they did not open. */
  readonly unopened: number
}

/**
 * Erases one member; there is no way back. With the keys the replies to others stay that lie in one box with hers; an
 * erasure is never refused for want of a key.
 */
export function eraseMember(db: Db, keys: Keys | undefined, coop: string, id: number): Promise<Erased> {
  return db.transaction().execute(async (trx) => {
    const [held] = await holdMembers(trx, coop, [id])
    if (!held) throw new Error(`Member ${id} was to be held and was not`)
    await holdVotes(trx, [id])
    await dropBallots(trx, id)
    await blankBallots(trx, id)
    const reports = await trx.deleteFrom('reports').where('member_id', '=', id).executeTakeFirst()
    const contacts = held.contacts.filter(({ is_shared }) => !is_shared)
    const unopened = await forgetReplies(trx, keys, await forgetInbound(trx, contacts))
    await forgetOutbound(trx, id, contacts)
    await forgetAddresses(trx, contacts)
    await leaveToOthers(trx, id)
    await forgetMember(trx, id)
    const addresses = contacts.map(({ address_index }) => address_index)
    return { addresses, reports: Number(reports.numDeletedRows), unopened }
  })
}

/** Where a reply lies: its box, and its place there. */
interface ReplyPlace {
  readonly box: number
  readonly at: number
}

/** Gives where the replies to her lay. */
async function forgetInbound(trx: Transaction<Schema>, contacts: readonly HeldContact[]): Promise<ReplyPlace[]> {
  // What lies aside has no contact yet; it is known by the line that it stands in.
  const people = sql<Buffer>`any(${contacts.map(({ person_index }) => person_index)}::bytea[])`
  await trx
    .updateTable('inbound')
    .set({ state: 'given_up', body: null, person_index: null, next_try_at: null })
    .where('state', '=', 'received')
    .where('person_index', '=', people)
    .execute()
  // The ids of her messages stay, so that a repeat still acts on nothing.
  const { rows } = await sql<{ readonly [part in keyof ReplyPlace]: number | null }>`
    with hers as (
      select sid, reply_box as box, reply_at as at from inbound where contact_id = ${idsOf(contacts)}
      order by sid for update)
    update inbound set reply_box = null, reply_at = null, confirm_by = null, contact_id = null
    from hers where inbound.sid = hers.sid returning box, at`.execute(trx)
  return rows.flatMap(({ box, at }) => (box === null || at === null ? [] : { box, at }))
}

/** Takes hers out of the boxes; gives how many did not open. */
async function forgetReplies(
  trx: Transaction<Schema>,
  keys: Keys | undefined,
  replies: readonly ReplyPlace[],
): Promise<number> {
  const places = Map.groupBy(replies, ({ box }) => box)
  // Locked in one order, and read as they are once locked: another may have been erased from the same box just now.
  const boxes = await trx
    .selectFrom('replies')
    .select(['id', 'sealed'])
    .where('id', '=', sql<number>`any(${[...places.keys()]}::bigint[])`)
    .orderBy('id')
    .forUpdate()
    .execute()
  let unopened = 0
  for (const { id, sealed } of boxes) {
    const rest = blanked(keys, sealed, places.get(id) ?? [])
    if (rest === 'unopened') unopened++
    if (rest instanceof Buffer)
      await trx.updateTable('replies').set({ sealed: rest }).where('id', '=', id).execute()
    else await trx.deleteFrom('replies').where('id', '=', id).execute()
  }
  return unopened
}

// A box whose key is lost, or that is damaged, would keep hers for whoever finds the key. What others lose with it is
// little: a repeat of theirs is answered with silence some days early.
function blanked(keys: Keys | undefined, sealed: Buffer, replies: readonly ReplyPlace[]) {
  if (!keys) return 'unopened'
  try {
    return blankReplies(keys, sealed, new Set(replies.map(({ at }) => at)))
  } catch {
    return 'unopened'
  }
}

// After the messages that came in, in the order of whoever posts the answer to one again: what such a one posted while
// this waited is found too.
async function forgetOutbound(
  trx: Transaction<Schema>,
  id: number,
  contacts: readonly HeldContact[],
): Promise<void> {
  const hers = trx
    .updateTable('outbox')
    .where(({ eb, or }) => or([eb('member_id', '=', id), eb('contact_id', '=', idsOf(contacts))]))
  // Without its claim, a send that is under way this moment finds that its row is no longer its own.
  await hers
    .set({ state: 'silenced', claim: null })
    .where('state', 'in', ['pending', 'sending', 'unknown'])
    .execute()
  await hers.set({ body: null, contact_id: null, carrier_id: null }).execute()
}

const idsOf = (contacts: readonly HeldContact[]) => sql<number>`any(${contacts.map(({ id }) => id)}::bigint[])`

const forgetAddresses = (trx: Transaction<Schema>, contacts: readonly HeldContact[]) =>
  trx.deleteFrom('contacts').where('id', '=', idsOf(contacts)).execute()

/** An address where others are reached too stays theirs. */
async function leaveToOthers(trx: Transaction<Schema>, id: number): Promise<void> {
  await sql`
    update contacts set member_id = (
      select min(member_id) from member_contacts where contact_id = contacts.id and member_id <> ${id})
    where member_id = ${id}`.execute(trx)
  await trx.deleteFrom('member_contacts').where('member_id', '=', id).execute()
}

async function forgetMember(trx: Transaction<Schema>, id: number): Promise<void> {
  const blank = { joined_at: null, suppressed_at: null, erasure_asked_at: null }
  await trx
    .updateTable('members')
    .set({ state: 'erased', left_at: await now(trx), ...blank })
    .where('id', '=', id)
    .execute()
}
