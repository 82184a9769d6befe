// Days and hours as a member reads them, by the clock of her co-op: "Mon 30 Nov 20:00". It says a year with a month
// alone, or with a day of another year than today's, and asks no clock.
import { localClock } from '../../coop/calendar.ts'
import type { Language } from '../../coop/charter/charter.ts'
import { calendarOf } from './words.ts'

/** "Tue 24 Nov" for 2026-11-24; "Tue 24 Nov 2026" where today is in another year. */
export function sayDay(day: string, language: Language, today = day): string {
  const { weekdays, months } = calendarOf[language]
  const date = new Date(`${day}T00:00:00Z`)
  const year = day.slice(0, 4)
  const said = `${weekdays[date.getUTCDay()]} ${date.getUTCDate()} ${months[date.getUTCMonth()]}`
  return year === today.slice(0, 4) ? said : `${said} ${year}`
}

const said = new Map<string, string>()
const mostSaid = 2000

/**
 * An instant in a time zone: whole, or its `date`, `time` or `month` alone. Kept, since one vote's close is said
 * to everybody who votes.
 */
export function sayInstant(instant: number, language: Language, timezone: string, format: string): string {
  const name = `${language} ${timezone} ${instant} ${format}`
  const known = said.get(name)
  if (known !== undefined) return known
  if (said.size >= mostSaid) said.clear()
  const text = written(localClock(instant, timezone), language, format)
  said.set(name, text)
  return text
}

function written(clock: string, language: Language, format: string): string {
  const day = clock.slice(0, 10)
  const time = sayTime(clock.slice(11), language)
  switch (format) {
    case '':
      return `${sayDay(day, language)} ${time}`
    case 'date':
      return sayDay(day, language)
    case 'time':
      return time
    case 'month':
      return `${calendarOf[language].months[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`
    default:
      throw new Error(`a text asks for an instant as "${format}"; use date, time, month or none`)
  }
}

function sayTime(time: string, language: Language): string {
  if (language === 'fr') return time.replace(':', 'h')
  return language === 'sw' ? swahiliTime(time) : time
}

// Swahili counts hours from sunrise and sunset: 20:00 is the second hour of the night. Digits of the other count would
// be read as six hours later.
function swahiliTime(time: string): string {
  const hour = Number(time.slice(0, 2))
  const minutes = time.endsWith(':00') ? '' : time.slice(2)
  return `saa ${((hour + 5) % 12) + 1}${minutes} ${partOfDay(hour)}`
}

function partOfDay(hour: number): string {
  if (hour < 4 || hour >= 19) return 'usiku'
  if (hour < 12) return hour < 6 ? 'alfajiri' : 'asubuhi'
  return hour < 16 ? 'mchana' : 'jioni'
}
