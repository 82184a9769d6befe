// What a dialogue is played on. The core stage holds it in memory, the wire stage in real servers; whoever plays it does
// not know which. Everything here is in the words of the co-op, nothing in those of a carrier.
import type { Applied, Language } from '../../src/coop/charter/charter.ts'
import { type Address, addressOn, type Channel } from '../../src/coop/members/address.ts'
import type { Motion } from '../../src/coop/votes/vote.ts'
import type { Records } from './records.ts'

/** Somebody in a dialogue. A hidden one is there to be counted: what she says and hears is not shown. */
export interface Person {
  readonly name: string
  readonly kind: 'member' | 'stranger' | 'invited member'
  readonly channel: Channel
  readonly language: Language
  readonly coop: string
  /** E.164; none where WhatsApp shows an id instead. */
  readonly phone?: string
  readonly id?: string
  readonly hidden: boolean
}

/** One person at one of her two addresses. */
export interface Handle {
  readonly person: Person
  readonly channel: Channel
}
export function addressAt({ person: { name, phone, id }, channel }: Handle): Address {
  if (phone !== undefined) return addressOn(channel, phone)
  if (channel === 'sms' || id === undefined) throw new Error(`${name} has no number, so she has no SMS`)
  return `whatsapp:${id}`
}

/** What she sends. */
export interface Sent {
  readonly text: string
  /** The id of the button that she pressed. */
  readonly button?: string
  readonly attachment?: 'photo' | 'location'
  /** Sent as a reply to the last message that we began. */
  readonly replies?: boolean
}

/** What the carrier was asked to deliver to her, and whether it did. */
export interface Told {
  readonly to: Handle
  readonly text: string
  /** The answer to what she sent, or something that we began. */
  readonly how: 'answer' | 'begun'
  readonly delivered: boolean
}

/** What goes wrong, or is put right again. */
export type Trouble =
  | { readonly trouble: 'redis_emptied' | 'redis_down' | 'redis_back' | 'web_killed' }
  | { readonly trouble: 'answer_lost'; readonly to: Handle }
  | { readonly trouble: 'refused'; readonly to: Handle; readonly code: number }

export interface Stage {
  now(): number
  charterOf(coop: string): Applied
  /** Somebody who may text, or be invited, from here on. */
  meet(person: Person): Promise<void>
  say(from: Handle, sent: Sent): Promise<Told[]>
  /** The carrier posts the last message once more; what it is answered must be what it was answered before. */
  repeat(from: Handle): Promise<void>
  /** Lets so much time pass, and all that falls due in it happen. */
  pass(ms: number): Promise<Told[]>
  openVote(charter: Applied, motion: Motion): Promise<void>
  closeVote(coop: string, slug: string): Promise<void>
  withdrawVote(coop: string, slug: string): Promise<void>
  publishMedians(): Promise<void>
  merge(coop: string, keep: number, gone: number): Promise<void>
  erase(coop: string, member: number): Promise<void>
  applyCharter(source: string): Promise<void>
  befall(trouble: Trouble): Promise<void>
  records(): Promise<Records>
  end(): Promise<void>
}
