// What the carrier tells us about an address: that its holder has opted out, that nothing reaches it, that
// something did. Each is written under the locks of whom it is about. It never hears a member: her own STOP is the
// exchange's.
import { sql, type Transaction } from 'kysely'
import type { Db } from '../store/database.ts'
import { lockNow, memberKey, personKey } from '../store/locks.ts'
import type { Schema } from '../store/schema.ts'

/** She has told the carrier to stop: the pair is blocked there, and we begin nothing on any channel of hers. */
export const blockContact = (db: Db, contactId: number): Promise<void> =>
  underLocks(db, contactId, async (trx, memberId) => {
    const now = sql<Date>`coopline_now()`
    await trx
      .updateTable('contacts')
      .set({ blocked_at: now })
      .where('id', '=', contactId)
      .where('blocked_at', 'is', null)
      .execute()
    if (memberId === null) return
    await trx
      .updateTable('members')
      .set({ suppressed_at: now })
      .where('id', '=', memberId)
      .where('suppressed_at', 'is', null)
      .execute()
  })

/** Nothing reaches this address, for a reason that stays. */
export const markUnreachable = (db: Db, contactId: number, code: number): Promise<void> =>
  underLocks(db, contactId, async (trx) => {
    await trx.updateTable('contacts').set({ unreachable_code: code }).where('id', '=', contactId).execute()
  })

/** Something reached it after all. */
export async function markReachable(db: Db, contactId: number): Promise<void> {
  const marked = await db
    .selectFrom('contacts')
    .select('id')
    .where('id', '=', contactId)
    .where('unreachable_code', 'is not', null)
    .executeTakeFirst()
  if (!marked) return
  await underLocks(db, contactId, async (trx) => {
    await trx.updateTable('contacts').set({ unreachable_code: null }).where('id', '=', contactId).execute()
  })
}

type Change = (trx: Transaction<Schema>, memberId: number | null) => Promise<void>

async function underLocks(db: Db, contactId: number, change: Change): Promise<void> {
  const contact = db
    .selectFrom('contacts')
    .select(['person_index as person', 'member_id as memberId'])
    .where('id', '=', contactId)
  await db.transaction().execute(async (trx) => {
    const before = await trx.executeQuery(contact).then(({ rows }) => rows[0])
    if (!before) return
    const keys = [personKey(before.person), ...(before.memberId === null ? [] : [memberKey(before.memberId)])]
    await lockNow(trx, keys)
    // She may have joined while we waited; the lock of her address keeps her as she is from here on.
    const after = await trx.executeQuery(contact).then(({ rows }) => rows[0])
    if (after) await change(trx, after.memberId)
  })
}
