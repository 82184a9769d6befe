// A plain yes, a plain no and a plain nothing, in five languages: answers where only her own report hangs on them; a no
// is one to a consent as well. Folded words; courtesies beside them are dropped before.
import { plainly } from './courtesies.ts'

export const yesWords: readonly string[] = [
  ...['yes', 'y', 'yeah', 'yep', 'haan', 'han', 'हाँ', 'हां', 'ndiyo', 'ndio', 'si', 'claro', 'oui'],
]

/** They agree with what she has just read, and ask for nothing more. */
export const rightWords: readonly string[] = [
  ...['ok', 'okay', 'right', 'correct', 'sahi', 'sahi hai', 'सही', 'सही है', 'ठीक है', 'sawa'],
]

export const noWords: readonly string[] = [
  ...['no', 'n', 'nope', 'wrong', 'nahi', 'nahin', 'galat', 'नहीं', 'ना', 'गलत'],
  ...['hapana', 'sitaki', 'non'],
]

/** There is none of it: no amount, or no answer to what may be left out. */
export const nothingWords: readonly string[] = ['none', 'nothing', 'hakuna', 'nada', 'rien']

/** Whether a text is one of these words, courtesies aside. */
export const isOneOf = (words: readonly string[], said: string): boolean => words.includes(plainly(said))
