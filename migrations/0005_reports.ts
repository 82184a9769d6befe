// Reports, with every version of each, and the medians that are published from them.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // The current version under a key is the highest. What is undone before it joins the pool is deleted.
  await sql`
    create table reports (
      member_id bigint not null,
      form text not null,
      key text not null,
      version int not null check (version > 0),
      coop_id text not null,
      week date not null,
      cell text not null,
      values jsonb not null,
      figures jsonb not null,
      made_at timestamptz not null,
      pool_at timestamptz not null,
      message_id text not null,
      primary key (member_id, form, key, version)
    )`.execute(db)
  await sql`create index reports_of_week on reports (coop_id, form, week)`.execute(db)
  // What a member may hear: computed by the worker from reports in the pool whose consent is in force.
  await sql`
    create table insights (
      coop_id text not null,
      form text not null,
      week date not null,
      cell text not null,
      median bigint not null,
      members int not null,
      published_at timestamptz not null,
      primary key (coop_id, form, week, cell)
    )`.execute(db)
}
