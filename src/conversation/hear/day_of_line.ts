// The day of a report in one line, which closes it or opens it: "8.5 1900 300 yesterday", "3 Nov: 8.5 1900 300". It
// never takes a bare number for a day, and of a day that opens a line no number for its year.
import { type DayWords, isDate } from './date.ts'

/** A day as it was written, and the line without it. */
export interface Dated {
  readonly day: string
  readonly rest: string
}

const longest = 60
const wordCounts = [4, 3, 2, 1]
const closing = wordCounts.map(
  (count) => new RegExp(String.raw`(?:^|[\s,;])([^\s,;]+[,;]*(?:\s+\S+){${count - 1}})$`),
)
const opening = wordCounts.map((count) => new RegExp(String.raw`^((?:\S+\s+){${count - 1}}\S+?)(?=[\s,;:]|$)`))
const lead = /^[\s,;:]*(?:-\s+)?/
// A bare number, or one with a point, is an answer; a day has a letter, or its parts set apart.
const dayLike = /\p{L}|\d[/-]\d|\.\d+\./u

/**
 * The day that closes or opens a line, also where nobody can tell which it is: "Wed 17 Nov" of a Tuesday. Two of them
 * come as one that nobody can read, so that she is asked which. `alone`: "23/11" by itself is a day, and not two
 * answers.
 */
export function dayOfLine(line: string, alone: boolean, words: DayWords): Dated | undefined {
  const isDay = (dated: Dated) => mayBeDay(dated, alone) && isDate(dated.day, words)
  const closed = closings(line).find(isDay)
  const opened = openings(closed?.rest ?? line).find(isDay)
  return closed && opened ? { day: `${opened.day} ${closed.day}`, rest: opened.rest } : (closed ?? opened)
}

/** What stands beside the day that opens a line, or closes it; undefined where none does. */
export const besideDay = (line: string, words: DayWords): string | undefined =>
  [...openings(line), ...closings(line)].find((dated) => mayBeDay(dated, false) && isDate(dated.day, words))?.rest

const mayBeDay = ({ day, rest }: Dated, alone: boolean): boolean =>
  dayLike.test(day) && (alone || /\p{L}/u.test(day) || /[\p{L}\p{N}]/u.test(rest))

function closings(line: string): Dated[] {
  const days = matches(closing, line.slice(-longest)).filter((day) => hasOneNumber(day) || /^\p{Nd}/u.test(day))
  return days.map((day) => ({ day, rest: line.slice(0, line.length - day.length) }))
}

function openings(line: string): Dated[] {
  const days = matches(opening, line.slice(0, longest)).filter(hasOneNumber)
  return days.map((day) => ({ day, rest: line.slice(day.length).replace(lead, '') }))
}

const matches = (patterns: readonly RegExp[], text: string): string[] =>
  patterns.map((pattern) => pattern.exec(text)?.[1]).filter((day) => day !== undefined)

// "3 Nov 8 1900" is eight hours on 3 November and no day of the year 1900; "8 1900 3 Nov 2026" closes with its year.
const hasOneNumber = (day: string): boolean => day.split(/\s+/).filter((word) => /\p{Nd}/u.test(word)).length <= 1
