// A message on its way through the exchange: what came in, under whose lock it stands, and how it is answered. It is
// made at the arrival, and the batch only reads it.
import type { Heard } from '../conversation/heard.ts'
import type { Session } from '../conversation/session.ts'
import type { Applied } from '../coop/charter/charter.ts'
import type { Address, Channel } from '../coop/members/address.ts'
import { type LockKey, personKey } from '../store/locks.ts'

/** An address and the person behind it by their keyed hashes, in hex. */
export interface Identity {
  readonly addressIndex: string
  readonly personIndex: string
  /** The key under which the messages of this person stand in line. */
  readonly line: LockKey
}

/** The identity with these hashes. */
export const identityOf = (addressIndex: Buffer, personIndex: Buffer): Identity => ({
  addressIndex: addressIndex.toString('hex'),
  personIndex: personIndex.toString('hex'),
  line: personKey(personIndex),
})

/** An index as Postgres keeps it. */
export const bytesOf = (index: string): Buffer => Buffer.from(index, 'hex')

/** Who sent it, and to whom: the contact as it is known before its row is read. */
export interface Sender extends Identity {
  readonly coop: string
  readonly address: Address
  readonly channel: Channel
  /** The co-op's address that was written to. */
  readonly to: Address
}

/** A session that was found. It is hers where its version and the nonce of its seal, in hex, are those of her row. */
export interface Found {
  readonly version: number
  readonly nonce: string
  /** As it is where this process has sealed it, sealed where it came from Redis. */
  readonly session: Session | Buffer
  /** Whose it was when this process sealed it: the lock that she needs most likely. */
  readonly owner?: Owner
}

/** The member whom a session belonged to; `none` while its sender was no member. */
export type Owner = number | 'none'

export type Finding = Found | undefined | Promise<Found | undefined>

interface Base {
  readonly sender: Sender
  readonly charter: Applied
  /** What was found at the arrival, or Redis is asked for; none where that is late, gone, or was never asked. */
  readonly found: Finding
}
/** A text that came in, by a webhook or from where it was put aside. */
export interface TextMessage extends Base {
  readonly kind: 'text'
  readonly source: 'webhook' | 'put_aside'
  /** The carrier's id: a message acts once under it. */
  readonly sid: string
  readonly heard: Heard
  /** Our message that she replied to, by the carrier's id. */
  readonly inReplyTo?: string
  /** The other address of the same WhatsApp person, where this webhook shows both. */
  readonly alias?: Address
}
/** The clock: a question of this contact may have waited long enough. */
export interface ClockMessage extends Base {
  readonly kind: 'clock'
}
export type Message = TextMessage | ClockMessage

/** How a message ended. */
export type Answer =
  /** Said: the text and whether it states a fact, which asks for a callback. No text is silence. */
  | { readonly end: 'answered'; readonly text?: string; readonly statesFact: boolean }
  /** It could not be stepped; it lies sealed in Postgres, and a worker answers later. */
  | { readonly end: 'put_aside' }

export const silence: Answer = { end: 'answered', statesFact: false }
