// What must be sent: the queue of record. A job in Redis only says that a sender has due rows here.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // The rate of each sender, over all workers: a claim takes its segments from here in the same statement.
  await sql`
    create table senders (
      address text primary key,
      coop_id text not null,
      rate real not null check (rate > 0),
      tokens real not null,
      refilled_at timestamptz not null,
      stopped_at timestamptz,
      stopped_code int
    )`.execute(db)
  await sql`
    create table broadcasts (
      id bigint generated always as identity primary key,
      coop_id text not null,
      proposal text not null,
      kind text not null check (kind in ('notice', 'call', 'outcome')),
      state text not null check (state in ('waiting', 'running', 'done', 'dropped')),
      begins_at timestamptz not null,
      expires_at timestamptz not null,
      any_hour boolean not null,
      -- the last member whose row has been made: a kill between two chunks goes on from here
      cursor bigint not null default 0,
      unique (coop_id, proposal, kind)
    )`.execute(db)
  await sql`create index broadcasts_due on broadcasts (begins_at) where state in ('waiting', 'running')`.execute(db)
  // One recipient of one broadcast is one row, whatever crashes between: the key refuses a second.
  await sql`
    create table outbox (
      id bigint generated always as identity primary key,
      coop_id text not null,
      contact_id bigint,
      -- of a reminder: how her contact stood when it was made; once it has moved on, the question is no longer open
      contact_version int,
      member_id bigint,
      class text not null check (class in ('answer', 'reminder', 'notice', 'call', 'outcome')),
      broadcast_id bigint,
      inbound_sid text unique,
      sender text,
      body bytea,
      segments smallint not null default 1,
      priority smallint not null,
      state text not null check (state in
        ('pending', 'sending', 'accepted', 'unknown', 'failed', 'expired', 'silenced', 'window_closed', 'unreachable')),
      next_attempt_at timestamptz not null,
      expires_at timestamptz not null,
      attempts smallint not null default 0,
      claim uuid,
      claimed_at timestamptz,
      searches smallint not null default 0,
      carrier_id text,
      status text,
      status_rank smallint not null default -1,
      error_code int,
      sent_at timestamptz,
      created_at timestamptz not null,
      unique (broadcast_id, member_id),
      check (state not in ('pending', 'sending', 'unknown') or sender is not null)
    )`.execute(db)
  await sql`
    create index outbox_due on outbox (sender, priority, next_attempt_at) where state = 'pending'`.execute(db)
  await sql`create index outbox_unclear on outbox (claimed_at) where state in ('sending', 'unknown')`.execute(db)
  await sql`create index outbox_by_carrier_id on outbox (carrier_id) where carrier_id is not null`.execute(db)
  // A callback may come before the answer that tells the carrier's id, or twice, or late: each is kept once.
  await sql`
    create table status_events (
      carrier_id text not null,
      status text not null,
      error_code int,
      seen_at timestamptz not null,
      primary key (carrier_id, status)
    )`.execute(db)
}
