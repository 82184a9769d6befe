// One clock for every deadline. The row is moved only by tests; the start refuses a moved clock beside a real account.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table clock (
      only_row boolean primary key default true check (only_row),
      shift interval not null default '0',
      standing_at timestamptz
    )`.execute(db)
  await sql`insert into clock default values`.execute(db)
  // Volatile on purpose: a step that has waited for a lock must read the time after the lock, not the statement's.
  await sql`
    create function coopline_now() returns timestamptz language sql volatile as
    $$ select coalesce(standing_at, clock_timestamp() + shift) from clock $$`.execute(db)
}
