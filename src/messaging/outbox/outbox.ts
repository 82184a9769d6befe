// Puts what must be sent into the queue of record, in the transaction that made it necessary. It sends nothing: a
// bell, or a sweep, tells a worker that a sender has due rows.
import { CompiledQuery } from 'kysely'
import type { Address } from '../../coop/members/address.ts'
import type { Db } from '../../store/database.ts'
import type { Keys } from '../../store/keys.ts'
import { seal, unseal } from '../../store/seal.ts'
import { statement } from '../../store/statement.ts'
import { countSegments } from '../speak/segments.ts'
import type { OutboxClass } from '../tables.ts'

const place = 'outbox.body'

/** Whoever waits for an answer goes before whoever does not know yet that she is called. */
export const priorityOf: Readonly<Record<OutboxClass, number>> = {
  answer: 0,
  reminder: 1,
  notice: 2,
  call: 2,
  outcome: 2,
}
export const priorities = [...new Set(Object.values(priorityOf))]

/** A text for one contact that does not go back in the answer to a webhook. */
export interface Answer {
  readonly coopId: string
  readonly contactId: number
  readonly memberId?: number
  readonly class: 'answer' | 'reminder'
  readonly sender: Address
  readonly text: string
  /** The message that it answers: one answer each, however often it is posted. */
  readonly inboundSid?: string
  /** Of a reminder: the version of her contact with which its question is open. */
  readonly contactVersion?: number
  /** When it is to be sent; at once where not given. */
  readonly dueAt?: Date
  readonly expiresAt: Date
}

/** Writes texts (`answerColumns`); one whose message has its answer here already is left out. */
export const insertAnswers = statement(
  'insert_answers',
  `insert into outbox (coop_id, contact_id, member_id, class, inbound_sid, sender, body, segments, priority, state,
     next_attempt_at, expires_at, contact_version, created_at)
   select coop_id, contact_id, member_id, class, inbound_sid, sender, body, segments, priority, 'pending', due_at,
     expires_at, contact_version, $13
   from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::int[],
     $9::int[], $10::timestamptz[], $11::timestamptz[], $12::int[])
     as a (coop_id, contact_id, member_id, class, inbound_sid, sender, body, segments, priority, due_at, expires_at,
       contact_version)
   on conflict (inbound_sid) do nothing`,
)

/** The parameters of that statement. */
export const answerColumns = (keys: Keys, answers: readonly Answer[], now: Date): unknown[] => [
  answers.map((answer) => answer.coopId),
  answers.map((answer) => answer.contactId),
  answers.map((answer) => answer.memberId ?? null),
  answers.map((answer) => answer.class),
  answers.map((answer) => answer.inboundSid ?? null),
  answers.map((answer) => answer.sender),
  answers.map((answer) => seal(keys, answer.text, place)),
  answers.map((answer) => costOf(answer.text, answer.sender)),
  answers.map((answer) => priorityOf[answer.class]),
  answers.map((answer) => answer.dueAt ?? now),
  answers.map((answer) => answer.expiresAt),
  answers.map((answer) => answer.contactVersion ?? null),
  now,
]

/** Posts a text that is not written with the rest of a batch. */
export async function postAnswer(db: Db, keys: Keys, answer: Answer, now: Date): Promise<void> {
  await db.executeQuery(CompiledQuery.raw(insertAnswers.text, answerColumns(keys, [answer], now)))
}

/** The text of a row that keeps its own. */
export const unsealBody = (keys: Keys, body: Buffer): string => unseal(keys, body, place)

/** What a text costs of its sender's rate: on WhatsApp a message, however long, is one. */
export const costOf = (text: string, sender: string): number =>
  sender.startsWith('sms:') ? countSegments(text).segments : 1
