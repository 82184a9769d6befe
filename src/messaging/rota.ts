// Puts this room's rounds together: one that fans out broadcasts, two that find out what is unclear, one that makes up
// for missed calls, and one for each sender. It decides nothing.
import { broadcastRound, type Recipients } from './broadcast/broadcast.ts'
import { missedRound } from './broadcast/missed.ts'
import { unclearRound } from './callbacks/unclear.ts'
import { unconfirmedRound } from './callbacks/unconfirmed.ts'
import type { Desk } from './desk.ts'
import { deliveryOf, deliveryRound } from './outbox/deliver.ts'
import { enrolSenders, listSenders } from './outbox/senders.ts'
import type { Rounds } from './rounds/rounds.ts'

const newSenders = 'senders'

/** Adds the rounds of sending; later senders are found at the next sweep, or when a bell rings for one. */
export function addMessagingRounds(rounds: Rounds, outside: Desk, recipients: Recipients): void {
  const ringSender = (sender: string) => {
    // Here at once, also where no bell goes out; and in the other workers.
    rounds.ring(deliveryOf(sender))
    outside.ringSender(sender)
  }
  const desk = { ...outside, ringSender }
  rounds.add(broadcastRound(desk, recipients))
  rounds.add(unclearRound(desk))
  rounds.add(unconfirmedRound(desk))
  rounds.add(missedRound(desk))
  rounds.add({
    name: newSenders,
    everyMs: desk.timing.sweep,
    run: async () => {
      for (const charter of desk.charters.current()) await enrolSenders(desk.db, charter)
      for (const sender of await listSenders(desk.db)) rounds.add(deliveryRound(desk, sender))
      return 'done'
    },
  })
}

/** Takes a bell: the round of that name, or whatever finds a round that is new here. */
export const answerBell = (rounds: Rounds, round: string): void =>
  rounds.ring(rounds.has(round) ? round : newSenders)
