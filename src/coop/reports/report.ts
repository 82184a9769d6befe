// A report as its member, and every step of her conversation, sees it.
import type { Values } from './values.ts'

/** One of her reports: the current version under its key. */
export interface Report {
  readonly form: string
  readonly key: string
  readonly version: number
  readonly values: Values
  readonly figures: Values
  readonly madeAt: number
  /** When it joins the pool; until then UNDO removes it. */
  readonly poolAt: number
}
