// Whom a charter leaves out: members whose language it has no texts in, and those to whom none of its senders leads.
import { sql } from 'kysely'
import type { Db } from '../../store/database.ts'
import type { Applied, Language } from '../charter/charter.ts'
import { channelOf } from './address.ts'

export interface LeftOut {
  /** How many speak a language that it lacks; they are answered in its first. */
  readonly speakers: readonly { readonly language: Language; readonly count: number }[]
  /** How many it can begin nothing with: known on WhatsApp, or by SMS, alone, while it has no such sender. */
  readonly unreached: number
}

/** Counts the active members whom this charter leaves out. A WhatsApp number is reached by SMS too. */
export async function leftOutBy(db: Db, { id, languages, senders }: Applied): Promise<LeftOut> {
  const channels = senders.map(({ address }) => channelOf(address))
  const reached = channels.includes('sms') ? ['sms', 'whatsapp'] : channels
  const [speakers, unreached] = await Promise.all([
    db
      .selectFrom('members')
      .select(['language', ({ fn }) => fn.countAll<number>().as('count')])
      .where('coop_id', '=', id)
      .where('state', '=', 'active')
      .where('language', 'not in', languages)
      .groupBy('language')
      .orderBy('language')
      .execute(),
    db
      .selectFrom('members')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('coop_id', '=', id)
      .where('state', '=', 'active')
      .where(
        sql<boolean>`exists (select from member_contacts where member_id = members.id) and not exists (
          select from member_contacts join contacts on contacts.id = contact_id
          where member_contacts.member_id = members.id and channel = any(${reached}::text[]))`,
      )
      .executeTakeFirstOrThrow(),
  ])
  return { speakers, unreached: unreached.count }
}
