// Charters, members and the addresses behind them. Rows of the message's path carry no foreign keys: they cost
// Postgres a quarter of its time there, and every writer holds the member's lock.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table charters (
      coop_id text not null,
      version int not null check (version > 0),
      source text not null,
      applied_at timestamptz not null default coopline_now(),
      primary key (coop_id, version)
    )`.execute(db)
  // The number that a member is told. Drawn before it is known whether she joins, so it has gaps.
  await sql`create sequence member_number start 101`.execute(db)
  await sql`
    create table members (
      id bigint primary key default nextval('member_number'),
      coop_id text not null,
      state text not null check (state in ('invited', 'active', 'left', 'erased')),
      language text not null,
      joined_at timestamptz,
      left_at timestamptz,
      suppressed_at timestamptz,
      erasure_asked_at timestamptz
    )`.execute(db)
  await sql`create index members_of_coop on members (coop_id, state)`.execute(db)
  await sql`create index members_to_erase on members (coop_id) where erasure_asked_at is not null`.execute(db)
  // address_index, person_index: keyed hashes. The address itself is only in its seal; one person (a phone number, or
  // a WhatsApp id without one) has up to two addresses, and all of them share her person_index, which is what is
  // locked. same_as: another name of one WhatsApp person, shown by a webhook that carried both.
  // Drawn with the world, before the rows are written: so a new contact costs no round trip of its own.
  await sql`create sequence contact_number`.execute(db)
  await sql`
    create table contacts (
      id bigint primary key default nextval('contact_number'),
      coop_id text not null,
      address_index bytea not null unique,
      person_index bytea not null,
      address bytea not null,
      channel text not null check (channel in ('sms', 'whatsapp')),
      member_id bigint,
      same_as bigint,
      sender text,
      version int not null default 0,
      snapshot bytea,
      last_inbound_at timestamptz,
      asking_until timestamptz,
      wake_at timestamptz,
      blocked_at timestamptz,
      unreachable_code int
    )`.execute(db)
  await sql`create index contacts_of_person on contacts (person_index)`.execute(db)
  await sql`create index contacts_of_member on contacts (member_id) where member_id is not null`.execute(db)
  await sql`create index contacts_to_wake on contacts (wake_at) where wake_at is not null`.execute(db)
  // Room on each page, so that the update of every message stays on it and touches no index.
  await sql`alter table contacts set (fillfactor = 50)`.execute(db)
}
