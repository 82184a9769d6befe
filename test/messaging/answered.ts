// A message that was answered with the webhook: its answer states a fact and waits for a sign that it arrived.
import { sql } from 'kysely'
import { addressOn } from '../../src/coop/members/address.ts'
import { keepReplies } from '../stage/replies.ts'
import { bySms, join, type MessagingStage, nextPhone, type Person } from './stage.ts'

/** Somebody who was answered so many minutes ago; a sign is due five minutes after. */
export async function answered(stage: MessagingStage, sid: string, minutesAgo = 0): Promise<Person> {
  const person = await join(stage, addressOn('sms', nextPhone()))
  await sql`update contacts set sender = ${bySms}`.execute(stage.db)
  const box = await keepReplies(stage.db, stage.keys, ['Counted: Against.', 'Counted: For.'])
  await sql`
    insert into inbound (sid, coop_id, contact_id, state, reply_box, reply_at, received_at, confirm_by)
    values (${sid}, 'drivers', ${person.contactId}, 'handled', ${box}, 1,
      coopline_now() - make_interval(mins => ${minutesAgo}),
      coopline_now() - make_interval(mins => ${minutesAgo - 5}))`.execute(stage.db)
  return person
}

/** How many answers wait for a sign. */
export const waiting = async ({ db }: MessagingStage): Promise<number> =>
  (await sql`select from inbound where confirm_by is not null`.execute(db)).rows.length
