// What a flow that asks for a language sees of its world: the co-op's languages, each by its own name, and the one
// that she has named.
import type { Pickable, Scene } from '../src/conversation/flow.ts'
import { readChoice } from '../src/conversation/hear/choice.ts'
import type { Language } from '../src/coop/charter/charter.ts'
import { otherNames, ownName } from '../src/coop/charter/language_names.ts'
import type { Fact } from '../src/coop/facts.ts'

export interface Answers {
  /** What followed the command. */
  rest: string
  language: Language
}
type Here = Scene<Answers>

/** The co-op's languages, each by its own name. */
export const offered = ({ world }: Here): Pickable[] =>
  world.charter.languages.map((id, at) => ({
    id,
    digit: at + 1,
    name: { words: { [id]: ownName[id] } },
    also: otherNames[id],
  }))

/** The language that her text names by digit, code or name; nothing where it names none of the co-op's. */
export function named({ world, answers }: Here): Partial<Answers> {
  const { languages } = world.charter
  const options = languages.map((id, at) => ({ digit: at + 1, names: [id, ownName[id], ...otherNames[id]] }))
  const digit = readChoice(answers.rest ?? '', options, 'names')
  const language = languages[(digit ?? 0) - 1]
  return language ? { language } : {}
}

/** The language that she is spoken to in from here on. */
export const chosen = ({ answers, language }: Here): Fact[] => [
  { fact: 'language_chosen', language: answers.language ?? language },
]
