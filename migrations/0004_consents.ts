// The ledger of consent: one hash chain per member, appended under her lock, never changed.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table consent_events (
      member_id bigint not null,
      n int not null check (n > 0),
      coop_id text not null,
      action text not null check (action in ('given', 'refused', 'withdrawn')),
      purpose text not null,
      notice_version int not null,
      notice_hash bytea not null,
      language text not null,
      channel text not null,
      message_id text not null,
      receipt text not null,
      at timestamptz not null,
      previous_hash bytea not null,
      hash bytea not null,
      primary key (member_id, n)
    )`.execute(db)
  await sql`create index consent_events_of_coop on consent_events (coop_id, purpose)`.execute(db)
  await sql`create unique index consent_receipts on consent_events (coop_id, receipt)`.execute(db)
  await sql`
    create function refuse_change() returns trigger language plpgsql as
    $$ begin raise exception 'the consent ledger is append-only: % is refused', tg_op; end $$`.execute(db)
  await sql`
    create trigger consent_events_stay before update or delete on consent_events
    for each row execute function refuse_change()`.execute(db)
  await sql`
    create trigger consent_events_stay_whole before truncate on consent_events
    for each statement execute function refuse_change()`.execute(db)
}
