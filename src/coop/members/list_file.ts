// The file by which an organiser invites members: CSV with the columns phone and, if she likes, language. A line that
// is not right is named by its number in the file; the phone number on it is never repeated.
import { CsvError, parse } from 'csv-parse/sync'
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { type Charter, type Language, languages } from '../charter/charter.ts'

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

/** Reads the whole file: who is invited, and which lines are not right. */
export function readMemberList(
  source: string,
  charter: Pick<Charter, 'country' | 'languages'>,
): { readonly invited: readonly Invited[]; readonly bad: readonly BadLine[] } {
  const invited: Invited[] = []
  const bad: BadLine[] = []
  const seen = new Map<string, number>()
  for (const { line, cells } of linesOf(source)) {
    const read = readLine(cells, charter)
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

/** What makes the file as a whole unreadable. */
class MemberListError extends Error {}

type Cells = Readonly<Record<string, string>>
interface Line {
  readonly record: Cells
  readonly info: { readonly lines: number }
}

function linesOf(source: string): { line: number; cells: Cells }[] {
  const known = ['phone', 'language']
  const columns = (header: string[]) => {
    const names = header.map((name) => name.toLowerCase())
    const strange = names.find((name) => !known.includes(name))
    if (strange !== undefined || !names.includes('phone') || new Set(names).size < names.length) {
      throw new MemberListError(
        'The first line must name the columns, each once: phone, or phone,language, with a comma between.',
      )
    }
    return names
  }
  try {
    const options = { columns, info: true, bom: true, trim: true, skip_empty_lines: true } as const
    const records = parse<Line>(source, { ...options, relax_column_count_less: true })
    if (records.length === 0)
      throw new MemberListError('The file invites nobody: below phone,language stands no line.')
    return records.map(({ record, info }) => ({ line: info.lines, cells: record }))
  } catch (error) {
    if (error instanceof MemberListError) throw error
    if (error instanceof CsvError && error.code === 'CSV_RECORD_INCONSISTENT_COLUMNS')
      throw new MemberListError(`Line ${error.lines} has more columns than the first line names: name them there.`)
    // The parser's own message repeats what stands on the line.
    throw new MemberListError(`The file is not CSV: look for a quote that is not closed${unclosedIn(source)}.`)
  }
}

function unclosedIn(source: string): string {
  const line = source.split(/\r?\n/).findIndex((each) => each.split('"').length % 2 === 0)
  return line < 0 ? '' : `, on line ${line + 1}`
}

function readLine(
  cells: Cells,
  { country, languages: spoken }: Pick<Charter, 'country' | 'languages'>,
): { phone: string; language: Language } | { why: string } {
  if (!cells.phone) return { why: 'has no phone' }
  const [first = 'en'] = spoken
  const language = cells.language ? languages.find((each) => each === cells.language?.toLowerCase()) : first
  if (!language || !spoken.includes(language)) return { why: `has a language that is none of ${spoken.join(', ')}` }
  const phone = readPhone(cells.phone, country)
  return phone ? { phone, language } : { why: `has no phone number that could be one in ${country} or with +` }
}

// What a spreadsheet makes of a number that it took for an amount.
const fraction = /^\+?\d+[.,]\d{0,2}$/

function readPhone(text: string, country: string): string | undefined {
  if (fraction.test(text)) return undefined
  const number = parsePhoneNumberFromString(text, {
    extract: false,
    ...(isSupportedCountry(country) && { defaultCountry: country }),
  })
  // In national form a digit too many or too few still makes a number: of somebody else.
  const isOne = text.startsWith('+') ? number?.isPossible() : number?.isValid()
  return number && isOne && !number.ext ? number.number : undefined
}
