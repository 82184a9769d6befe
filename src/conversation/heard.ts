// What the machine hears: a message, and what is known of its sender before the world is loaded.
import type { Language } from '../coop/charter/charter.ts'
import type { Written } from './event.ts'

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
  readonly member: 'none' | 'invited' | 'active' | 'left' | 'erased'
  readonly silenced: boolean
  /** The carrier keeps our messages from her, until she texts it START. */
  readonly blocked?: boolean
  /** Hers, where she is a member. */
  readonly language?: Language
}
