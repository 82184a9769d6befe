// A member as every step of her conversation sees her.
import { dayMs } from '../calendar.ts'
import type { Charter, Language } from '../charter/charter.ts'

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

/** The instant by which an erasure that was asked for at `askedAt` is due, as the charter promises. */
export const erasureDueAt = ({ erasure }: Pick<Charter, 'erasure'>, askedAt: number): number =>
  askedAt + erasure.days * dayMs

/** How much the co-op holds of her, however old: reports by what they are of, not by their versions. */
export interface Held {
  readonly reports: number
  readonly ballots: number
}
