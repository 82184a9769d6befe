// A form that has all it must have, left for every command and word of every scene: it is kept, and she is told so.
import { expect, test } from 'vitest'
import type { Event } from '../../src/conversation/event.ts'
import { newSession, type Session } from '../../src/conversation/session.ts'
import type { World } from '../../src/conversation/world.ts'
import { countSegments } from '../../src/messaging/speak/segments.ts'
import { speak } from '../../src/messaging/speak/speak.ts'
import { spoken } from './coops.ts'
import { scenesOf } from './scenes.ts'
import { stepAll } from './walker.ts'
import { answersTo } from './worlds.ts'

// Where all that must be answered is, and she is asked for more.
function atOffer(world: World): Session | undefined {
  const [form] = world.charter.forms
  if (world.member?.state !== 'active' || !form) return undefined
  const filling = { begun: '2026-09-23', values: answersTo(form), sure: [], skipped: [], pending: [] }
  const answers = { form: form.id, filling: { ...filling, optional: 'undecided' } }
  const place = { flow: 'report', node: 'fill', answers }
  return {
    ...newSession,
    serial: 1,
    open: { ...place, serial: 1, askedAt: world.now, retries: 0, reminded: false },
  }
}

// In some scenes her answers are in doubt.
const isWhole = (session: Session | undefined, world: World): boolean =>
  session !== undefined && stepAll(session, { event: 'said', text: '1' }, world).facts.length > 0

const asides = new Set(['language', 'help'])
const leaves = (event: Event) => event.event === 'started' && !asides.has(event.flow) && event.flow !== 'undo'
const segmentsOf = (text: string) => countSegments(text).segments

// One segment more than the same costs by itself, at most: kept without a word would be worse.
test.each(spoken)('$charter.id in $language', ({ charter, language }) => {
  for (const { name, world, events } of scenesOf(charter, language)) {
    const session = atOffer(world)
    for (const event of session ? events.filter(leaves) : []) {
      const step = stepAll(session ?? newSession, event, world)
      const to = { charter: world.charter, language: step.language, channel: 'sms' } as const
      const [told, ...others] = step.replies
      if (!told || !isWhole(session, world)) continue
      const text = speak(step.replies, to)
      const words = [[told], told.brief ?? []].map((replies) => speak(replies, to))
      expect(step.facts[0]?.fact, `${name}: ${JSON.stringify(event)}`).toBe('report_made')
      expect(words.some((kept) => text.startsWith(kept))).toBe(true)
      expect(segmentsOf(text), text).toBeLessThanOrEqual(segmentsOf(speak(others, to)) + 1)
    }
  }
})
