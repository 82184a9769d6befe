// The replies of one batch lie together in one seal, a box: a seal for each took a twentieth of what a message costs a
// process.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // Not compressed, since what is sealed does not shrink.
  await sql`
    create table replies (
      id bigint generated always as identity primary key,
      sealed bytea not null,
      made_at timestamptz not null
    )`.execute(db)
  await sql`alter table replies alter column sealed set storage external`.execute(db)
  // Found by the hourly retention. Not BRIN as for messages: the pages of old boxes are filled again with new ones.
  await sql`create index replies_by_time on replies (made_at)`.execute(db)
  // reply_box: the box with what she was answered, reply_at: its place there, from 0. No foreign key: it would cost a
  // look at each message, and a message outlives its box by a year; where the box is gone the reply is forgotten.
  await sql`
    alter table inbound add column reply_box bigint, add column reply_at smallint,
      add check ((reply_box is null) = (reply_at is null))`.execute(db)
  // A reply of before is a box of one as it stands: the plain text of a box of one is the reply.
  await sql`
    update inbound set reply_box = nextval(pg_get_serial_sequence('replies', 'id')), reply_at = 0
    where reply is not null`.execute(db)
  await sql`
    insert into replies (id, sealed, made_at) overriding system value
    select reply_box, reply, received_at from inbound where reply is not null`.execute(db)
  await sql`alter table inbound drop column reply`.execute(db)
}
