// Lists that several flows offer by digit, made from the charter and the world.

import type { Pickable } from '../src/conversation/flow.ts'
import { readChoice } from '../src/conversation/hear/choice.ts'
import type { Proposal } from '../src/conversation/world.ts'
import type { Charter, Language, Words } from '../src/coop/charter/charter.ts'

const own: Readonly<Record<Language, string>> = {
  en: 'English',
  hi: 'हिन्दी',
  sw: 'Kiswahili',
  es: 'Español',
  fr: 'Français',
}
const romanised: Readonly<Record<Language, readonly string[]>> = {
  en: ['EN'],
  hi: ['HI', 'HINDI'],
  sw: ['SW', 'SWAHILI'],
  es: ['ES', 'SPANISH'],
  fr: ['FR', 'FRENCH'],
}

/** The co-op's languages, each by its own name. */
export const languageOffers = (charter: Charter): Pickable[] =>
  charter.languages.map((id, at) => ({ id, digit: at + 1, name: { words: { [id]: own[id] } } }))

/** The language that a text names by digit, code or name; nothing where it names none of the co-op's. */
export function languageCalled(charter: Charter, said: string | undefined): { language?: Language } {
  const options = charter.languages.map((id, at) => ({ digit: at + 1, names: [own[id], ...romanised[id]] }))
  const digit = readChoice(said ?? '', options, 'names')
  const language = charter.languages[(digit ?? 0) - 1]
  return language ? { language } : {}
}

/** Numbered offers of anything that has a name. */
export const numbered = (things: readonly { readonly id: string; readonly name: Words }[]): Pickable[] =>
  things.map(({ id, name }, at) => ({ id, digit: at + 1, name: { words: name } }))

export const proposalOffers = (proposals: readonly Proposal[]): Pickable[] =>
  numbered(proposals.map((proposal) => ({ id: proposal.slug, name: proposal.title })))
