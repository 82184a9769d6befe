// Erases what the co-op holds of a member. What stays is under a number that leads nowhere: her ledger of consent,
// closed votes that she was counted in, and medians that were published.
import { sql, type Transaction } from 'kysely'
import { now } from '../../store/clock.ts'
import type { Db } from '../../store/database.ts'
import type { Schema } from '../../store/schema.ts'
import { dropBallots, holdVotes } from '../votes/ballot_queries.ts'
import { type HeldContact, holdMembers } from './queries.ts'

export interface Erased {
  /** The indexes of her addresses, by which something of her may be kept elsewhere. */
  readonly addresses: readonly Buffer[]
  readonly reports: number
}

/** Erases one member; there is no way back. */
export function eraseMember(db: Db, coop: string, id: number): Promise<Erased> {
  return db.transaction().execute(async (trx) => {
    const [held] = await holdMembers(trx, coop, [id])
    if (!held) throw new Error(`Member ${id} was to be held and was not`)
    await holdVotes(trx, [id])
    await dropBallots(trx, id)
    const reports = await trx.deleteFrom('reports').where('member_id', '=', id).executeTakeFirst()
    await forgetMessages(trx, id, held.contacts)
    await forgetAddresses(trx, held.contacts)
    await forgetMember(trx, id)
    const addresses = held.contacts.map(({ address_index }) => address_index)
    return { addresses, reports: Number(reports.numDeletedRows) }
  })
}

async function forgetMessages(
  trx: Transaction<Schema>,
  id: number,
  contacts: readonly HeldContact[],
): Promise<void> {
  const theirs = idsOf(contacts)
  const hers = trx
    .updateTable('outbox')
    .where(({ eb, or }) => or([eb('member_id', '=', id), eb('contact_id', '=', theirs)]))
  // Without its claim, a send that is under way this moment finds that its row is no longer its own.
  await hers
    .set({ state: 'silenced', claim: null })
    .where('state', 'in', ['pending', 'sending', 'unknown'])
    .execute()
  await hers.set({ body: null, contact_id: null }).execute()
  // What lies aside has no contact yet; it is known by the line that it stands in.
  const people = sql<Buffer>`any(${contacts.map(({ person_index }) => person_index)}::bytea[])`
  await trx
    .updateTable('inbound')
    .set({ state: 'given_up', body: null, person_index: null, next_try_at: null })
    .where('state', '=', 'received')
    .where('person_index', '=', people)
    .execute()
  // The ids of her messages stay, so that a repeat still acts on nothing.
  await trx
    .updateTable('inbound')
    .set({ reply: null, confirm_by: null, contact_id: null })
    .where('contact_id', '=', theirs)
    .execute()
}

const idsOf = (contacts: readonly HeldContact[]) => sql<number>`any(${contacts.map(({ id }) => id)}::bigint[])`

const forgetAddresses = (trx: Transaction<Schema>, contacts: readonly HeldContact[]) =>
  trx.deleteFrom('contacts').where('id', '=', idsOf(contacts)).execute()

async function forgetMember(trx: Transaction<Schema>, id: number): Promise<void> {
  const blank = { joined_at: null, suppressed_at: null, erasure_asked_at: null }
  await trx
    .updateTable('members')
    .set({ state: 'erased', left_at: await now(trx), ...blank })
    .where('id', '=', id)
    .execute()
}
