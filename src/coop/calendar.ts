// Days and weeks of a co-op's own calendar, as YYYY-MM-DD in its time zone. It asks no clock: every instant, in
// milliseconds since 1970, is handed to it.

/** Milliseconds of a day without a change of clocks. */
export const dayMs = 86_400_000
const zones = new Map<string, Intl.DateTimeFormat>()

/** The day that an instant falls on in a time zone. */
export const localDay = (instant: number, timezone: string): string => localClock(instant, timezone).slice(0, 10)

/** The wall clock of an instant in a time zone: "2026-11-24 20:00". */
export function localClock(instant: number, timezone: string): string {
  const minute = `${timezone} ${Math.floor(instant / 60_000)}`
  const known = clocks.get(minute)
  if (known !== undefined) return known
  if (clocks.size >= mostClocks) clocks.clear()
  const clock = readClock(instant, timezone)
  clocks.set(minute, clock)
  return clock
}

// Almost all questions are about a few minutes: now, and when a vote closes or a report joins the pool.
const clocks = new Map<string, string>()
const mostClocks = 2_000

function readClock(instant: number, timezone: string): string {
  const at: Record<string, string> = {}
  for (const part of zone(timezone).formatToParts(instant)) at[part.type] = part.value
  return `${at.year?.padStart(4, '0')}-${at.month}-${at.day} ${at.hour}:${at.minute}`
}

/**
 * The instant at which the wall clock of a time zone first shows a time such as "2026-11-24 20:00". A time that the
 * change to summer time leaves out is taken as the hour after it.
 */
export function instantOf(clock: string, timezone: string): number {
  const asUtc = Date.parse(`${clock.replace(' ', 'T')}:00Z`)
  const guesses = [-dayMs, dayMs].map((away) => asUtc - offsetAt(asUtc + away, timezone))
  const shown = guesses.filter((instant) => localClock(instant, timezone) === clock)
  return shown.length > 0 ? Math.min(...shown) : Math.max(...guesses)
}

/** The day so many days later, or earlier for a negative number. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

/** The day of the week, from Sunday: 0. */
export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay()

/** The Monday on or before a day: the name of its week. */
export function mondayOf(day: string): string {
  const known = mondays.get(day)
  if (known !== undefined) return known
  if (mondays.size >= mostMondays) mondays.clear()
  const monday = addDays(day, -((weekdayOf(day) + 6) % 7))
  mondays.set(day, monday)
  return monday
}

const mondays = new Map<string, string>()
const mostMondays = 500

function offsetAt(instant: number, timezone: string): number {
  const minute = Math.floor(instant / 60_000) * 60_000
  return Date.parse(`${localClock(minute, timezone).replace(' ', 'T')}:00Z`) - minute
}

// Kept, because building one costs fifty times as much as using it.
function zone(timezone: string): Intl.DateTimeFormat {
  let format = zones.get(timezone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    zones.set(timezone, format)
  }
  return format
}
