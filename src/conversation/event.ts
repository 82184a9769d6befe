// What can happen to a conversation. A broadcast is none of it: it starts nothing.
import type { Answers } from './session.ts'

/**
 * When a message came, where it is heard only later: what was put to her since, it does not answer, and its today is
 * that day.
 */
export interface Written {
  readonly writtenAt?: number
}

export type Event = Written & Happening
type Happening =
  /** A command, or a button of an earlier message, starts a flow. One that `cancels` keeps no form that was begun. */
  | { readonly event: 'started'; readonly flow: string; readonly answers: Answers }
  /** A text for the question that is open. */
  | { readonly event: 'said'; readonly text: string }
  /** A text that nothing waits for: a late answer, an answer to a call, or none of these. */
  | { readonly event: 'volunteered'; readonly text: string }
  /** A button of the question that is open. */
  | { readonly event: 'pressed'; readonly digit: number }
  /** A picture, a voice note or a place, without a text. */
  | { readonly event: 'attached' }
  /** The clock: an open question has waited. */
  | { readonly event: 'expired' }

/** The event that starts a flow with these answers. */
export const started = (flow: string, answers: Answers = {}): Event => ({ event: 'started', flow, answers })
