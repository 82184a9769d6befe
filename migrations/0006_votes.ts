// Proposals, their rolls and ballots.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // Everything that decides the outcome is frozen here when the vote is opened: a later charter cannot change it.
  await sql`
    create table proposals (
      coop_id text not null,
      slug text not null,
      kind text not null,
      charter_version int not null,
      title jsonb not null,
      text jsonb not null,
      more jsonb,
      options jsonb not null,
      rule jsonb not null,
      binding boolean not null,
      any_hour boolean not null,
      roll_count int not null,
      quorum int not null,
      status text not null check (status in ('notice', 'open', 'closed')),
      noticed_at timestamptz not null,
      opens_at timestamptz not null,
      closes_at timestamptz not null,
      closed_at timestamptz,
      closed_by text,
      outcome jsonb,
      primary key (coop_id, slug),
      check (opens_at < closes_at),
      check ((status = 'closed') = (outcome is not null and closed_at is not null))
    )`.execute(db)
  await sql`create index proposals_due on proposals (closes_at) where status <> 'closed'`.execute(db)
  // Who was entitled when it began; erasing a member keeps her line, under a number that leads nowhere.
  await sql`
    create table roll (
      coop_id text not null,
      proposal text not null,
      member_id bigint not null,
      primary key (coop_id, proposal, member_id)
    )`.execute(db)
  await sql`create index roll_of_member on roll (member_id)`.execute(db)
  // One member, one ballot: the last before the close counts, so a new one replaces the old.
  await sql`
    create table ballots (
      coop_id text not null,
      proposal text not null,
      member_id bigint not null,
      option smallint not null check (option > 0),
      cast_at timestamptz not null,
      message_id text not null,
      primary key (coop_id, proposal, member_id)
    )`.execute(db)
}
