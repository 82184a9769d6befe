// Gives up a message that was put aside and failed again and again: its text goes, and she hears one apology. It never
// touches what she has done since.
import { sql, type Transaction } from 'kysely'
import type { Reply } from '../../conversation/reply.ts'
import { newSession } from '../../conversation/session.ts'
import type { Language } from '../../coop/charter/charter.ts'
import { spokenWith } from '../../coop/charter/spoken.ts'
import { postAnswer } from '../../messaging/outbox/outbox.ts'
import { speak } from '../../messaging/speak/speak.ts'
import { now } from '../../store/clock.ts'
import type { Db } from '../../store/database.ts'
import type { Keys } from '../../store/keys.ts'
import { lockNow, personKey } from '../../store/locks.ts'
import type { Schema } from '../../store/schema.ts'
import { insertContact } from '../contact.ts'
import { bytesOf, type Sender, type TextMessage } from '../message.ts'
import { sealSession } from '../sessions.ts'

const sorry: Reply = { flow: 'machine', node: 'apology', text: 'text', gaps: {}, offers: [] }
const apologyKeptMs = 24 * 3600 * 1000

/** Gives a message up under her lock, once: whoever comes second finds it done. */
export async function giveUp(db: Db, keys: Keys, message: TextMessage): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const known = await findContact(trx, message.sender)
    await lockNow(trx, [message.sender.line, ...(known ? [personKey(known.person)] : [])])
    const receivedAt = await drop(trx, message.sid)
    // Erased in the meantime, perhaps: then no row of her may come back.
    if (!receivedAt) return
    await insertContact(trx, keys, message.sender)
    const contact = await findContact(trx, message.sender)
    if (!contact) throw new Error('a contact that was made a moment ago is not there; it will be tried again')
    await beginAnew(trx, keys, contact, receivedAt)
    await apologise(trx, keys, message, contact)
  })
}

/** Its body goes; gives when it came, or nothing where it has ended in the meantime. */
async function drop(trx: Transaction<Schema>, sid: string): Promise<Date | undefined> {
  const given = await trx
    .updateTable('inbound')
    .set({ state: 'given_up', body: null, person_index: null, next_try_at: null })
    .where('sid', '=', sid)
    .where('state', '=', 'received')
    .returning('received_at')
    .executeTakeFirst()
  return given?.received_at
}

/** A message whose row cannot be read: nobody knows who wrote it, so nobody is told. */
export const dropUnreadable = (db: Db, sid: string): Promise<Date | undefined> =>
  db.transaction().execute((trx) => drop(trx, sid))

interface Contact {
  readonly id: number
  readonly person: Buffer
  readonly version: number
  readonly language: Language | null
}

/** The contact that she is, whichever of her names she wrote under; none while nothing is kept of her. */
async function findContact(trx: Transaction<Schema>, { addressIndex }: Sender): Promise<Contact | undefined> {
  const { rows } = await sql<Contact>`
    select c.id, c.person_index as person, c.version, m.language
    from contacts a join contacts c on c.id = coalesce((select id from contacts o where o.id = a.same_as), a.id)
      left join members m on m.id = c.member_id
    where a.address_index = ${bytesOf(addressIndex)}`.execute(trx)
  return rows[0]
}

// Where she has not been answered since, it may be her session that fails every message: it goes too.
async function beginAnew(
  trx: Transaction<Schema>,
  keys: Keys,
  { id, version }: Contact,
  since: Date,
): Promise<void> {
  const session = { ...newSession, serial: version }
  await trx
    .updateTable('contacts')
    .set({ version: version + 1, snapshot: sealSession(keys, session), asking_until: null, wake_at: null })
    .where('id', '=', id)
    .where('version', '>', 0)
    .where(({ or, eb }) => or([eb('last_inbound_at', 'is', null), eb('last_inbound_at', '<=', since)]))
    .execute()
}

async function apologise(trx: Transaction<Schema>, keys: Keys, message: TextMessage, to: Contact): Promise<void> {
  const { sender, charter, sid } = message
  const at = await now(trx)
  const language = spokenWith(charter, to.language)
  const text = speak([sorry], { charter, language, channel: sender.channel })
  const expiresAt = new Date(at.getTime() + apologyKeptMs)
  const answer = { coopId: sender.coop, contactId: to.id, class: 'answer', sender: sender.to, text } as const
  await postAnswer(trx, keys, { ...answer, inboundSid: sid, expiresAt }, at)
}
