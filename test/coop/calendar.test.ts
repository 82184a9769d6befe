// Days, weeks and instants of a co-op's own calendar.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, instantOf, localClock, localDay, mondayOf } from '../../src/coop/calendar.ts'

const day = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const zone = fc.constantFrom(
  'Asia/Kolkata',
  'Africa/Nairobi',
  'Europe/Paris',
  'America/New_York',
  'Pacific/Kiritimati',
)

describe('weeks', () => {
  test('Monday to Sunday, over the end of a year', () => {
    expect(['2026-11-23', '2026-11-24', '2026-11-29'].map(mondayOf)).toEqual(Array(3).fill('2026-11-23'))
    expect([mondayOf('2026-01-01'), mondayOf('2024-03-03')]).toEqual(['2025-12-29', '2024-02-26'])
  })

  test('a Monday is its own, at most six days back, and shared by its seven days', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 6 }), (each, later) => {
        const monday = mondayOf(each)
        expect(new Date(monday).getUTCDay()).toBe(1)
        expect(monday <= each).toBe(true)
        expect(mondayOf(addDays(monday, later))).toBe(monday)
      }),
    )
  })

  test('days are counted over leap days', () => {
    expect([addDays('2028-02-28', 1), addDays('2026-03-01', -1)]).toEqual(['2028-02-29', '2026-02-28'])
    fc.assert(
      fc.property(
        day,
        fc.integer({ min: -999, max: 999 }),
        (each, days) => addDays(addDays(each, days), -days) === each,
      ),
    )
  })
})

describe('local time', () => {
  test('is another day on either side of midnight', () => {
    const instant = Date.parse('2026-11-24T18:29:59Z')
    expect([localDay(instant, 'Asia/Kolkata'), localDay(instant + 1000, 'Asia/Kolkata')]).toEqual([
      '2026-11-24',
      '2026-11-25',
    ])
    expect(localClock(instant, 'Africa/Nairobi')).toBe('2026-11-24 21:29')
    expect(localClock(Date.parse('2026-11-24T21:00:00Z'), 'Africa/Nairobi')).toBe('2026-11-25 00:00')
  })

  test('a clock that is shown leads back to an instant that shows it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 6e11, max: 4e12 }), zone, (instant, timezone) => {
        const clock = localClock(instant, timezone)
        const back = instantOf(clock, timezone)
        expect(localClock(back, timezone)).toBe(clock)
        expect(back).toBeLessThanOrEqual(instant)
      }),
    )
  })

  test('an hour that comes twice is its first, and one that is left out comes after', () => {
    expect(instantOf('2026-10-25 02:30', 'Europe/Paris')).toBe(Date.parse('2026-10-25T00:30Z'))
    expect(localClock(instantOf('2026-03-29 02:30', 'Europe/Paris'), 'Europe/Paris')).toBe('2026-03-29 03:30')
  })
})
