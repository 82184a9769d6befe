// Answers that state a fact and went back with the webhook: where no callback says that one arrived, it is looked
// for in the carrier's list, and sent once more through the outbox where it is not there. An answer may come
// twice, a fact never.
import { sql } from 'kysely'
import { readAddress } from '../../coop/members/address.ts'
import { unsealAddress } from '../../coop/members/contact_keys.ts'
import type { Db } from '../../store/database.ts'
import type { Keys } from '../../store/keys.ts'
import { unsealReplies } from '../../store/reply_box.ts'
import type { Desk } from '../desk.ts'
import { postAnswer } from '../outbox/outbox.ts'
import type { Rest, Round } from '../rounds/rounds.ts'

interface Unconfirmed {
  readonly sid: string
  readonly coopId: string
  readonly contactId: number
  readonly memberId: number | null
  /** The box that it lies in, sealed, and its place there. */
  readonly box: Buffer
  readonly at: number
  readonly receivedAt: Date
  readonly address: Buffer
  readonly sender: string
  readonly now: Date
}

const atOnce = 20
const usefulForMs = 12 * 3_600_000

export const unconfirmedRound = (desk: Desk): Round => ({
  name: 'unconfirmed',
  everyMs: desk.timing.sweep,
  run: () => lookForUnconfirmed(desk),
})

/** Looks for the answers that should have been confirmed by now. */
export async function lookForUnconfirmed(desk: Desk): Promise<Rest> {
  await forgetUnanswerable(desk.db)
  const due = await answers(desk.db)
    .where('inbound.confirm_by', '<=', sql<Date>`coopline_now()`)
    .orderBy('inbound.confirm_by')
    .limit(atOnce)
    .execute()
  for (const answer of due.filter(isWhole)) await lookFor(desk, answer)
  return due.length === atOnce ? 'more' : 'done'
}

async function lookFor(desk: Desk, answer: Unconfirmed): Promise<void> {
  try {
    if (await arrived(desk, answer)) return await confirm(desk.db, answer.sid)
    await desk.db.transaction().execute((trx) => postSecond(trx, desk, answer.sid, 0))
    desk.ringSender(answer.sender)
  } catch (error) {
    desk.log.warn({ event: 'answer_not_looked_for', inbound: answer.sid, error })
    // The carrier may be away, or this row damaged: the others come first for a while.
    const later = sql<Date>`coopline_now() + interval '1 minute'`
    await desk.db.updateTable('inbound').set({ confirm_by: later }).where('sid', '=', answer.sid).execute()
  }
}

/** The answer is known to have gone out; nobody looks for it any more. */
export async function confirm(db: Db, sid: string): Promise<void> {
  await db
    .updateTable('inbound')
    .set({ confirm_by: null })
    .where('sid', '=', sid)
    .where('confirm_by', 'is not', null)
    .execute()
}

/** Posts the answer once more, some time after a failure that may pass; none where she was erased meanwhile. */
export async function postSecond(
  db: Db,
  desk: Pick<Desk, 'keys'>,
  sid: string,
  afterSeconds: number,
): Promise<void> {
  const answer = await answers(db).where('inbound.sid', '=', sid).forUpdate('inbound').executeTakeFirst()
  if (answer && isWhole(answer)) await post(db, desk.keys, answer, afterSeconds)
}

/** It arrived after all: what was posted once more is not sent, if there is time yet. */
export async function cancelSecond(db: Db, sid: string): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ state: 'expired' })
    .where('inbound_sid', '=', sid)
    .where('state', '=', 'pending')
    .execute()
}

const answers = (db: Db) =>
  db
    .selectFrom('inbound')
    .innerJoin('contacts', 'contacts.id', 'inbound.contact_id')
    .leftJoin('members', 'members.id', 'contacts.member_id')
    .leftJoin('replies', 'replies.id', 'inbound.reply_box')
    .select(['inbound.sid', 'inbound.coop_id as coopId', 'inbound.received_at as receivedAt'])
    .select(['replies.sealed as box', 'inbound.reply_at as at'])
    .select(['contacts.id as contactId', 'contacts.member_id as memberId', 'contacts.address', 'contacts.sender'])
    .select(sql<Date>`coopline_now()`.as('now'))
    .where(isWanted)

// Who has said STOP since hears of nothing from before; and once she was told something newer, an older answer may be
// true no more. Looked for by time: what came since is on the last pages.
const isWanted = sql<boolean>`(coalesce(members.suppressed_at <= inbound.received_at, true)
  and not exists (select from inbound as later where later.received_at > inbound.received_at and later.states_fact
    and (later.contact_id = contacts.id or later.contact_id in (
      select contact_id from member_contacts as hers where hers.member_id = contacts.member_id))))`

type Found = Omit<Unconfirmed, 'box' | 'at' | 'sender'> & {
  readonly [lacking in 'box' | 'at' | 'sender']: Unconfirmed[lacking] | null
}
const isWhole = (row: Found): row is Unconfirmed => row.box !== null && row.at !== null && row.sender !== null

/**
 * She was erased, or has said STOP since, or the answer is past its days: there is nothing left to look for. A row in
 * somebody's hands, such as an erasure's, is for the next round.
 */
async function forgetUnanswerable(db: Db): Promise<void> {
  await sql`
    update inbound set confirm_by = null where sid in (
      select sid from inbound where confirm_by <= coopline_now() and not (
        exists (select from replies where replies.id = reply_box)
        and exists (select from contacts left join members on members.id = member_id
          where contacts.id = contact_id and sender is not null and ${isWanted}))
      for update skip locked)`.execute(db)
}

async function arrived(desk: Desk, answer: Unconfirmed): Promise<boolean> {
  const found = await desk.carrier.find({
    from: senderOf(answer),
    to: unsealAddress(desk.keys, answer.address),
    since: answer.receivedAt,
    body: textOf(desk.keys, answer),
    replies: true,
  })
  return found !== undefined && found.status !== 'failed' && found.status !== 'undelivered'
}

function textOf(keys: Keys, { sid, box, at }: Unconfirmed): string {
  const text = unsealReplies(keys, box)[at]
  if (!text) throw new Error(`The box of message ${sid} holds no reply of it`)
  return text
}

async function post(db: Db, keys: Keys, answer: Unconfirmed, afterSeconds: number): Promise<void> {
  const { sid: inboundSid, coopId, contactId, memberId, now } = answer
  const text = textOf(keys, answer)
  const dueAt = new Date(now.getTime() + afterSeconds * 1000)
  const expiresAt = new Date(dueAt.getTime() + usefulForMs)
  const about = { coopId, contactId, inboundSid, ...(memberId !== null && { memberId }) }
  const again = { ...about, class: 'answer' as const, sender: senderOf(answer), text, dueAt, expiresAt }
  await postAnswer(db, keys, again, now)
  await confirm(db, inboundSid)
}

function senderOf({ sid, sender }: Unconfirmed) {
  const address = readAddress(sender)
  if (!address) throw new Error(`The contact of message ${sid} was written to by no sender of ours`)
  return address
}
