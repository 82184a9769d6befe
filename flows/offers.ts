// Offers by digit, made of what the charter or the world lists.
import type { Pickable } from '../src/conversation/flow.ts'
import type { Words } from '../src/coop/charter/charter.ts'

/** Numbered offers of anything that has a name. */
export const numbered = (things: readonly { readonly id: string; readonly name: Words }[]): Pickable[] =>
  things.map(({ id, name }, at) => ({ id, digit: at + 1, name: { words: name } }))
