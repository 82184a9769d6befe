// What everything that sends, or hears what became of it, stands on, in one record.
import type { Applied } from '../coop/charter/charter.ts'
import type { Address, Channel } from '../coop/members/address.ts'
import type { Log } from '../log.ts'
import type { Db } from '../store/database.ts'
import type { Keys } from '../store/keys.ts'
import type { Timing } from '../timing.ts'
import type { Carrier } from '../twilio/client.ts'
import type { Texts } from './broadcast/texts.ts'
import type { Refusal } from './outbox/refusals.ts'

/** The charters in force. */
interface Charters {
  current(): readonly Applied[]
  byId(coop: string): Applied | undefined
}

export interface Desk {
  readonly db: Db
  readonly keys: Keys
  readonly log: Log
  readonly carrier: Carrier
  readonly charters: Charters
  readonly texts: Texts
  readonly sayRefused: (refusal: Refusal) => void
  /** Where the carrier's callbacks reach us. */
  readonly publicUrl: string
  readonly timing: Pick<Timing, 'sending' | 'unclearSearch' | 'unclearAgain' | 'sweep'>
  /** How many requests of one sender may be under way at once in this process. */
  readonly inFlight: number
  /** Tells workers that this sender has due rows. */
  readonly ringSender: (sender: string) => void
}

/** As much of it as hearing from the carrier takes. */
export type FrontDesk = Pick<Desk, 'db' | 'keys' | 'log' | 'charters' | 'texts' | 'sayRefused' | 'ringSender'>

/** The co-op's sender on a channel: the one that she wrote to last if it is still one, else the first. */
export function senderOn(charter: Applied, channel: Channel, preferred?: string | null): Address | undefined {
  const fitting = charter.senders
    .map(({ address }) => address)
    .filter((address) => address.startsWith(`${channel}:`))
  return fitting.find((address) => address === preferred) ?? fitting[0]
}
