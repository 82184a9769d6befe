// Words that are only polite, in five languages: what stands beside an answer, a command or a wish and changes nothing.
import { foldWords } from './words.ts'

const courtesies = new Set([
  ...[
    'please',
    'pls',
    'plz',
    'kindly',
    'thanks',
    'thx',
    'hi',
    'hello',
    'hey',
    'ok',
    'okay',
    'now',
    'sorry',
    'just',
  ],
  ...['sir', 'madam', 'dear', 'immediately', 'courtesy'],
  ...['tafadhali', 'naomba', 'asante', 'samahani', 'sasa', 'habari', 'jamani'],
  ...['कृपया', 'प्लीज', 'धन्यवाद', 'शुक्रिया', 'नमस्ते', 'जी', 'भाई', 'अब'],
  ...['porfa', 'gracias', 'hola', 'ya', 'merci', 'svp', 'stp', 'bonjour', 'maintenant'],
])

/** Folded words without the courtesies at both ends. */
export function withoutCourtesies(words: readonly string[]): readonly string[] {
  let end = words.length
  let start = 0
  while (end > start && courtesies.has(words[end - 1] ?? '')) end--
  while (start < end && courtesies.has(words[start] ?? '')) start++
  return words.slice(start, end)
}

/** A text as it was typed, without the courtesies at both ends: "1 please" is "1". */
export function politely(text: string): string {
  if (!/\p{L}/u.test(text)) return text
  const words = text.split(' ')
  const isCourtesy = (word: string | undefined) => word !== undefined && courtesies.has(foldWords(word))
  while (isCourtesy(words.at(-1))) words.pop()
  while (isCourtesy(words[0])) words.shift()
  return words.join(' ')
}

/** A text folded, without the courtesies at both ends; whole where it is nothing else. */
export function plainly(text: string): string {
  const words = foldWords(text).split(/[\s,]+/)
  return withoutCourtesies(words).join(' ') || words.join(' ')
}
