// One process of the wire stage: a web that listens and a worker whose rounds are run by hand, so that a dialogue goes one
// way each time. It is started and ended like a real one.

import type { Config } from '../../src/config.ts'
import { recipientsOf, runVotes } from '../../src/coop/votes/queries.ts'
import { type Counter, openCounter } from '../../src/exchange/counter.ts'
import { closeParts, openParts, type Parts } from '../../src/exchange/parts.ts'
import { openWeb } from '../../src/exchange/webhook/web.ts'
import { wakeDue } from '../../src/exchange/worker/wake.ts'
import type { Log } from '../../src/log.ts'
import { fanOut } from '../../src/messaging/broadcast/broadcast.ts'
import { callAgain } from '../../src/messaging/broadcast/missed.ts'
import { lookForUnconfirmed } from '../../src/messaging/callbacks/unconfirmed.ts'
import { deliveryRound } from '../../src/messaging/outbox/deliver.ts'
import { enrolSenders } from '../../src/messaging/outbox/senders.ts'

export interface WireProcess {
  readonly parts: Parts
  readonly url: string
  /** Runs every round once, in the order in which a bell would lead from one to the next. */
  work(): Promise<void>
  end(): Promise<void>
}

export async function startProcess(config: Config, log: Log): Promise<WireProcess> {
  const parts = await openParts(config, log)
  const counter = openCounter(parts)
  const web = openWeb(counter)
  const port = await web.listen(0, '127.0.0.1')
  for (const charter of parts.charters.current()) await enrolSenders(parts.db, charter)
  return {
    parts,
    url: `http://127.0.0.1:${port}`,
    work: () => work(counter),
    end: async () => {
      await web.stop()
      await counter.stop()
      await closeParts(parts)
    },
  }
}

async function work(counter: Counter): Promise<void> {
  const { desk, parts } = counter
  await runVotes(parts.db)
  while ((await wakeDue(counter, 20)) === 20);
  await lookForUnconfirmed(desk)
  while ((await fanOut(desk, recipientsOf)) === 'more');
  while ((await callAgain(desk)) === 'more');
  for (const charter of parts.charters.current()) {
    for (const { address } of charter.senders) {
      const round = deliveryRound(desk, { address, coopId: charter.id })
      while ((await round.run()) === 'more');
      await round.drain?.()
    }
  }
}
