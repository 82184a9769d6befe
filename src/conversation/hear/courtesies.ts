// Words that are only polite, in five languages: what stands beside an answer, a command or a wish and changes nothing.
import { withoutGladSigns } from './digits.ts'
import { foldWords } from './words.ts'

const courtesies = new Set([
  ...['please', 'pls', 'plz', 'kindly', 'thanks', 'thx', 'sorry', 'courtesy'],
  ...['hi', 'hello', 'hey', 'ok', 'okay', 'now', 'just', 'immediately'],
  ...['sir', 'madam', 'dear', 'thanku', 'thankyou'],
  ...['tafadhali', 'naomba', 'asante', 'ahsante', 'sana', 'shukrani', 'samahani', 'sasa', 'habari', 'jamani'],
  ...['कृपया', 'प्लीज', 'धन्यवाद', 'शुक्रिया', 'नमस्ते', 'जी', 'भाई', 'अब', 'सर', 'मैडम', 'भैया'],
  ...['kripya', 'dhanyavad', 'dhanyavaad', 'dhanyawad', 'shukriya', 'namaste', 'ji', 'bhai', 'bhaiya'],
  ...['porfa', 'porfavor', 'gracias', 'hola', 'ya', 'merci', 'svp', 'stp', 'bonjour', 'bonsoir', 'maintenant'],
])

const phrases = /\b(?:thank (?:you|u)|por favor|s['’ ]?il (?:vous|te) pla[iî]t|from now on)(?![\p{L}])/giu

/** A text with each courtesy of several words as one: "thank you". */
export const inOneWord = (text: string): string => text.replace(phrases, 'courtesy')

/** Folded words without the courtesies at both ends. */
export const withoutCourtesies = (words: readonly string[]): readonly string[] =>
  withoutEnds(words, (word) => courtesies.has(word))

/** A text as it was typed, without glad signs, and without the courtesies at both ends: "1 please" is "1". */
export function politely(text: string): string {
  const plain = withoutGladSigns(text)
  if (!/\p{L}/u.test(plain)) return plain.trim()
  const isOuter = (part: string) => part.trim() === '' || courtesies.has(foldWords(part))
  return withoutEnds(inOneWord(plain).split(/(\s+)/), isOuter).join('')
}

const leadsUp = [
  ...["it[s'’]{0,2}", 'it (?:is|was)', 'i mea(?:n|nt)', 'no', 'make it', 'hapana', 'ni', 'nilimaanisha', 'nahi'],
  ...['नहीं', 'मतलब', 'matlab', 'quise decir', 'digo', 'son', 'es', 'non', "c['’]est", 'je veux dire'],
]
const leadUp = new RegExp(String.raw`^(?:(?:${leadsUp.join('|')})[\s,.:]+)+`, 'iu')

/** A text without courtesies, and without what only leads up to it: "no, its 12" is "12". */
export const toThePoint = (text: string): string => politely(politely(text).replace(leadUp, ''))

function withoutEnds(words: readonly string[], isOuter: (word: string) => boolean): readonly string[] {
  const start = words.findIndex((word) => !isOuter(word))
  return start < 0 ? [] : words.slice(start, words.findLastIndex((word) => !isOuter(word)) + 1)
}

/** A text folded, without glad signs, and without the courtesies at both ends; whole where it is nothing else. */
export function plainly(text: string): string {
  const words = inOneWord(foldWords(withoutGladSigns(text))).split(/[\s,]+/)
  return withoutCourtesies(words).join(' ') || words.join(' ')
}

const thanks = new Set([
  ...['ok', 'okay', 'thanks', 'thx', 'courtesy', 'thanku', 'thankyou', 'asante', 'shukrani', 'gracias', 'merci'],
  ...['धन्यवाद', 'शुक्रिया', 'dhanyavad', 'dhanyavaad', 'dhanyawad', 'shukriya'],
])

/** Whether a text is thanks, or a plain "ok", and nothing else: it asks for nothing. */
export function isThanks(text: string): boolean {
  const words = inOneWord(foldWords(text)).split(/[\s,.!]+/)
  return withoutCourtesies(words).length === 0 && words.some((word) => thanks.has(word))
}
