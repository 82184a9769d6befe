// How many connections wait for a lock.
import { type Kysely, sql } from 'kysely'
import type { Schema } from '../../src/store/schema.ts'

/** The connections to this database that wait for a lock of another at this moment. */
export async function lockWaits(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
  return rows.length
}
