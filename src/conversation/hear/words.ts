// Words as people type them, brought to one form: case, accents of Latin letters, digits, spaces, outer marks.
// It never guesses: two words that fold apart are two words. Vowel signs of Indic scripts are kept; a nukta of Hindi is
// dropped, and its chandrabindu written as the dot, since people leave out the one and write either of the others.
import { foldDigits } from './digits.ts'

const plainAscii = /^[\x20-\x7e]*$/
const invisible = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\ufe00-\ufe0f]/g
const space = /\s+/g
const fullWidth = /[\uff01-\uff5e]/g
const curlyApostrophe = /[\u2018\u2019\u02bc\u2032]/g
const latinMarks = /(?<=\p{Script=Latin})\p{Mn}+/gu
const nukta = /\u093c/g
const chandrabindu = /\u0901/g
const undecomposed = /[ßæœøłđðþı]/g
const plainer: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}
const edge = /[\s\p{P}`´~]/u
const separator = /[\s\p{P}]/u
const joint = /['’_]/
const restLead = /^[,;:.!?-]*\s*(?:[-:]\s+)?/

/** The text without invisible characters, each run of white space as one space, trimmed. */
export function foldSpaces(text: string): string {
  return text.replace(invisible, '').replace(space, ' ').trim()
}

/** The one form of a text under which names, commands and sentences are compared. */
export function foldWords(text: string): string {
  const folded = plainAscii.test(text) ? text.toLowerCase() : foldBeyondAscii(text)
  return stripEdges(folded.replace(space, ' '))
}

/** The first word of a message, folded: "JOIN, please" gives "join". */
export function firstWord(text: string): string {
  const [start, end] = firstWordSpan(text)
  return foldWords(text.slice(start, end))
}

/** What follows the first word, as it was typed: a name or a complaint keeps its case and accents. */
export function restAfterFirst(text: string): string {
  const [, end] = firstWordSpan(text)
  return text.slice(end).replace(restLead, '').trim()
}

function foldBeyondAscii(text: string): string {
  const lower = foldDigits(text)
    .replace(invisible, '')
    .replace(fullWidth, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(curlyApostrophe, "'")
    .toLowerCase()
  return lower
    .normalize('NFD')
    .replace(latinMarks, '')
    .replace(nukta, '')
    .replace(chandrabindu, '\u0902')
    .normalize('NFC')
    .replace(undecomposed, (letter) => plainer[letter] ?? letter)
}

// Walked by hand: a pattern anchored at the end alone is quadratic on long runs of dots.
function stripEdges(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && edge.test(text.charAt(start))) start++
  while (end > start && edge.test(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

function firstWordSpan(text: string): [start: number, end: number] {
  let start = 0
  while (start < text.length && separator.test(text.charAt(start))) start++
  let end = start
  while (end < text.length && !endsWord(text.charAt(end))) end++
  return [start, end]
}

function endsWord(character: string): boolean {
  return separator.test(character) && !joint.test(character)
}
