// A message as the plain clauses that it is made of. A sentence counts only as a whole clause, never by a word in it.
import type { Language } from '../../coop/charter/charter.ts'
import { inOneWord, withoutCourtesies } from './courtesies.ts'
import { foldWords } from './words.ts'

const longestMessage = 1600
const longestClause = 120
const clauseEnd = /[.!?;,\n।|]+/
const optOut = /\bopt[ -]out\b/g
const notTokens = /[^\p{L}\p{M}\p{N}]+/gu

/** Folded, without marks, apostrophes and outer courtesies; what is too long for a sentence is left out. */
export function clausesOf(text: string): string[] {
  const clauses = text.slice(0, longestMessage).split(clauseEnd)
  return clauses.filter((clause) => clause.length <= longestClause).map(plainClause)
}

/** The ways to say something, each a whole clause. */
export const clause = (...ways: readonly string[]) => new RegExp(`^(?:${ways.join('|')})$`, 'u')

/** The ways to say something in each language. */
export type Sentences = Readonly<Record<Language, RegExp>>

/** Whether one of the clauses is one of the sentences, in whatever language. */
export function saysOneOf(sentences: Sentences, clauses: readonly string[]): boolean {
  const ways = Object.values(sentences)
  return clauses.some((clause) => ways.some((sentence) => sentence.test(clause)))
}

// Apostrophes go, so that "don't" and "dont", "m'envoyer" and "menvoyer" are one; courtesies at the ends go too.
function plainClause(clause: string): string {
  const words = inOneWord(foldWords(clause))
    .replaceAll("'", '')
    .replace(optOut, 'optout')
    .replace(notTokens, ' ')
    .split(' ')
  return withoutCourtesies(words).join(' ').trim()
}
