// Puts what must be sent into the queue of record, in the transaction that made it necessary. It sends nothing: a
// bell, or a sweep, tells a worker that a sender has due rows.
import type { Address } from '../coop/members/address.ts'
import type { Db } from '../store/database.ts'
import type { Keys } from '../store/keys.ts'
import { seal, unseal } from '../store/seal.ts'
import { countSegments } from './segments.ts'
import type { OutboxClass } from './tables.ts'

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
  /** When it is to be sent; at once where not given. */
  readonly dueAt?: Date
  readonly expiresAt: Date
}

/** Posts texts; one whose message has its answer here already is left out. */
export async function postAnswers(db: Db, keys: Keys, answers: readonly Answer[], now: Date): Promise<void> {
  if (answers.length === 0) return
  await db
    .insertInto('outbox')
    .values(answers.map((answer) => rowOf(keys, answer, now)))
    .onConflict((conflict) => conflict.column('inbound_sid').doNothing())
    .execute()
}

/** The text of a row that keeps its own. */
export const unsealBody = (keys: Keys, body: Buffer): string => unseal(keys, body, place)

/** What a text costs of its sender's rate: on WhatsApp a message, however long, is one. */
export const costOf = (text: string, sender: string): number =>
  sender.startsWith('sms:') ? countSegments(text).segments : 1

function rowOf(keys: Keys, answer: Answer, now: Date) {
  return {
    coop_id: answer.coopId,
    contact_id: answer.contactId,
    member_id: answer.memberId ?? null,
    class: answer.class,
    inbound_sid: answer.inboundSid ?? null,
    sender: answer.sender,
    body: seal(keys, answer.text, place),
    segments: costOf(answer.text, answer.sender),
    priority: priorityOf[answer.class],
    state: 'pending' as const,
    next_attempt_at: answer.dueAt ?? now,
    expires_at: answer.expiresAt,
    created_at: now,
  }
}
