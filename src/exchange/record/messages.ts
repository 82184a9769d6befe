// Writes the messages of a batch with their answers: in the row of the message where the webhook carries the answer
// back, in the outbox where nobody waits for it any more.
import { type Answer, postAnswers } from '../../messaging/outbox.ts'
import { sealReply } from '../known.ts'
import type { TextMessage } from '../message.ts'
import { insertHandled, markHandled } from '../statements.ts'
import { type Stepped, statesFact } from '../stepped.ts'
import { memberAfter, type Recording } from './entry.ts'

type Ids = ReadonlyMap<Stepped, number>

/** Marks every text as handled, under its contact. */
export async function recordMessages({ lane, exchange, steps }: Recording, ids: Ids): Promise<void> {
  const texts = steps.stepped.flatMap((stepped) => {
    const { message } = stepped.placed
    return message.kind === 'text' ? { stepped, message, contact: ids.get(stepped) ?? null } : []
  })
  const now = (steps.worlds.now ?? 0) / 1000
  const rows = texts.filter(({ message }) => message.source === 'webhook').toSorted(bySid)
  const late = texts.filter(({ message }) => message.source === 'put_aside').toSorted(bySid)
  await Promise.all([
    rows.length > 0 &&
      lane.ask(insertHandled, [
        rows.map(({ message }) => message.sid),
        rows.map(({ message }) => message.sender.coop),
        rows.map(({ contact }) => contact),
        rows.map(({ stepped }) => (stepped.text === '' ? null : sealReply(exchange.keys, stepped.text))),
        rows.map(({ stepped }) => stepped.text !== '' && statesFact(stepped.step)),
        now,
        now + exchange.confirmMs / 1000,
      ]),
    late.length > 0 &&
      lane.ask(markHandled, [late.map(({ message }) => message.sid), late.map(({ contact }) => contact)]),
  ])
}

const bySid = (one: { message: TextMessage }, other: { message: TextMessage }): number =>
  one.message.sid < other.message.sid ? -1 : 1

const answerKeptMs = 24 * 3600 * 1000

/** Posts the answers that no webhook carries back: to messages that were put aside, and reminders. */
export async function postReplies({ lane, exchange, steps }: Recording, ids: Ids): Promise<void> {
  const answers = steps.stepped.flatMap((stepped): Answer[] => {
    const { message } = stepped.placed
    if (stepped.text === '' || (message.kind === 'text' && message.source === 'webhook')) return []
    const member = memberAfter(stepped)
    return [
      {
        coopId: message.sender.coop,
        contactId: ids.get(stepped) ?? 0,
        class: message.kind === 'text' ? 'answer' : 'reminder',
        sender: message.sender.to,
        text: stepped.text,
        expiresAt: new Date(stepped.now + answerKeptMs),
        ...(member !== undefined && { memberId: member }),
        ...(message.kind === 'text' && { inboundSid: message.sid }),
      },
    ]
  })
  await postAnswers(lane.db, exchange.keys, answers, new Date(steps.worlds.now))
}
