// What the machine hears: a message, and what is known of its sender before the world is loaded.
import type { Applied, Language } from '../coop/charter/charter.ts'
import type { Member } from '../coop/members/member.ts'
import type { Written } from './event.ts'
import type { Machine } from './machine.ts'
import type { Session } from './session.ts'

/** A message as the machine hears it. */
export interface Heard extends Written {
  readonly text: string
  /** A button's or list's own id, as we gave it out. */
  readonly choice?: string
  /** The proposal of the call that she replied to, by quoting it. */
  readonly repliedTo?: string
  readonly attached: boolean
  /** The carrier says that it has answered this word already. */
  readonly carrierWord?: 'stop' | 'start' | 'help'
}

/** What is known of the sender before the world is loaded. */
export interface Standing {
  readonly member: 'none' | Member['state']
  /** We begin nothing with her: she said so, or the carrier keeps our messages from her. */
  readonly silenced: boolean
  /** The carrier keeps our messages from her, until she texts it START. */
  readonly blocked: boolean
  /** Hers, where she is a member. */
  readonly language?: Language
}

type Known = Pick<Member, 'state' | 'suppressed' | 'language'>

/** How whoever owns a contact stands. */
export const standingOf = (member: Known | undefined, blocked: boolean): Standing => ({
  member: member?.state ?? 'none',
  silenced: blocked || (member?.suppressed ?? false),
  blocked,
  ...(member && { language: member.language }),
})

/** A message with all that it is routed by. */
export interface Arrival {
  readonly machine: Machine
  readonly charter: Applied
  readonly session: Session
  readonly standing: Standing
  readonly heard: Heard
}
