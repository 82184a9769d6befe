// What she was asked and what stands when she answers may differ: another charter is in force, or her language is
// another. No answer to old words is ever taken for one to new words.
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/conversation/event.ts'
import type { Reply } from '../../src/conversation/reply.ts'
import { route } from '../../src/conversation/route/route.ts'
import { newSession, type Session } from '../../src/conversation/session.ts'
import { wakeAt } from '../../src/conversation/step/late.ts'
import type { World } from '../../src/conversation/world.ts'
import type { Applied } from '../../src/coop/charter/charter.ts'
import { machine } from '../../src/messaging/machine.ts'
import { drivers } from '../flows/coops.ts'
import { stepAll } from '../flows/walker.ts'
import { active, consentsOf, proposalsOf, worldOf } from '../flows/worlds.ts'

const minute = 60_000
const herself = { number: 5, state: 'active', language: 'en', joinedAt: 1000, suppressed: false } as const
const before = worldOf(drivers, 'en', { member: herself })
const later = (change: Partial<Applied> = {}, more: Partial<World> = {}): World => ({
  ...before,
  charter: { ...drivers, version: 2, ...change },
  ...more,
})
const names = (step: { replies: readonly Reply[] }) =>
  step.replies.map(({ flow, node, text }) => `${flow}.${node}.${text}`)
const start = (flow: string, answers = {}): Event => ({ event: 'started', flow, answers })
const say = (text: string): Event => ({ event: 'said', text })

function sessionAfter(events: readonly Event[], world = before): Session {
  let session = newSession
  for (const event of events) session = stepAll(session, event, world).session
  return session
}
const readNotice = () => sessionAfter([start('consents', { action: 'on', rest: '1' })])
const ofEarlierBuild = ({ open, ...rest }: Session): Session => {
  if (!open) throw new Error('no question waits for an answer')
  const { askedIn: _, ...old } = open
  return { ...rest, open: old }
}
const inReport = (...texts: string[]) => sessionAfter([start('report'), ...texts.map(say)])

describe('a question of another charter', () => {
  test('is put again, and what she said counts for nothing, until she has been asked in the new words', () => {
    const step = stepAll(readNotice(), say('1'), later())
    expect(names(step)).toEqual(['machine.changed.text', 'consents.notice.text'])
    expect(step.facts).toEqual([])
    const [fact] = stepAll(step.session, say('1'), later()).facts
    expect(fact).toMatchObject({ fact: 'consent_given', purpose: 'pay-medians' })
  })

  test('is another question: buttons of the old one do not answer it, and misses are counted anew', () => {
    const asked = stepAll(readNotice(), say('maybe'), before).session
    const { open } = stepAll(asked, { event: 'pressed', digit: 1 }, later()).session
    expect(open).toMatchObject({ retries: 0, reminded: false })
    const heard = { text: 'Share', choice: `q${asked.open?.serial}.1`, attached: false }
    const session = { ...newSession, ...(open && { open }) }
    const { event } = route({ machine, charter: later().charter, session, standing: active, heard })
    expect(event).toMatchObject({ event: 'started', flow: 'menu', answers: { stale: true } })
  })

  test('that she picks a use of her data by is listed anew', () => {
    const on = consentsOf(drivers)
    const picking = sessionAfter([start('consents', { action: 'off' }), say('2')], { ...before, consents: on })
    const step = stepAll(picking, say('2'), later({}, { consents: on }))
    expect(names(step)).toEqual(['machine.changed.text', 'consents.pick_off.text'])
    expect(step.facts).toEqual([])
  })

  test('is not reminded of: she may answer the old words before the reminder is there', () => {
    const session = inReport('8')
    const due = wakeAt(machine, session) ?? 0
    const step = stepAll(session, { event: 'expired' }, later({}, { now: due }))
    expect(step.replies).toEqual([])
    expect(wakeAt(machine, step.session)).toBe(before.now + 12 * 60 * minute)
    expect(names(stepAll(step.session, say('1900'), later()))[0]).toBe('machine.changed.text')
  })

  test('that ran out is put again under a serial of its own', () => {
    const session = inReport('8')
    const now = before.now + 13 * 60 * minute
    const { open: _, ...rest } = session
    const lapsed: Session = { ...rest, ...(session.open && { lapsed: session.open }) }
    const step = stepAll(lapsed, { event: 'volunteered', text: '1900' }, later({}, { now }))
    expect(names(step)).toEqual(['machine.late.text', 'form.question.text'])
    expect(step.session.open?.serial).toBe(session.serial + 1)
  })

  test('under an aside that goes back without a word is heard no more than any other', () => {
    const helped = stepAll(readNotice(), start('help', { how: 'word' }), {
      ...before,
      carrierAnswers: true,
    }).session
    expect(helped.open?.node).toBe('notice')
    expect(names(stepAll(helped, say('1'), later()))[0]).toBe('machine.changed.text')
  })

  test('gives way to a call that was sent after it', () => {
    const now = before.now + 11 * minute
    const [called] = proposalsOf(drivers, { calledAt: before.now + 10 * minute })
    const step = stepAll(readNotice(), say('1'), later({}, { now, proposals: called ? [called] : [] }))
    expect(step.facts).toMatchObject([{ fact: 'ballot_cast' }])
  })
})

describe('a question to her as a member', () => {
  const left = { ...before, member: { ...herself, state: 'left' as const } }
  const again = { ...before, member: { ...herself, joinedAt: before.now } }
  const [poll] = proposalsOf(drivers, { calledAt: before.now - minute })
  const voting = { ...before, proposals: poll ? [poll] : [] }
  test.each([
    ['a notice', readNotice(), say('1')],
    ['a ballot', sessionAfter([start('vote')], voting), say('1')],
    ['a report', inReport('8'), say('1900')],
    ['leaving', sessionAfter([start('leave')]), say('1')],
    ['leaving, by a picture', sessionAfter([start('leave')]), { event: 'attached' } as const],
  ])('%s: is none to who left since on another phone, nor after she came back', (_, session, event) => {
    for (const world of [left, again]) {
      const step = stepAll(session, event, { ...world, proposals: voting.proposals })
      expect(step.facts).toEqual([])
      expect(names(step)).toContain('machine.gone.text')
      expect(step.session.open?.flow).toBe(world === left ? 'join' : 'menu')
    }
  })

  test('is not reminded of, and her digit is no ballot, after she has left', () => {
    const session = inReport('8')
    const due = stepAll(session, { event: 'expired' }, { ...left, now: wakeAt(machine, session) ?? 0 })
    expect(due).toMatchObject({ replies: [], facts: [] })
    expect(due.session).not.toHaveProperty('open')
    const { open: lapsed, ...rest } = session
    const late = stepAll({ ...rest, ...(lapsed && { lapsed }) }, { event: 'volunteered', text: '1' }, left)
    expect(names(late)).toEqual(['join.about.again'])
    const now = before.now + 11 * minute
    const [called] = proposalsOf(drivers, { calledAt: before.now + 10 * minute })
    const step = stepAll(session, say('1'), { ...left, now, proposals: called ? [called] : [] })
    expect(step.facts).toEqual([])
  })
})

test('an invitation to join is none to who has joined since: it takes back no wish to be erased', () => {
  const outside: World = { ...before, charter: { ...drivers, languages: ['en'] } }
  const { member: _, ...stranger } = outside
  const asked = stepAll(newSession, start('join'), stranger).session
  const wishing = { ...herself, joinedAt: before.now, erasureAskedAt: before.now }
  const step = stepAll(asked, say('1'), { ...outside, member: wishing })
  expect(step.facts).toEqual([])
  expect(names(step)).toEqual(['machine.gone.text', 'menu.menu.text'])
})

describe('what has left the charter', () => {
  test.each([
    ['a purpose', readNotice(), { purposes: drivers.purposes.slice(1) }],
    ['a form', inReport(), { forms: [] }],
  ])('%s: the question is no longer open', (_, session, change) => {
    expect(names(stepAll(session, say('1'), later(change)))).toEqual(['machine.gone.text', 'menu.menu.text'])
  })

  test('a form that was half filled, in a session of an earlier build: the report is not kept, and she is told', () => {
    const step = stepAll(ofEarlierBuild(inReport('8')), say('1900'), later({ forms: [] }))
    expect(names(step)).toEqual(['machine.unkept.text', 'machine.gone.text', 'menu.menu.text'])
  })
})

test('a session of an earlier build counts as asked in the words of today', () => {
  expect(stepAll(ofEarlierBuild(readNotice()), say('1'), later()).facts).toHaveLength(1)
})

test('who has another language by now, chosen on another channel, reads the notice in it before her yes', () => {
  const member = { ...herself, language: 'hi' } as const
  const step = stepAll(readNotice(), say('1'), { ...before, member })
  expect(names(step)).toEqual(['machine.changed.text', 'consents.notice.text'])
  expect(stepAll(step.session, say('1'), { ...before, member }).facts).toMatchObject([{ language: 'hi' }])
})

test('a call that was sent after the question is looked for before anything that the answer would lead to', () => {
  const now = before.now + 11 * minute
  const [called] = proposalsOf(drivers, { calledAt: before.now + 10 * minute })
  const step = stepAll(sessionAfter([start('menu')]), say('2'), {
    ...before,
    now,
    proposals: called ? [called] : [],
  })
  expect(step.facts).toMatchObject([{ fact: 'ballot_cast', option: 2 }])
})
