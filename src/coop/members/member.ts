// A member as every step of her conversation sees her.
import type { Language } from '../charter/charter.ts'

export interface Member {
  readonly number: number
  readonly state: 'invited' | 'active' | 'left' | 'erased'
  readonly language: Language
  /** When she joined; absent while she is only invited. Milliseconds since 1970, as every instant here. */
  readonly joinedAt?: number
  /** She asked for silence: we begin nothing; her own texts are still answered. */
  readonly suppressed: boolean
  readonly erasureAskedAt?: number
}

/** How much the co-op holds of her, however old: reports by what they are of, not by their versions. */
export interface Held {
  readonly reports: number
  readonly ballots: number
}
