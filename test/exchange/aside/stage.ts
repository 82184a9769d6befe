// What lies aside, as a test brings it about and tries it: sessions that fail every message, and the worker's tries.
import type { Session } from '../../../src/conversation/session.ts'
import { retryDue } from '../../../src/exchange/aside/retry.ts'
import { sealSession } from '../../../src/exchange/sessions.ts'
import { moveClock } from '../../../src/store/clock.ts'
import type { ExchangeStage, Web } from '../stage.ts'

/** The row of a message. */
export const inbound = (stage: ExchangeStage, sid: string) =>
  stage.db.selectFrom('inbound').selectAll().where('sid', '=', sid).executeTakeFirstOrThrow()

/** A session whose half-filled form is none: every answer to it fails. */
const broken: Session = {
  serial: 3,
  pace: { at: 0, run: 0 },
  open: {
    ...{ flow: 'report', node: 'fill', answers: { form: 'shift', filling: {} } },
    ...{ serial: 3, askedAt: Date.now(), retries: 0, reminded: false },
  },
}
/** Puts her into such a session. */
export const breakSession = (stage: ExchangeStage, member: number) =>
  stage.db
    .updateTable('contacts')
    .set({ snapshot: sealSession(stage.keys, broken) })
    .where('member_id', '=', member)
    .execute()

/** Tries what is due until nothing is; gives how many there were. */
export async function retryAll(web: Web): Promise<number> {
  for (let sum = 0; ; ) {
    const tried = await retryDue(web.counter, 20)
    if (tried === 0) return sum
    sum += tried
  }
}

/** Tries what lies aside as often as the worker does before it gives it up. */
export async function giveAllUp(stage: Pick<ExchangeStage, 'db'>, web: Web): Promise<void> {
  for (const wait of [0, 5, 20, 60, 300]) {
    await moveClock(stage.db, wait)
    await retryDue(web.counter, 20)
  }
}
