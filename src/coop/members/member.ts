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

interface Erasing {
  readonly charter: Pick<Charter, 'erasure'>
  readonly member?: Pick<Member, 'erasureAskedAt'>
  readonly now: number
}

/** The instant by which her erasure is due by the charter; where she has not asked for it, as if she did now. */
export const erasureDueAt = ({ charter, member, now }: Erasing): number =>
  (member?.erasureAskedAt ?? now) + charter.erasure.days * dayMs

/** How much the co-op holds of her, however old: reports by what they are of, not by their versions. */
export interface Held {
  readonly reports: number
  readonly ballots: number
}
