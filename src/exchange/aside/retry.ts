// Steps again what was put aside, as any other message, and gives up what has failed for the last time. What happens to
// one message never stands in the way of another.
import { KeyError } from '../../store/keys.ts'
import type { Counter } from '../counter.ts'
import type { TextMessage } from '../message.ts'
import { dropUnreadable, giveUp } from './give_up.ts'
import { type Due, isLastTry, messageOf, notTried, takeDue } from './put_aside.ts'

const keyWaitS = 60

/** Tries those that are due, at most so many and one of each person; gives how many there were. */
export async function retryDue(counter: Counter, most: number): Promise<number> {
  const due = await takeDue(counter.parts.db, most)
  await Promise.all(due.map((row) => retry(counter, row)))
  return due.length
}

async function retry({ parts, gather }: Counter, row: Due): Promise<void> {
  let message: TextMessage | undefined
  try {
    message = messageOf(parts.keys, row, (coop) => parts.charters.byId(coop))
    await gather.submit(message)
  } catch (error) {
    if (error instanceof KeyError) return waitForKey({ parts }, row, error)
    parts.log.error({ event: 'message_failed', sid: row.sid, tries: row.tries, reason: String(error) })
    if (isLastTry(row)) await end({ parts }, row, message)
  }
}

// What only a key is missing for is whole, and so is she: it waits for the key, however long.
async function waitForKey({ parts }: Pick<Counter, 'parts'>, { sid }: Due, error: KeyError): Promise<void> {
  parts.log.error({ event: 'key_missing', sid, error })
  try {
    await notTried(parts.db, sid, keyWaitS)
  } catch (reason) {
    parts.log.error({ event: 'message_not_put_back', sid, reason: String(reason) })
  }
}

async function end(
  { parts }: Pick<Counter, 'parts'>,
  { sid }: Due,
  message: TextMessage | undefined,
): Promise<void> {
  try {
    if (message) await giveUp(parts.db, parts.keys, message)
    else await dropUnreadable(parts.db, sid)
    parts.log.error({ event: 'message_given_up', sid, told: message !== undefined })
  } catch (error) {
    parts.log.error({ event: 'message_not_given_up', sid, reason: String(error) })
  }
}
