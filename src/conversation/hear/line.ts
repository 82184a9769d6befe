// A report in one line, "8.5 1900 300", cut into the answers it holds; what each answer means is for its reader.
// It never skips an answer: a word that is no answer stays in its place, and "8.5;;300" has an empty one.
import { readHours, readNumber, severalWords } from './number.ts'
import { everyUnitWord, unitWords } from './units.ts'
import { foldSpaces, foldWords } from './words.ts'

const longest = 1600
// A number in several words, quoted words, or a hard separator, or a word; "1,900", "3/11" and "1900/-" are words,
// ", " and " / " separate.
const piece = new RegExp(
  [
    String.raw`((?<![^\s;；؛#*])(?:${severalWords})(?![^\s;；؛#*,،.]|[,،.]\S))`,
    '"([^"]*)"|“([^“”]*)”',
    String.raw`([;；؛#*]|[,،](?!\S)|(?<!\S)\/(?![-=])|\/(?!\S))`,
    String.raw`((?:[^\s;；؛#*"“,،/]|[,،](?=\S)|(?<=\S)\/(?=\S)|\/(?=[-=]))+)`,
  ].join('|'),
  'giu',
)
const slash = /\/(?![-=])/g
const oneWord = /^[^\s;；؛#*"“]+$/
const leadingCommas = /^[,،]+(?!\p{Nd})/u
// "1,900" and "8,5" are numbers, "8,1900" and "1900,300" are two.
const twoNumbers = /\p{Nd}{4}[,،]\p{Nd}{3}|[,،]\p{Nd}{4}/u
const startsWithDigit = /^[+-]?[.,]?\p{Nd}/u
const bareNumber = /^[+-]?[\p{Nd}.,:٫٬'½¼¾]+(?:\s\p{Nd}\/\p{Nd})?$/u
const writtenOut = /^\/[-=]$/

/**
 * The answers of one line, as typed. White space, ";", "#", "*", comma and space separate; "/" does so between
 * spaces, or where nothing else does ("8.5/1900/300"), since "3/11" is a day. Words for money beside a number are
 * dropped, other units stay with their number: "Rs 1900" gives "1900", "8.5 hrs" stays one. A unit between two numbers
 * is the first one's, or the second's where it is one of those that lead: in Swahili "45 kilo 20".
 */
export function splitLine(said: string, leading: ReadonlySet<string> = new Set()): string[] {
  const line = undashed(said.slice(0, longest).trim())
  return joinUnits(cut(oneWord.test(line) ? line.replace(slash, ';') : line), leading)
}

// "8 - 1900 - 300": where every gap of three answers or more holds a dash, none stands for an answer left out.
function undashed(line: string): string {
  const words = line.split(/\s+/)
  const isDashed =
    words.length >= 5 && words.length % 2 === 1 && words.every((word, at) => (at % 2 === 1) === isDash(word))
  return isDashed ? words.filter((word) => !isDash(word)).join(';') : line
}

const isDash = (word: string): boolean => /^[-–—]$/.test(word)

const separators = /[\s,;]+/
const numberFirst = /^[^\p{L}]*\p{Nd}/u

/** Whether a line begins with two numbers, as a report does, and no word before either: "8.5 1900 ..". */
export function beginsWithNumbers(said: string): boolean {
  const [first, second] = said
    .slice(0, longest)
    .split(separators, 3)
    .filter((word) => word !== '')
  return first !== undefined && second !== undefined && numberFirst.test(first) && numberFirst.test(second)
}

/** Whether each answer of a line is one digit: "1 2", "1, 1", "3 2 1". */
export const areDigits = (said: string): boolean => splitLine(said).every((answer) => /^\p{Nd}[.)]?$/u.test(answer))

/**
 * Whether a line is so many numbers or more, and nothing else but their units: "8.5 hrs Rs 1900 Rs 300". Without
 * a space it is a date or a code, such as "*99*1*3#".
 */
export function isAllNumbers(said: string, least: number): boolean {
  if (!/\s/.test(said.trim()) || /^\s*[*#]/.test(said)) return false
  const answers = splitLine(said)
  return answers.length >= Math.max(2, least) && answers.every(isNumber)
}

const isNumber = (answer: string): boolean =>
  readHours(answer, 6) !== undefined || readNumber(answer, 6) !== undefined

function cut(said: string): string[] {
  const pieces: string[] = []
  let open = false
  for (const [, number, quoted, curly, separator, word] of said.matchAll(piece)) {
    if (word !== undefined) pieces.push(...commasApart(word))
    else if (separator === undefined) pieces.push(foldSpaces(number ?? quoted ?? curly ?? ''))
    else if (open) pieces.push('')
    open = separator !== undefined && pieces.length > 0
  }
  return pieces
}

// Commas separate wherever they are not part of a number: "8.5,1900,300", "kitunguu,molo,60".
function commasApart(said: string): string[] {
  const word = foldSpaces(said).replace(leadingCommas, '')
  const isOne = !/[,،]/.test(word) || (readNumber(word, 6) !== undefined && !twoNumbers.test(word))
  return isOne ? [word] : word.split(/[,،]/)
}

function joinUnits(words: readonly string[], leading: ReadonlySet<string>): string[] {
  const answers: string[] = []
  let waiting = ''
  for (const [at, word] of words.entries()) {
    const folded = foldWords(word)
    const before = answers.at(-1) ?? ''
    const numberAhead = startsWithDigit.test(words[at + 1] ?? '')
    if (writtenOut.test(word) && bareNumber.test(before)) continue
    if (unitWords.money.has(folded) && (numberAhead || bareNumber.test(before))) continue
    const follows = bareNumber.test(before) && !(leading.has(folded) && numberAhead)
    if (everyUnitWord.has(folded) && follows) answers.push(`${answers.pop()} ${word}`)
    else if (everyUnitWord.has(folded) && numberAhead) waiting = `${word} `
    else {
      answers.push(waiting + word)
      waiting = ''
    }
  }
  return answers
}
