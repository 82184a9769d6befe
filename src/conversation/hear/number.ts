// Numbers as people write them, in whole numbers of the field's smallest unit: "Rs 1,900/-" is 190000 hundredths.
// It never rounds a written decimal and never drops a word it does not know; two readings are settled by one rule.
import { politely } from './courtesies.ts'
import { foldDigits } from './digits.ts'
import { everyUnitWord, perWeight, unitWords } from './units.ts'
import { foldSpaces, foldWords } from './words.ts'
import { nothingWords } from './yes_no.ts'

const longest = 48
const marks: Record<string, string> = {
  '٬': "'",
  '’': "'",
  '،': ',',
  '，': ',',
  '．': '.',
  '−': '-',
  '–': '-',
  '½': '٫5',
  '¼': '٫25',
  '¾': '٫75',
}
const fraction = /\s?(?=[½¼¾])/g
const inDigits: Record<string, string> = { ' 1/2': '½', ' 1/4': '¼', ' 3/4': '¾' }
const fractionInDigits = /(?<=\d) (?:1\/[24]|3\/4)(?![\d/])/g
const marked = /[٬’،，．−–½¼¾]/g
const firstDigit = /\d/
const wordOrCurrency = /^[\p{L}\p{M}\p{Sc}. ]*$/u
const nothings = new Set([...nothingWords, 'nil', 'zero', 'sifuri', 'शून्य', 'shunya', 'cero'])
const numeral = /^[\d.,٫' ]+$/
const grouped = /^\d{1,3}([.,' ])\d{3}(?:\1\d{3})*$/
const groupedIndian = /^\d{1,2}(?:([, ])\d{2})(?:\1\d{2})*\1\d{3}$/
// The Arabic one; and in Spain "12'50" is twelve and a half: before three digits the mark parts thousands.
const plainPoint = /٫|(?<=\d)'(?=\d{1,2}$)/
const groupMarks = /[.,' ]/g

// Hindi counts halves and quarters from a whole: "साढ़े 8" is 8½, "सवा 8" 8¼ and "पौने 8" 7¾. Not "sawa", which is a
// yes in Swahili.
const half = '(?:सा(?:ढ\\u093c?|\\u095d)े|saadhe|sadhe|saade|saarhe|sarhe)'
const quarters = `(?:${half}|सवा|sava|पौने|paune)`
const fromWhole = new RegExp(`^(${quarters}) (\\d{1,2})(?![\\d.,:/])`, 'u')

// "8 horas y media", "8 heures et demie", "saa 8 na nusu", "8 and a half hours": the half comes after the whole.
const andHalf = '(?:y medi[ao]|et demie?|na nusu|and (?:a )?half)'
const minuteWord = '(?:m|min|mins|minutes?|minutos?|मिनट|dakika)'
const hourWord = [...unitWords.hours].join('|')
const halfAfter = new RegExp(`^((?:\\p{L}+ )?\\d{1,2}) ?(${hourWord})? ${andHalf}(?![\\p{L}\\p{N}])`, 'u')
const hoursAndMinutes = new RegExp(
  `^(\\d{1,3}) ?(?::|${hourWord})[.,]? ?(?:(?:and|y|et|और) )?` +
    `([0-5]\\d|\\d(?= ?${minuteWord})) ?${minuteWord}?\\.?$`,
  'u',
)
const clockHours = new RegExp(`^(\\d{1,3}):([0-5]\\d) ?(?:${hourWord})\\.?$`, 'u')
const minutesOnly = new RegExp(`^(\\d{1,3}) ?${minuteWord}\\.?$`, 'u')
const swahiliHours = /^(?:masaa|saa) (\d{1,3})(?: na)? dakika ([0-5]?\d)$/

/** One number that is written in several words: "8 1/2", "साढ़े 8", "8 hours 30 minutes", "80 per kg". */
export const severalWords = [
  String.raw`\p{Nd}+\s+(?:[1१]\/[24२४]|[3३]\/[4४])`,
  String.raw`${quarters}\s+\p{Nd}{1,2}(?:\s+(?:${hourWord}))?`,
  String.raw`\p{Nd}{1,2}\s*(?:${hourWord})?\s+${andHalf}(?:\s+(?:${hourWord}))?`,
  String.raw`\p{Nd}{1,3}\s*(?:${hourWord})[.,]?\s*(?:(?:and|y|et|और)\s+)?\p{Nd}{1,2}\s*${minuteWord}`,
  String.raw`(?:masaa|saa)\s+\p{Nd}{1,3}(?:\s+na)?\s+dakika\s+\p{Nd}{1,2}`,
  String.raw`\p{Nd}[\p{Nd}.,]*${perWeight}`,
].join('|')

/**
 * The number a member wrote, times ten to the power of `decimals`; undefined if it is none, has more decimals than
 * the field, or names a unit that is not among `units`. One "." or "," before exactly three digits separates
 * thousands ("1,234", "1.234"), except in a field of three or more decimals.
 */
export function readNumber(
  said: string,
  decimals: number,
  units: ReadonlySet<string> = everyUnitWord,
): number | undefined {
  if (nothings.has(foldWords(said))) return 0
  const text = plain(said)
  const first = text.length > longest ? -1 : text.search(firstDigit)
  if (first < 0) return undefined
  const start = startsWithPoint(text, first) ? first - 1 : first
  const end = lastDigit(text) + 1
  const lead = signed(text.slice(0, start))
  if (!lead || !isUnit(lead.word, units) || !isUnit(ending(text.slice(end)), units)) return undefined
  const size = readNumeral(text.slice(start, end), decimals)
  return size && lead.negative ? -size : size
}

/**
 * Hours as a number, or as hours and minutes: "8:30", "8:30 hrs", "8h30", "8 hrs 30 min", "45 min". Minutes become
 * the nearest hundredth of an hour; a field with fewer decimals takes only those that it can hold exactly.
 */
export function readHours(said: string, decimals: number): number | undefined {
  const text = plain(said)
  if (text.length > longest) return undefined
  const both = hoursAndMinutes.exec(text) ?? clockHours.exec(text) ?? swahiliHours.exec(text)
  if (both) return fromMinutes(Number(both[1]) * 60 + Number(both[2]), decimals)
  const minutes = minutesOnly.exec(text)
  if (minutes) return fromMinutes(Number(minutes[1]), decimals)
  return readNumber(said, decimals, unitWords.hours)
}

/** Whether it may be hours and minutes, or two numbers: "8 30". */
export const isSplitTime = (said: string): boolean => /^\d{1,2} [0-5]\d$/.test(plain(politely(said)))

function plain(said: string): string {
  return foldDigits(foldSpaces(said))
    .toLowerCase()
    .replace(fromWhole, (_, word: string, whole: string) => inFigures(word, Number(whole)))
    .replace(halfAfter, '$1½ $2')
    .replace(fractionInDigits, (written) => inDigits[written] ?? written)
    .replace(fraction, '')
    .replace(marked, (mark) => marks[mark] ?? mark)
}

function inFigures(word: string, whole: number): string {
  if (/^(?:सवा|sava)$/.test(word)) return `${whole}¼`
  return /^p|पौने/.test(word) ? `${whole - 1}¾` : `${whole}½`
}

// ".5" begins with its point; in "Rs.5" the point ends the word.
function startsWithPoint(text: string, first: number): boolean {
  return /[.,٫]/.test(text.charAt(first - 1)) && !/\p{L}|\p{M}/u.test(text.charAt(first - 2))
}

function lastDigit(text: string): number {
  let at = text.length - 1
  while (!firstDigit.test(text.charAt(at))) at--
  return at
}

function signed(lead: string): { word: string; negative: boolean } | undefined {
  const signs = lead.match(/[+-]/g) ?? []
  if (signs.length > 1 || /\p{L}[+-]/u.test(lead)) return undefined
  return { word: lead.replace(/[+-]/, '').trim(), negative: signs[0] === '-' }
}

// "1900/-" and "1900/=" are how rupees and shillings are written out.
function ending(tail: string): string {
  return tail
    .replace(/^ ?\/[-=]/, '')
    .replace(/[.,;!]$/, '')
    .trim()
}

function isUnit(word: string, units: ReadonlySet<string>): boolean {
  return word === '' || (wordOrCurrency.test(word) && units.has(foldWords(word)))
}

function readNumeral(written: string, decimals: number): number | undefined {
  if (!numeral.test(written)) return undefined
  const point = decimalPointAt(written, decimals)
  const whole = ungroup(point < 0 ? written : written.slice(0, point))
  const part = point < 0 ? '' : written.slice(point + 1).replace(/0+$/, '')
  if (whole === undefined || part.length > decimals || /\D/.test(part)) return undefined
  const size = Number(whole + part.padEnd(decimals, '0'))
  return Number.isSafeInteger(size) ? size : undefined
}

function decimalPointAt(written: string, decimals: number): number {
  const plainly = written.search(plainPoint)
  if (plainly >= 0) return plainly
  const dot = written.lastIndexOf('.')
  const comma = written.lastIndexOf(',')
  const last = Math.max(dot, comma)
  if (dot >= 0 && comma >= 0) return last
  const repeated = written.indexOf(dot >= 0 ? '.' : ',') !== last
  const thousands = decimals < 3 && /^[1-9]\d{0,2}[.,]\d{3}$/.test(written)
  return repeated || thousands ? -1 : last
}

function ungroup(whole: string): string | undefined {
  if (/^\d*$/.test(whole)) return whole || '0'
  return grouped.test(whole) || groupedIndian.test(whole) ? whole.replace(groupMarks, '') : undefined
}

function fromMinutes(minutes: number, decimals: number): number | undefined {
  const size = (minutes * 10 ** decimals) / 60
  return decimals >= 2 || Number.isInteger(size) ? Math.round(size) : undefined
}
