// What the carrier tells us about an address: that its holder has opted out, that nothing reaches it, that
// something did. Each is written under the locks of whom it is about. It never hears a member: her own STOP is the
// exchange's.
import { sql, type Transaction } from 'kysely'
import { reachedAt } from '../../coop/members/reached_queries.ts'
import type { Db } from '../../store/database.ts'
import { lockNow, memberKey, personKey } from '../../store/locks.ts'
import type { Schema } from '../../store/schema.ts'
import { whatToDo } from '../../twilio/errors.ts'

/** Writes down what an error code says of an address, if it says anything, about a send that was begun at `sentAt`. */
export async function heed(db: Db, contactId: number, code: number, sentAt: Date): Promise<void> {
  const { verdict, address } = whatToDo(code)
  if (verdict === 'opted_out') await blockContact(db, contactId, sentAt)
  if (verdict === 'outside_window' || address === 'unreachable') await markUnreachable(db, contactId, code, sentAt)
}

/**
 * She had told the carrier to stop when a send was begun, `sentAt`: the pair is blocked there, and we begin nothing on
 * any channel of hers. What she has written since is newer: it may be her START.
 */
const blockContact = (db: Db, contactId: number, sentAt: Date): Promise<void> =>
  underLocks(db, contactId, async (trx, memberId) => {
    const now = sql<Date>`coopline_now()`
    await trx
      .updateTable('contacts')
      .set({ blocked_at: now })
      .where('id', '=', contactId)
      .where('blocked_at', 'is', null)
      .where(silentSince(sentAt))
      .execute()
    if (memberId === null) return
    const hers = reachedAt(trx, memberId).select('contacts.id')
    await trx
      .updateTable('members')
      .set({ suppressed_at: now })
      .where('id', '=', memberId)
      .where('suppressed_at', 'is', null)
      .where(({ not, exists }) => not(exists(hers.where(not(silentSince(sentAt))))))
      .execute()
  })

/** Nothing reached this address when a send was begun, and nothing will before she writes from it. */
const markUnreachable = (db: Db, contactId: number, code: number, sentAt: Date): Promise<void> =>
  underLocks(db, contactId, async (trx) => {
    await trx
      .updateTable('contacts')
      .set({ unreachable_code: code })
      .where('id', '=', contactId)
      .where(silentSince(sentAt))
      .execute()
  })

// A Date holds no microseconds: the message that was answered is not later than its answer.
const silentSince = (at: Date) => sql<boolean>`coalesce(date_trunc('milliseconds', last_inbound_at) <= ${at}, true)`

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
