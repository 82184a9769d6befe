// The row of somebody of whom nothing has been handled yet: made where a name of hers, or an apology to her, needs one.
// It never changes a row that is there. She has just written: from then on it is counted how long she is a stranger.
import { sql } from 'kysely'
import { sealAddress } from '../coop/members/contact_keys.ts'
import type { Db } from '../store/database.ts'
import type { Keys } from '../store/keys.ts'
import { bytesOf, type Sender } from './message.ts'

/** Makes her row; one that is there stays as it is. */
export async function insertContact(db: Db, keys: Keys, sender: Sender): Promise<void> {
  const { coop, address, channel, to } = sender
  const indexes = { address_index: bytesOf(sender.addressIndex), person_index: bytesOf(sender.personIndex) }
  await db
    .insertInto('contacts')
    .values({
      coop_id: coop,
      ...indexes,
      address: sealAddress(keys, address),
      channel,
      sender: to,
      last_inbound_at: sql<Date>`coopline_now()`,
    })
    .onConflict((on) => on.column('address_index').doNothing())
    .execute()
}
