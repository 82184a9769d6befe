// Words that are only polite, in five languages: what stands beside an answer, a command or a wish and changes nothing.
import { foldWords } from './words.ts'

const courtesies = new Set([
  ...['please', 'pls', 'plz', 'kindly', 'thanks', 'thx', 'sorry', 'courtesy'],
  ...['hi', 'hello', 'hey', 'ok', 'okay', 'now', 'just', 'immediately'],
  ...['sir', 'madam', 'dear'],
  ...['tafadhali', 'naomba', 'asante', 'samahani', 'sasa', 'habari', 'jamani'],
  ...['कृपया', 'प्लीज', 'धन्यवाद', 'शुक्रिया', 'नमस्ते', 'जी', 'भाई', 'अब'],
  ...['porfa', 'gracias', 'hola', 'ya', 'merci', 'svp', 'stp', 'bonjour', 'maintenant'],
])

/** Folded words without the courtesies at both ends. */
export const withoutCourtesies = (words: readonly string[]): readonly string[] =>
  withoutEnds(words, (word) => courtesies.has(word))

/** A text as it was typed, without the courtesies at both ends: "1 please" is "1". */
export const politely = (text: string): string =>
  /\p{L}/u.test(text) ? withoutEnds(text.split(' '), (word) => courtesies.has(foldWords(word))).join(' ') : text

function withoutEnds(words: readonly string[], isOuter: (word: string) => boolean): readonly string[] {
  const start = words.findIndex((word) => !isOuter(word))
  return start < 0 ? [] : words.slice(start, words.findLastIndex((word) => !isOuter(word)) + 1)
}

/** A text folded, without the courtesies at both ends; whole where it is nothing else. */
export function plainly(text: string): string {
  const words = foldWords(text).split(/[\s,]+/)
  return withoutCourtesies(words).join(' ') || words.join(' ')
}
