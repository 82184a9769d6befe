// Repeats: a message that has been handled gets the answer that it got, to the byte, and changes nothing.
import type { Log } from '../../log.ts'
import type { Keys } from '../../store/keys.ts'
import { unsealReplies } from '../../store/reply_box.ts'
import { type Answer, silence } from '../message.ts'
import type { BoxRow, KnownRow } from './statements.ts'

export interface Known {
  readonly state: KnownRow['state']
  readonly answer: Answer
}

type Boxes = ReadonlyMap<number, readonly string[]>

/**
 * What was answered to each message that has come before; `read` brings the boxes, each once, and is not asked where
 * no reply was kept. After seven days the words are gone and a repeat is answered with silence; so it is where its box
 * does not open. One that lies put aside is answered by the worker, and now with silence too.
 */
export async function answersOf(
  { keys, log }: { readonly keys: Keys; readonly log: Log },
  rows: readonly KnownRow[],
  read: (ids: readonly number[]) => Promise<readonly BoxRow[]>,
): Promise<Map<string, Known>> {
  const ids = new Set(rows.flatMap(({ reply_box }) => reply_box ?? []))
  const found = ids.size > 0 ? await read([...ids]) : []
  const boxes = new Map(found.map((box) => [box.id, repliesIn(keys, log, box)]))
  return new Map(rows.map((row) => [row.sid, { state: row.state, answer: answerOf(boxes, row) }]))
}

// What it repeats is handled; others stand in the same batch.
function repliesIn(keys: Keys, log: Log, { id, sealed }: BoxRow): string[] {
  try {
    return unsealReplies(keys, sealed)
  } catch (error) {
    log.error({ event: 'replies_unreadable', box: id, error })
    return []
  }
}

function answerOf(boxes: Boxes, { reply_box, reply_at, states_fact }: KnownRow): Answer {
  const text = boxes.get(reply_box ?? 0)?.[reply_at ?? 0]
  return text ? { end: 'answered', text, statesFact: states_fact } : silence
}
