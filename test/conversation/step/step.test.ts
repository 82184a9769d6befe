// The machine as a function: the same always gives the same, nothing that it is given is changed, and a flow that is
// wrong is said and never goes round for ever.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/conversation/event.ts'
import { end, flow, to } from '../../../src/conversation/flow.ts'
import type { Machine } from '../../../src/conversation/machine.ts'
import { newSession, type Session } from '../../../src/conversation/session.ts'
import { longestRun } from '../../../src/conversation/step/pace.ts'
import { step } from '../../../src/conversation/step/step.ts'
import { fact } from '../../../src/coop/facts.ts'
import { machine } from '../../../src/messaging/machine.ts'
import { speak } from '../../../src/messaging/speak/speak.ts'
import { drivers, market } from '../../flows/coops.ts'
import { stepAll } from '../../flows/walker.ts'
import { consentsOf, now, proposalsOf, worldOf } from '../../flows/worlds.ts'

const start = (name: string): Event => ({ event: 'started', flow: name, answers: {} })
const world = worldOf(drivers, 'en')
const withFlow = (own: ReturnType<ReturnType<typeof flow>>): Machine => ({
  ...machine,
  flows: { ...machine.flows, [own.name]: own },
})

describe('a flow that is wrong', () => {
  test('in a circle without a question is said, with its name and node', () => {
    const circle = flow<object>()({
      ...{ name: 'circle', needs: [], start: 'one' },
      nodes: { one: { verb: 'decide', next: () => 'two' }, two: { verb: 'decide', next: () => 'one' } },
    })
    expect(() => step(withFlow(circle), newSession, start('circle'), world)).toThrow(
      /flow "circle" goes round in circles at "one"/,
    )
  })

  test('that leads to none that is registered is said', () => {
    const astray = flow<object>()({
      ...{ name: 'astray', needs: [], start: 'one' },
      nodes: { one: { verb: 'decide', next: () => to('nowhere') } },
    })
    expect(() => step(withFlow(astray), newSession, start('astray'), world)).toThrow(/no flow "nowhere"/)
  })
})

test('what a flow on the way needs is asked for, with what was loaded already', () => {
  const hop = flow<object>()({
    ...{ name: 'hop', needs: ['reports'], start: 'one' },
    nodes: { one: { verb: 'say', text: '', next: to('consents') } },
  })
  const loaded = new Set(['reports'] as const)
  expect(step(withFlow(hop), newSession, start('hop'), { ...world, loaded })).toEqual({
    missing: new Set(['reports', 'consents', 'fresh']),
  })
})

test('a flow without a word leaves no question and says nothing', () => {
  const mute = flow<object>()({
    ...{ name: 'mute', needs: [], start: 'one' },
    nodes: { one: { verb: 'say', text: '', next: end } },
  })
  const done = step(withFlow(mute), newSession, start('mute'), world)
  expect(done).toMatchObject({ replies: [], facts: [] })
  expect(done).not.toHaveProperty('session.open')
})

test('a question out of which three answers lead nowhere hands over to the menu', () => {
  let session = stepAll(newSession, start('consents'), world).session
  const nodes = []
  for (const text of ['maybe', 'perhaps', 'hm']) {
    const done = stepAll(session, { event: 'said', text }, world)
    nodes.push(done.replies.map((reply) => `${reply.flow}.${reply.node}`))
    session = done.session
  }
  expect(nodes).toEqual([['machine.retry'], ['machine.retry'], ['menu.lost', 'menu.menu']])
})

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Set)) {
    for (const inner of Object.values(value)) frozen(inner)
    Object.freeze(value)
  }
  return value
}

// Whatever she writes, in whatever order: digits, words, commands, numbers, buttons, pictures, and time that passes.
const flows = Object.keys(machine.flows)
const text = fc.oneof(
  fc.constantFrom('1', '2', '3', '9', '0', '8.5 1900 300', '300', '26/9', 'yesterday', '-', 'hello', '१', ''),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.integer().map(String),
)
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 5, arbitrary: text.map((said): Event => ({ event: 'said', text: said })) },
  { weight: 2, arbitrary: text.map((said): Event => ({ event: 'volunteered', text: said })) },
  { weight: 3, arbitrary: fc.constantFrom(...flows).map(start) },
  fc.integer({ min: 1, max: 12 }).map((digit): Event => ({ event: 'pressed', digit })),
  fc.constantFrom<Event>({ event: 'attached' }, { event: 'expired' }),
)
const channel = fc.constantFrom('sms' as const, 'whatsapp' as const)
const conversation = fc.array(fc.tuple(event, fc.constantFrom(1_000, 40_000, 700_000, 50_000_000, 90_000_000)), {
  maxLength: longestRun,
})

test.each([
  ['a member of the drivers', worldOf(drivers, 'en', { proposals: proposalsOf(drivers) })],
  ['a seller with everything on', worldOf(market, 'sw', { consents: consentsOf(market) })],
  [
    'somebody who has left',
    { ...world, member: { number: 5, state: 'left', language: 'hi', suppressed: true } as const },
  ],
])(
  '%s may write anything: no step throws, changes what it is given, or forgets by going through JSON',
  (_who, at) => {
    frozen(at)
    fc.assert(
      fc.property(conversation, channel, (all, heardOn) => {
        let session: Session = newSession
        let instant = now
        for (const [each, gap] of all) {
          instant += gap
          const here = { ...at, now: instant }
          const done = stepAll(frozen(session), each, here)
          const again: Session = JSON.parse(JSON.stringify(session))
          expect(stepAll(again, each, here)).toEqual(done)
          for (const one of done.facts) fact.parse(one)
          const to = { charter: at.charter, language: done.language, channel: heardOn }
          if (done.replies.length > 0) expect(speak(done.replies, to)).not.toMatch(/undefined|\{\{|NaN/)
          session = JSON.parse(JSON.stringify(done.session))
        }
      }),
      { numRuns: 150 },
    )
  },
)
