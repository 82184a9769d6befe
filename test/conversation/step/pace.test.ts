// The guard against floods: it counts messages without a pause, speaks once, and never holds up a stop or a withdrawal.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Event } from '../../../src/conversation/event.ts'
import { newSession, type Session } from '../../../src/conversation/session.ts'
import { longestRun, paced } from '../../../src/conversation/step/pace.ts'
import { drivers } from '../../flows/coops.ts'
import { stepAll } from '../../flows/walker.ts'
import { consentsOf, worldOf } from '../../flows/worlds.ts'

const text: Event = { event: 'said', text: '1' }
const stop: Event = { event: 'started', flow: 'stop', answers: {} }
const off: Event = { event: 'started', flow: 'consents', answers: { action: 'off' } }
const on: Event = { event: 'started', flow: 'consents', answers: { action: 'on' } }

function verdicts(events: readonly (readonly [Event, number])[]): string[] {
  let session: Session = newSession
  return events.map(([event, now]) => {
    const pace = paced(session, event, now)
    session = pace.session
    return pace.verdict
  })
}
const many = (count: number, event: Event, everyMs: number, from = 1_000_000) =>
  Array.from({ length: count }, (_, at) => [event, from + at * everyMs] as const)

test('as many as the guard allows are answered, then one word of caution, then silence', () => {
  const all = verdicts(many(longestRun + 5, text, 1_000))
  expect(all.slice(0, longestRun).every((verdict) => verdict === 'go')).toBe(true)
  expect(all.slice(longestRun)).toEqual(['pause', 'silent', 'silent', 'silent', 'silent'])
})

test('who pauses for half a minute is answered again, however many there were', () => {
  const flood = many(longestRun + 3, text, 29_999)
  const last = flood.at(-1)?.[1] ?? 0
  expect(verdicts([...flood, [text, last + 30_000]]).at(-1)).toBe('go')
  expect(verdicts([...flood, [text, last + 29_999]]).at(-1)).toBe('silent')
  expect(verdicts(many(200, text, 30_000))).not.toContain('pause')
})

test('a stop and a withdrawal are always heard, then without an answer; other commands are not', () => {
  const flood = many(longestRun + 3, text, 10)
  const later = 1_000_000 + 10_000
  expect(verdicts([...flood, [stop, later]]).at(-1)).toBe('unanswered')
  expect(verdicts([...flood, [off, later]]).at(-1)).toBe('unanswered')
  expect(verdicts([...flood, [on, later]]).at(-1)).toBe('silent')
})

test('what is heard in a flood establishes what it says, and asks nothing', () => {
  const world = worldOf(drivers, 'en', { consents: consentsOf(drivers) })
  const flooded: Session = { ...newSession, pace: { at: world.now, run: longestRun + 3 } }
  const one = stepAll(flooded, { event: 'started', flow: 'consents', answers: { action: 'off', rest: '1' } }, world)
  expect(one.facts).toMatchObject([{ fact: 'consent_withdrawn' }])
  expect(one.replies).toEqual([])
  const which = stepAll(flooded, off, world)
  expect(which).toMatchObject({ facts: [], replies: [] })
  expect(which.session.open).toBeUndefined()
})

test('the clock is no message of hers', () => {
  const flood = many(longestRun + 3, text, 10)
  expect(verdicts([...flood, [{ event: 'expired' }, 1_000_400]]).at(-1)).toBe('go')
  expect(paced(newSession, { event: 'expired' }, 5).session).toBe(newSession)
})

test('whatever is sent, never more than the carrier allows is said without a pause', () => {
  const message = fc.tuple(fc.constantFrom(text, on, stop, off), fc.integer({ min: 0, max: 40_000 }))
  fc.assert(
    fc.property(fc.array(message, { maxLength: 120 }), (messages) => {
      let at = 1_000_000
      const events = messages.map(([event, gap]) => {
        at += gap
        return [event, at] as const
      })
      let run = 0
      for (const [index, verdict] of verdicts(events).entries()) {
        if ((messages[index]?.[1] ?? 0) >= 30_000) run = 0
        if (verdict === 'go' || verdict === 'pause') run++
        expect(run).toBeLessThan(30)
      }
    }),
  )
})
