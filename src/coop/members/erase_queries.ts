// Erases what the co-op holds of a member. What stays is under a number that leads nowhere: her ledger of consent,
// closed votes that she was counted in, and medians that were published.
import type { Transaction } from 'kysely'
import { now } from '../../store/clock.ts'
import type { Db } from '../../store/database.ts'
import type { Schema } from '../../store/schema.ts'
import { dropBallots, holdVotes } from '../votes/ballot_queries.ts'
import { holdMembers } from './queries.ts'

export interface Erased {
  readonly addresses: number
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
    return { addresses: held.contacts.length, reports: Number(reports.numDeletedRows) }
  })
}

async function forgetMessages(trx: Transaction<Schema>, id: number, contacts: readonly number[]): Promise<void> {
  const hers = trx
    .updateTable('outbox')
    .where(({ eb, or }) =>
      or([eb('member_id', '=', id), ...(contacts.length > 0 ? [eb('contact_id', 'in', contacts)] : [])]),
    )
  // Without its claim, a send that is under way this moment finds that its row is no longer its own.
  await hers
    .set({ state: 'silenced', claim: null })
    .where('state', 'in', ['pending', 'sending', 'unknown'])
    .execute()
  await hers.set({ body: null, contact_id: null }).execute()
  if (contacts.length === 0) return
  const inbound = trx.updateTable('inbound').where('contact_id', 'in', contacts)
  await inbound.set({ state: 'given_up', body: null, person_index: null }).where('state', '=', 'received').execute()
  // The ids of her messages stay, so that a repeat still acts on nothing.
  await inbound.set({ reply: null, body: null, confirm_by: null, contact_id: null }).execute()
}

// Her WhatsApp id may stand beside her number as another name of it: it goes too.
async function forgetAddresses(trx: Transaction<Schema>, contacts: readonly number[]): Promise<void> {
  if (contacts.length === 0) return
  await trx
    .deleteFrom('contacts')
    .where(({ eb, or }) => or([eb('id', 'in', contacts), eb('same_as', 'in', contacts)]))
    .execute()
}

async function forgetMember(trx: Transaction<Schema>, id: number): Promise<void> {
  const blank = { joined_at: null, suppressed_at: null, erasure_asked_at: null }
  await trx
    .updateTable('members')
    .set({ state: 'erased', left_at: await now(trx), ...blank })
    .where('id', '=', id)
    .execute()
}
