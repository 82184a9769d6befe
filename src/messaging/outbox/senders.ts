// The co-ops' own addresses as the outbox knows them: how fast each may send, and whether it has been stopped. It
// never sends; `claim.ts` fills their buckets, and takes from them.
import { sql } from 'kysely'
import type { Charter } from '../../coop/charter/charter.ts'
import type { Db } from '../../store/database.ts'

/** Gives the senders of a charter their rates; new ones begin with a full second, old ones keep what they have. */
export async function enrolSenders(db: Db, charter: Pick<Charter, 'id' | 'senders'>): Promise<void> {
  const rows = charter.senders.map(({ address, rate }) => ({
    address,
    coop_id: charter.id,
    rate,
    tokens: rate,
    refilled_at: sql<Date>`clock_timestamp()`,
  }))
  await db
    .insertInto('senders')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .column('address')
        .doUpdateSet(({ ref }) => ({ coop_id: ref('excluded.coop_id'), rate: ref('excluded.rate') }))
        .where(sql<boolean>`(senders.coop_id, senders.rate) is distinct from (excluded.coop_id, excluded.rate)`),
    )
    .execute()
}

export interface SenderRow {
  readonly address: string
  readonly coopId: string
}

/** All senders, also those of a charter's older versions: rows may still wait for them. */
export const listSenders = (db: Db): Promise<SenderRow[]> =>
  db.selectFrom('senders').select(['address', 'coop_id as coopId']).orderBy('address').execute()

/** The senders that the carrier has stopped, and with which error. */
export const stoppedSenders = (db: Db): Promise<(SenderRow & { readonly code: number | null })[]> =>
  db
    .selectFrom('senders')
    .select(['address', 'coop_id as coopId', 'stopped_code as code'])
    .where('stopped_at', 'is not', null)
    .orderBy('address')
    .execute()

/** The carrier does not know us on this sender: nothing more is sent, but one try in five minutes. */
export async function stopSender(db: Db, address: string, code: number): Promise<void> {
  await db
    .updateTable('senders')
    .set({ stopped_at: sql<Date>`clock_timestamp()`, stopped_code: code })
    .where('address', '=', address)
    .execute()
}

/** The carrier asked for a pause: the bucket falls so far below empty that it takes that long to fill. */
export async function slowSender(db: Db, address: string, seconds: number): Promise<void> {
  const debt = sql<number>`least(tokens, -rate * ${Math.min(seconds, 300)}::real)`
  await db
    .updateTable('senders')
    .set({ tokens: debt, refilled_at: sql<Date>`clock_timestamp()` })
    .where('address', '=', address)
    .execute()
}
