// One contact's place in the conversation, as plain JSON. It holds no text that she typed beyond the answers of a
// question that is open or may come back, and no address.
import type { Language } from '../coop/charter/charter.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
export type Answers = { readonly [name: string]: Json }

/** A question that waits for her. */
export interface Question {
  readonly flow: string
  readonly node: string
  readonly answers: Answers
  /** Counts the questions of this contact, so that a button says which one it belongs to. */
  readonly serial: number
  readonly askedAt: number
  readonly retries: number
  readonly reminded: boolean
  /** Whose words she was asked in: the charter's version, and her language. Sessions of earlier builds lack it. */
  readonly askedIn?: { readonly charter: number; readonly language: Language }
  /** The membership that it was put to: when that began, or that she had none. Sessions of earlier builds lack it. */
  readonly putTo?: number | 'outsider'
  /** The ids of what she could pick, in the order in which it was shown. */
  readonly offered?: readonly string[]
}

export interface Session {
  readonly language?: Language
  readonly open?: Question
  /** The question that an aside (a change of language, help) has put under itself. */
  readonly under?: Question
  /** The last question that ran out of time, for an answer that comes late. */
  readonly lapsed?: Question
  readonly serial: number
  /** Her messages without a pause, answered or not, for the guard against floods and robots. */
  readonly pace: { readonly at: number; readonly run: number }
}

export const newSession: Session = { serial: 0, pace: { at: 0, run: 0 } }
