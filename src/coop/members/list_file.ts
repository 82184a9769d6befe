// The file by which an organiser invites members: CSV with the columns phone and, if she likes, language, with commas,
// semicolons or tabs between. A line that is not right is named by its number; the phone on it is never repeated.
import { CsvError, parse } from 'csv-parse/sync'
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { foldSpaces } from '../../conversation/hear/words.ts'
import { type Charter, type Language, languages } from '../charter/charter.ts'
import { phoneOf } from './address.ts'

export interface Invited {
  readonly line: number
  /** E.164 */
  readonly phone: string
  readonly language: Language
}
export interface BadLine {
  readonly line: number
  readonly why: string
}

type Coop = Pick<Charter, 'country' | 'languages' | 'senders'>

/** Reads the whole file: who is invited, and which lines are not right. */
export function readMemberList(
  source: string,
  coop: Coop,
): { readonly invited: readonly Invited[]; readonly bad: readonly BadLine[] } {
  const invited: Invited[] = []
  const bad: BadLine[] = []
  const seen = new Map<string, number>()
  for (const { line, phone: written, language } of peopleOf(source)) {
    const read = readPerson(written, language, coop)
    const before = 'phone' in read ? seen.get(read.phone) : undefined
    if (!('phone' in read)) bad.push({ line, why: read.why })
    else if (before !== undefined) bad.push({ line, why: `has the same phone as line ${before}` })
    else {
      seen.set(read.phone, line)
      invited.push({ line, ...read })
    }
  }
  return { invited, bad }
}

/** What makes the file as a whole unreadable, and the line that shows it. */
export class MemberListError extends Error {
  readonly line: number
  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

interface Row {
  readonly line: number
  readonly cells: readonly string[]
}
interface Person {
  readonly line: number
  readonly phone: string | undefined
  readonly language: string | undefined
}

function peopleOf(source: string): Person[] {
  const [first, ...others] = rowsOf(source)
  const names = first ? columnsOf(first) : []
  const surplus = others.find(({ cells }) => cells.length > names.length)
  if (first && surplus) {
    const message = `has more columns than the ${names.length} that line ${first.line} names: take the others out`
    throw new MemberListError(surplus.line, message)
  }
  if (others.length === 0)
    throw new MemberListError(first?.line ?? 1, 'invites nobody: below phone,language stands no line')
  const [phone, language] = ['phone', 'language'].map((name) => names.indexOf(name))
  return others.map(({ line, cells }) => ({ line, phone: cells[phone ?? -1], language: cells[language ?? -1] }))
}

const known = ['phone', 'language']

function columnsOf({ line, cells }: Row): string[] {
  const names = cells.map((name) => name.toLowerCase())
  const isRight =
    names.includes('phone') && names.every((name, at) => known.includes(name) && names.indexOf(name) === at)
  if (isRight) return names
  // A first line that is a person already holds a phone.
  const found = cells.map((name) => (/\d/.test(name) ? 'a number' : `"${name.slice(0, 20)}"`)).join(', ')
  throw new MemberListError(
    line,
    `names the columns ${found}: write phone, or phone,language, each once, and take the others out`,
  )
}

/** The lines that hold anything, without the empty columns that a spreadsheet puts behind them. */
function rowsOf(source: string): Row[] {
  const text = source.replace(/^\uFEFF/, '')
  const named = /^"?sep=(.)"?\r?$/m.exec(text)
  const whole = named?.index === 0 ? text.replace(named[0], '') : text
  const delimiter = (named?.index === 0 && named[1]) || separatorOf(whole)
  const rows: Row[] = []
  const take = (cells: string[], { lines: line }: { readonly lines: number }) => {
    rows.push({ line, cells: cells.slice(0, cells.findLastIndex(Boolean) + 1) })
    return null
  }
  try {
    parse(whole, { delimiter, trim: true, relax_column_count: true, on_record: take })
    return rows.filter(({ cells }) => cells.length > 0)
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    // The parser's own message repeats what stands on the line.
    throw new MemberListError(unclosedIn(text), 'has a quote that is not closed, or that stands within a text')
  }
}

function separatorOf(text: string): string {
  const [header = ''] = text.trimStart().split(/[\r\n]/, 1)
  return [',', ';', '\t'].find((separator) => header.includes(separator)) ?? ','
}

function unclosedIn(source: string): number {
  const line = source.split(/\r?\n/).findIndex((each) => each.split('"').length % 2 === 0)
  return line < 0 ? 1 : line + 1
}

function readPerson(
  written: string | undefined,
  named: string | undefined,
  { country, languages: spoken, senders }: Coop,
): { phone: string; language: Language } | { why: string } {
  if (!written) return { why: 'has no phone' }
  const [first = 'en'] = spoken
  const language = named ? languages.find((each) => each === named.toLowerCase()) : first
  if (!language || !spoken.includes(language)) return { why: strangeLanguage(named ?? '', spoken) }
  // What is copied from a phone's list may bring marks that nobody sees.
  const visible = foldSpaces(written)
  const phone = readPhone(visible, country)
  if (!phone) return { why: strangePhone(visible, country) }
  if (senders.some(({ address }) => phoneOf(address) === phone)) {
    return { why: "has the co-op's own number, by which it sends: members have others" }
  }
  return { phone, language }
}

const strangeLanguage = (named: string, spoken: readonly Language[]): string =>
  `has the language ${/\d/.test(named) ? 'of a number' : `"${named.slice(0, 20)}"`}; write ${spoken.join(' or ')}`

// What it is made of, and never the number itself.
function strangePhone(written: string, country: string): string {
  if (amount.test(written))
    return 'has a phone of which a spreadsheet made an amount: format the column as text, and write it again'
  const digits = written.replaceAll(/\P{Nd}/gu, '').length
  if (/[^\p{Nd}\s()+.-]/u.test(written) || digits === 0)
    return 'has no phone number, or not one alone: take out what else stands there'
  return `has no phone number of ${country} (digits: ${digits}): write it whole, or with + and its country`
}

// What a spreadsheet makes of a number that it took for an amount.
const amount = /^\+?\d+(?:[.,]\d{0,2}|(?:[.,]\d+)?e\+?\d+)$/iu

function readPhone(text: string, country: string): string | undefined {
  if (amount.test(text)) return undefined
  const number = parsePhoneNumberFromString(text, {
    extract: false,
    ...(isSupportedCountry(country) && { defaultCountry: country }),
  })
  // In national form a digit too many or too few still makes a number: of somebody else.
  const isOne = text.startsWith('+') ? number?.isPossible() : number?.isValid()
  return number && isOne && !number.ext ? number.number : undefined
}
