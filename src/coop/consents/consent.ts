// When a consent is in force, and under which number its purpose is shown. A yes holds for the words that she read: a
// new version of the notice asks again.

import type { Charter, Language, Purpose } from '../charter/charter.ts'

/** The last word on one purpose. `version` is the notice that she answered. */
export interface Consent {
  readonly purpose: string
  readonly on: boolean
  /** Of the notice that she said yes or no to, and the language in which she read it. */
  readonly version: number
  readonly language: Language
}

export type Standing = 'on' | 'off' | 'new_words'

/** How one purpose stands for a member. */
export function standingOf(purpose: Purpose, consents: readonly Consent[]): Standing {
  const last = consents.find((consent) => consent.purpose === purpose.id)
  if (!last?.on) return 'off'
  if (last.version === purpose.notice.version) return 'on'
  // A yes to words that are asked of nobody any more will never be in force again.
  return purpose.retired ? 'off' : 'new_words'
}

/** The purposes that a member is shown, each with its number: a retired one only while she can switch it off. */
export const shownTo = (charter: Charter, consents: readonly Consent[]): { purpose: Purpose; number: number }[] =>
  charter.purposes
    .map((purpose, at) => ({ purpose, number: at + 1 }))
    .filter(({ purpose }) => !purpose.retired || standingOf(purpose, consents) === 'on')

/** How the purpose of this name stands for a member; off where the charter has no such. */
export function standingUnder(charter: Charter, id: string | undefined, consents: readonly Consent[]): Standing {
  const purpose = charter.purposes.find((each) => each.id === id)
  return purpose ? standingOf(purpose, consents) : 'off'
}

/** The purpose that a member means by its number, counted from 1 as in the list she is shown. */
export const purposeAt = (charter: Charter, number: number): Purpose | undefined => charter.purposes[number - 1]

/** The number under which a purpose is listed. */
export const numberOf = (charter: Charter, purpose: string): number =>
  charter.purposes.findIndex((each) => each.id === purpose) + 1
