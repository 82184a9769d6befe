// Repeats: a message that has been handled gets the answer that it got, to the byte, and changes nothing.
import type { Keys } from '../store/keys.ts'
import { seal, unseal } from '../store/seal.ts'
import { type Answer, silence } from './message.ts'
import type { KnownRow } from './statements.ts'

const place = 'inbound.reply'

export const sealReply = (keys: Keys, text: string): Buffer => seal(keys, text, place)

/**
 * What was answered to each message that has come before. After seven days the words are gone and a repeat is
 * answered with silence; one that lies put aside is answered by the worker, and now with silence too.
 */
export const answersOf = (keys: Keys, rows: readonly KnownRow[]): Map<string, Known> =>
  new Map(rows.map((row) => [row.sid, { state: row.state, answer: answerOf(keys, row) }]))

export interface Known {
  readonly state: KnownRow['state']
  readonly answer: Answer
}

function answerOf(keys: Keys, { reply, states_fact }: KnownRow): Answer {
  return reply ? { end: 'answered', text: unseal(keys, reply, place), statesFact: states_fact } : silence
}
