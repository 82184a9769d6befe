// Writes the messages of a batch with their answers: all in one box where the webhooks carry them back, in the outbox
// where nobody waits for them any more.

import type { Machine } from '../../../conversation/machine.ts'
import { wakeAt } from '../../../conversation/step/late.ts'
import { type Answer, answerColumns, insertAnswers } from '../../../messaging/outbox/outbox.ts'
import type { Keys } from '../../../store/keys.ts'
import { sealReplies } from '../../../store/reply_box.ts'
import type { TextMessage } from '../../message.ts'
import { insertHandled, markHandled } from '../statements.ts'
import { type Stepped, statesFact } from '../stepped.ts'
import { memberAfter, type Recording, versionAfter } from './entry.ts'

/** Marks every text as handled, under its contact. */
export function recordMessages({ send, exchange, steps }: Recording): void {
  const texts = steps.stepped.flatMap((stepped) => {
    const { message } = stepped.placed
    return message.kind === 'text' ? { stepped, message, contact: steps.worlds.contactOf(stepped.placed) } : []
  })
  const now = steps.worlds.now / 1000
  const rows = texts.filter(({ message }) => message.source === 'webhook').toSorted(bySid)
  const late = texts.filter(({ message }) => message.source === 'put_aside').toSorted(bySid)
  if (late.length > 0)
    send(markHandled, [late.map(({ message }) => message.sid), late.map(({ contact }) => contact)])
  if (rows.length === 0) return
  const { box, places } = boxOf(exchange.keys, rows)
  send(insertHandled, [
    rows.map(({ message }) => message.sid),
    rows.map(({ message }) => message.sender.coop),
    rows.map(({ contact }) => contact),
    places,
    rows.map(({ stepped }) => stepped.text !== '' && statesFact(stepped.step)),
    now,
    now + exchange.confirmMs / 1000,
    box,
  ])
}

/** All that these are answered in one seal, and the place of each there; no box where none is answered anything. */
function boxOf(keys: Keys, rows: readonly { readonly stepped: Stepped }[]) {
  const replies: string[] = []
  const places = rows.map(({ stepped: { text } }) => (text === '' ? null : replies.push(text) - 1))
  return { places, box: replies.length === 0 ? null : sealReplies(keys, replies) }
}

const bySid = (one: { message: TextMessage }, other: { message: TextMessage }): number =>
  one.message.sid < other.message.sid ? -1 : 1

// A reminder is true until its question is answered or has run out; a report that was kept stays so.
function whileTrue(machine: Machine, { placed, step, now }: Stepped) {
  if (statesFact(step)) return { expiresAt: new Date(now + answerKeptMs) }
  const runsOutAt = wakeAt(machine, step.session) ?? now + answerKeptMs
  return { contactVersion: versionAfter(placed), expiresAt: new Date(runsOutAt) }
}

const answerKeptMs = 24 * 3600 * 1000

/** Posts what no webhook carries back: answers to messages that were put aside, and what the clock has her told. */
export function postReplies({ send, exchange, steps }: Recording): void {
  const answers = steps.stepped.flatMap((stepped): Answer[] => {
    const { message } = stepped.placed
    if (stepped.text === '' || (message.kind === 'text' && message.source === 'webhook')) return []
    const member = memberAfter(stepped)
    const reply = {
      coopId: message.sender.coop,
      contactId: steps.worlds.contactOf(stepped.placed),
      sender: message.sender.to,
      text: stepped.text,
      ...(member !== undefined && { memberId: member }),
    }
    return message.kind === 'text'
      ? [{ ...reply, class: 'answer', inboundSid: message.sid, expiresAt: new Date(stepped.now + answerKeptMs) }]
      : [{ ...reply, class: 'reminder', ...whileTrue(exchange.machine, stepped) }]
  })
  if (answers.length > 0) send(insertAnswers, answerColumns(exchange.keys, answers, new Date(steps.worlds.now)))
}
