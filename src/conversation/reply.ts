// What a step says: words by name, never text. Language, channel, buttons and segments are decided later, in
// `messaging/speak.ts`.
import type { Words } from '../coop/charter/charter.ts'

/** Something that a text has a gap for. Instants and days are said in the co-op's time zone. */
export type Value =
  | string
  | number
  /** A text of the charter or of a proposal. */
  | { readonly words: Words }
  /** Where it falls on the day of `now`, or in the half day after it, its hour alone is said. */
  | { readonly instant: number; readonly now?: number }
  /** YYYY-MM-DD. Where it falls in another year than `today`, its year is said. */
  | { readonly day: string; readonly today?: string }
  /** Minor units of the co-op's currency. */
  | { readonly money: number }
  /** A whole number scaled by its decimals: 850 with 2 is 8.5. */
  | { readonly number: number; readonly decimals: number }
  /** Another text of the same flow, by its node and name, with the same gaps filled: "on", "off". */
  | { readonly word: string }
  /** "1, 2 or 3" */
  | { readonly either: readonly number[] }
  /** "Km, Trips and App" */
  | { readonly list: readonly Words[] }
  /** Lines such as "1 Pay medians: on", joined by the channel. */
  | { readonly lines: readonly Readonly<Record<string, Value>>[] }

export type Gaps = Readonly<Record<string, Value>>

/** An answer that is offered by its digit. A string names a word under the node's `options`. */
export interface Offer {
  readonly digit: number
  readonly name: string | { readonly words: Words }
}

export interface Reply {
  readonly flow: string
  readonly node: string
  /** Which text of the node: `text`, `retry`, or one that the flow names. */
  readonly text: string
  readonly gaps: Gaps
  readonly offers: readonly Offer[]
  /** What is said in its place where the SMS would get too long: something shorter, or nothing. */
  readonly brief?: readonly Reply[]
}
