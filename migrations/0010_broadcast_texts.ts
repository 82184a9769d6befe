// What a broadcast says, as it was first put into words: all of its members are called by the same, whatever version
// of Coopline or of the charter comes while it is sent, and a send of which nobody knows is looked for by these words.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table broadcast_texts (
      broadcast_id bigint not null references broadcasts on delete cascade,
      channel text not null check (channel in ('sms', 'whatsapp')),
      language text not null,
      body text not null,
      primary key (broadcast_id, channel, language)
    )`.execute(db)
}
