// Days as people write them, day before month, to YYYY-MM-DD. It has no clock: today is told to it.
// A day without its year is the latest such day, or the next one if that is within a month; a day of the month or of
// the week alone is the latest that is not in the future.
import { addDays, dayMs, mondayOf, weekdayOf } from '../../coop/calendar.ts'
import { languages } from '../../coop/charter/charter.ts'
import { foldWords } from './words.ts'

// "कल" is yesterday and tomorrow: of a day that is reported only the first makes sense.
const away = { day_before_yesterday: -2, yesterday: -1, today: 0, tomorrow: 1, day_after_tomorrow: 2 } as const

/**
 * What a language calls the days around today, and the days of the week where it is short or has other names. `last`
 * says of a day of the week that it is over.
 */
export type NamedDays = Partial<Record<keyof typeof away | 'weekdays' | 'last', readonly string[]>> & {
  readonly other_weekdays?: readonly (readonly string[])[] | undefined
}

export interface DayWords {
  /** Folded words for the days around today, and how far each lies from it: "yesterday" is -1. */
  readonly near: ReadonlyMap<string, number>
  /** Folded names of the days of the week but the long ones, from Sunday: 0. */
  readonly weekdays: ReadonlyMap<string, number>
  /** Folded words for a day of the week that is over: "last Sunday". */
  readonly last: ReadonlySet<string>
}

/** The words of several languages, folded once. */
export const dayWordsOf = (named: readonly NamedDays[]): DayWords => ({
  near: new Map(
    named.flatMap((words) =>
      Object.entries(away).flatMap(([name, days]) =>
        (words[name as keyof typeof away] ?? []).map((word): [string, number] => [foldWords(word), days]),
      ),
    ),
  ),
  weekdays: new Map(
    named.flatMap(({ weekdays = [], other_weekdays = [] }) => [
      ...weekdays.map((name, at) => [foldWords(name), at] as const),
      ...other_weekdays.flatMap((names, at) => names.map((name) => [foldWords(name), at] as const)),
    ]),
  ),
  last: new Set(named.flatMap(({ last = [] }) => last.map(foldWords))),
})

const longest = 48
const fillers = new Set([
  ...['on', 'the', 'of', 'st', 'nd', 'rd', 'th', 'tarehe', 'tarikh', 'तारीख', 'को', 'ko'],
  ...['el', 'de', 'del', 'dia', 'le', 'du', 'er', 're', 'º', 'ª'],
])
const spacedMark = /\s?[-/.\\]\s?/g
const digitBesideLetter = /(?<=\d)(?=\p{L})|(?<=[\p{L}\p{M}])(?=\d)/gu
const dayFirst = /^(\d{1,2})(?:([-/. ])(\d{1,2})(?:\2(\d{4}|\d{2}))?)?$/
const yearFirst = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/

interface Written {
  readonly day: number
  readonly month?: number
  readonly year?: number
}

/**
 * The day that was meant, or undefined: impossible days and months are not understood, never moved, nor is one that is
 * no such day of the week, or of which two may be meant.
 */
export function readDate(said: string, today: string, words: DayWords): string | undefined {
  const read = reading(said, today, words)
  return read?.isPlain ? read.day : undefined
}

/** Whether something is a day, which does not hang on which day it is today. */
export const isDate = (said: string, words: DayWords): boolean => reading(said, '2026-01-31', words) !== undefined

interface Read {
  readonly day: string
  readonly isPlain: boolean
}

function reading(said: string, today: string, words: DayWords): Read | undefined {
  const text = foldWords(said)
  if (text === '' || text.length > longest) return undefined
  const near = words.near.get(text)
  if (near !== undefined) return { day: addDays(today, near), isPlain: true }
  // "El lunes", "on Monday", "सोमवार को" are the day itself.
  const bare = text.split(' ').filter((part) => !fillers.has(part))
  const weekday = weekdayNamed(bare.join(' '), words)
  // "Mar" alone may be a Tuesday in Spanish, or a March without its day.
  if (weekday !== undefined && !monthNames().has(text)) return { day: latest(weekday, today), isPlain: true }
  const past = pastWeekday(bare, words)
  if (past !== undefined) return lastOne(past, today)
  const whole = dateIn(text, today)
  if (whole !== undefined) return { day: whole, isPlain: true }
  const named = afterWeekday(text, words)
  const day = named && dateIn(named.rest, today)
  return day === undefined ? undefined : { day, isPlain: named?.weekday === weekdayOf(day) }
}

/** The day of the week of "last Sunday", "Sunday last", "el lunes pasado". */
function pastWeekday([first = '', second = '', ...more]: readonly string[], words: DayWords): number | undefined {
  if (more.length > 0) return undefined
  if (words.last.has(first)) return weekdayNamed(second, words)
  return words.last.has(second) ? weekdayNamed(first, words) : undefined
}

// On a Tuesday "last Monday" may be yesterday, or the Monday of last week.
function lastOne(weekday: number, today: string): Read {
  const day = latest(weekday, addDays(today, -1))
  return { day, isPlain: day < mondayOf(today) }
}

function dateIn(text: string, today: string): string | undefined {
  const written = inDigits(text.replace(spacedMark, trimmed), today) ?? withMonthName(text, today)
  return written && resolve(written, today)
}

// We write "Tue 17 Nov", so she may. In Spanish "mar 17" is a day of March, and read as one first; a number alone, or
// "8.5", is more likely her hours.
function afterWeekday(text: string, words: DayWords): { weekday: number; rest: string } | undefined {
  const [, name = '', rest = ''] = /^([\p{L}\p{M}]+)[.,]* (.+)$/u.exec(text) ?? []
  const weekday = weekdayNamed(name, words)
  return weekday !== undefined && /[\p{L}/-]/u.test(rest) ? { weekday, rest } : undefined
}

const weekdayNamed = (name: string, { weekdays }: DayWords): number | undefined =>
  weekdays.get(name) ?? longWeekdays().get(name)

const latest = (weekday: number, today: string): string => addDays(today, -((weekdayOf(today) - weekday + 7) % 7))

function trimmed(mark: string): string {
  return mark.trim().replace('\\', '/')
}

function inDigits(text: string, today: string): Written | undefined {
  const iso = yearFirst.exec(text)
  if (iso) return { year: Number(iso[1]), month: Number(iso[3]), day: Number(iso[4]) }
  const [, day, , month, year] = dayFirst.exec(text) ?? []
  if (day === undefined) return undefined
  if (month === undefined) return { day: Number(day) }
  return { day: Number(day), month: Number(month), ...yearOf(year, today) }
}

function withMonthName(text: string, today: string): Written | undefined {
  const parts = text.replace(digitBesideLetter, ' ').split(/[\s,./-]+/)
  const [first, second, year, ...more] = parts.filter((part) => !fillers.has(part))
  if (first === undefined || more.length > 0) return undefined
  if (second === undefined) return isDay(first) ? { day: Number(first) } : undefined
  if (year !== undefined && !/^(?:\d{4}|\d{2})$/.test(year)) return undefined
  const [day, name] = isDay(first) ? [first, second] : [second, first]
  const month = monthNames().get(foldMonth(name))
  return isDay(day) && month ? { day: Number(day), month, ...yearOf(year, today) } : undefined
}

function isDay(part: string): boolean {
  return /^\d{1,2}$/.test(part)
}

// Two digits are a year of this century up to twenty years ahead, else of the last.
function yearOf(written: string | undefined, today: string): { year?: number } {
  if (written === undefined) return {}
  const year = Number(written)
  if (written.length === 4) return { year }
  return { year: 2000 + year <= Number(today.slice(0, 4)) + 20 ? 2000 + year : 1900 + year }
}

function resolve({ day, month, year }: Written, today: string): string | undefined {
  if (month !== undefined && year !== undefined) return dateOf(year, month, day)
  const latest = Number(today.slice(0, 4)) * 12 + (month ?? Number(today.slice(5, 7))) - 1
  // Back by years as far as a 29 February may be, or by months as far as any day of a month may be.
  const [step, steps] = month === undefined ? [1, 3] : [12, 9]
  for (let back = month === undefined ? 0 : -1; back < steps; back++) {
    const months = latest - back * step
    const date = dateOf(Math.floor(months / 12), month ?? (months % 12) + 1, day)
    if (date !== undefined && (date <= today || (month !== undefined && isSoon(date, today)))) return date
  }
  return undefined
}

// On 24 November "30/11" is next week, said too early or by mistake, and no day of last year.
const soonMs = 31 * dayMs
const isSoon = (date: string, today: string): boolean => Date.parse(date) - Date.parse(today) <= soonMs

function dateOf(year: number, month: number, day: number): string | undefined {
  if (year < 1900 || year > 2100 || month < 1 || month > 12) return undefined
  if (day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

// Hindi months are written with "म्ब" or "ंब".
const foldMonth = (name: string): string => foldWords(name).replace(/म्ब/g, 'ंब').replace(/क्त/g, 'क्ट')

// Names of days and months are made when the first is met: five languages of Intl take some milliseconds.
let weekdaysOnce: ReadonlyMap<string, number> | undefined

function longWeekdays(): ReadonlyMap<string, number> {
  weekdaysOnce ??= new Map(languages.flatMap(weekdaysOf))
  return weekdaysOnce
}

function weekdaysOf(language: string): [string, number][] {
  const format = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' })
  const aSunday = Date.UTC(2026, 0, 4)
  return Array.from({ length: 7 }, (_, at) => [foldWords(format.format(new Date(aSunday + at * dayMs))), at])
}

let namesOnce: ReadonlyMap<string, number> | undefined

function monthNames(): ReadonlyMap<string, number> {
  namesOnce ??= new Map(languages.flatMap(monthsOf))
  return namesOnce
}

// The first three letters too where they are one month's alone: "fev", but not "jui".
function monthsOf(language: string): [string, number][] {
  const long = monthsAs(language, 'long')
  const short = monthsAs(language, 'short')
  const three = long
    .map((name) => name.slice(0, 3))
    .map((name, at, all) => {
      const alone = all.indexOf(name) === all.lastIndexOf(name) && /^[a-z]{3}$/.test(name)
      return alone ? name : (long[at] ?? name)
    })
  return [long, short, three].flatMap((names) => names.map((name, at): [string, number] => [name, at + 1]))
}

function monthsAs(language: string, month: 'long' | 'short'): string[] {
  const format = new Intl.DateTimeFormat(language, { month, timeZone: 'UTC' })
  return Array.from({ length: 12 }, (_, at) => foldMonth(format.format(new Date(Date.UTC(2026, at, 3)))))
}
