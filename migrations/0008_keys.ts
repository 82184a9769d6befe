// Which keys the rows are sealed with, by fingerprint, so that a lost or foreign key is said at the start and not
// found out at the first row that cannot be read.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table keys (name text primary key, fingerprint bytea not null)`.execute(db)
}
