// Every message that came in, by the carrier's id: the only guard against a repeat, so it outlives its body by far.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // body, person_index: only of a message that was put aside, until it is handled; turn: where it stands in the line
  // of that person, in the order in which hers were put aside. reply: what she was answered, for 7 days. states_fact:
  // its answer asked for a callback, and so does the repeat of it. confirm_by: when the answer states a fact and no
  // callback has said that it arrived, a worker looks from then on.
  await sql`create sequence inbound_turn`.execute(db)
  await sql`
    create table inbound (
      sid text primary key,
      coop_id text not null,
      contact_id bigint,
      state text not null check (state in ('handled', 'received', 'given_up')),
      body bytea,
      person_index bytea,
      turn bigint,
      reply bytea,
      received_at timestamptz not null,
      states_fact boolean not null default false,
      confirm_by timestamptz,
      tries smallint not null default 0,
      next_try_at timestamptz,
      check ((state = 'received') = (body is not null)),
      check ((state = 'received') = (person_index is not null)),
      check (state <> 'received' or turn is not null)
    )`.execute(db)
  await sql`create index inbound_put_aside on inbound (next_try_at) where state = 'received'`.execute(db)
  // Asked at every message whether an older one of hers lies aside: nearly always empty.
  await sql`create index inbound_in_line on inbound (person_index, turn) where state = 'received'`.execute(db)
  await sql`create index inbound_unconfirmed on inbound (confirm_by) where confirm_by is not null`.execute(db)
  // Found by the hourly retention; correlated with the heap, so a few pages serve millions of rows.
  await sql`create index inbound_by_time on inbound using brin (received_at)`.execute(db)
}
