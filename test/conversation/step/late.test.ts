// Time in a conversation: when the clock looks, what it does then, and which of two questions a late digit was for.
import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/conversation/event.ts'
import type { Reply } from '../../../src/conversation/reply.ts'
import { route } from '../../../src/conversation/route/route.ts'
import { newSession, type Question, type Session } from '../../../src/conversation/session.ts'
import { keepsCallsAwayMs, keepsLastCallsAwayMs, wakeAt } from '../../../src/conversation/step/late.ts'
import type { Proposal } from '../../../src/coop/votes/proposal.ts'
import { machine } from '../../../src/messaging/machine.ts'
import { drivers } from '../../flows/coops.ts'
import { stepAll } from '../../flows/walker.ts'
import { active, now, proposalsOf, worldOf } from '../../flows/worlds.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const world = worldOf(drivers, 'en')
const nameOf = ({ flow, node, text }: Reply): string => `${flow}.${node}.${text}`
const names = (step: { replies: readonly Reply[] }) => step.replies.map(nameOf)

const reporting = (change: Partial<Question> = {}): Question => ({
  ...{ flow: 'report', node: 'fill', answers: { form: 'shift' }, serial: 2 },
  ...{ askedAt: now, retries: 0, reminded: false },
  ...change,
})
const choosing = (change: Partial<Question> = {}): Question =>
  reporting({ flow: 'consents', node: 'notice', answers: { purpose: 'pay-medians' }, ...change })
const withOpen = (open: Question): Session => ({ ...newSession, serial: open.serial, open })
const at = (instant: number) => ({ ...world, now: instant })
const expired = (session: Session, instant: number, change: Partial<typeof world> = {}) =>
  stepAll(session, { event: 'expired' }, { ...at(instant), ...change })

describe('the clock looks', () => {
  test('never where nothing is asked', () => expect(wakeAt(machine, newSession)).toBeUndefined())

  test('at a report after an hour to remind, after half a day to let it go', () => {
    expect(wakeAt(machine, withOpen(reporting()))).toBe(now + hour)
    expect(wakeAt(machine, withOpen(reporting({ reminded: true })))).toBe(now + 12 * hour)
  })

  test('at any other question, and one whose flow is gone, after a day', () => {
    expect(wakeAt(machine, withOpen(choosing()))).toBe(now + 24 * hour)
    expect(wakeAt(machine, withOpen(choosing({ flow: 'renamed' })))).toBe(now + 24 * hour)
  })
})

describe('when it has come', () => {
  test('too early, nothing happens', () => {
    const session = withOpen(reporting())
    expect(expired(session, now + hour - 1)).toMatchObject({ session, replies: [] })
  })

  test('the question is put once more, under its serial, and only once', () => {
    const reminded = expired(withOpen(reporting({ retries: 1 })), now + hour)
    expect(names(reminded)).toEqual(['machine.reminder.text', 'form.question.text'])
    expect(reminded.session.open).toMatchObject({ serial: 2, retries: 1, reminded: true, askedAt: now + hour })
    expect(expired(reminded.session, now + 2 * hour).replies).toEqual([])
    const lapsed = expired(reminded.session, now + 13 * hour)
    expect(lapsed.replies).toEqual([])
    expect(lapsed.session.open).toBeUndefined()
    expect(lapsed.session.lapsed).toMatchObject({ flow: 'report', serial: 2 })
  })

  test('who asked for silence hears nothing, and her question has run out', () => {
    const member = { number: 5, state: 'active', language: 'en', suppressed: true } as const
    const step = expired(withOpen(reporting()), now + hour, { member })
    expect(step.replies).toEqual([])
    expect(step.session.lapsed).toMatchObject({ serial: 2 })
  })

  test('a question under an aside runs out with it', () => {
    const session: Session = { ...withOpen(reporting({ flow: 'language', node: 'which' })), under: reporting() }
    const step = expired(session, now + 24 * hour)
    expect(step.session.open).toBeUndefined()
    expect(step.session.under).toBeUndefined()
  })
})

describe('a late answer', () => {
  const lapsed: Session = { ...newSession, serial: 2, lapsed: reporting() }
  const answer = (text: string, instant: number, change: Partial<typeof world> = {}) =>
    stepAll(lapsed, { event: 'volunteered', text }, { ...at(instant), ...change })

  test.each(['8', '8.5', ' ८', '1900 rs'])('"%s" has the question put again, and counts for nothing', (text) => {
    const step = answer(text, now + 20 * hour)
    expect(names(step)).toEqual(['machine.late.text', 'form.question.text'])
    expect(step.session.open).toMatchObject({ flow: 'report', askedAt: now + 20 * hour })
    expect(step.session.lapsed).toBeUndefined()
  })

  test('after two days, or in words, or as 0, it is none', () => {
    expect(names(answer('8', now + 48 * hour + 1))).not.toContain('machine.late.text')
    expect(names(answer('hello', now + 20 * hour))).not.toContain('machine.late.text')
    expect(names(answer('0', now + 20 * hour))).toEqual(['menu.menu.text'])
  })

  test('a later call goes before it', () => {
    const proposals = proposalsOf(drivers, { calledAt: now + hour }).slice(0, 1)
    const step = answer('1', now + 20 * hour, { proposals })
    expect(step.facts).toMatchObject([{ fact: 'ballot_cast', option: 1 }])
  })
})

describe('with a question open and a call sent after it', () => {
  const long = now + keepsLastCallsAwayMs
  const called = (calledAt: number, more: Partial<Proposal> = {}) =>
    proposalsOf(drivers, { calledAt, ...more }).slice(0, 1)
  const proposals = called(now + 1)
  const answer = (text: string, instant: number, offered = proposals) =>
    stepAll(withOpen(choosing()), { event: 'said', text }, { ...at(instant), proposals: offered })

  test('a bare digit is for the call once the question has stood so long that calls were let through', () => {
    const later = called(now + keepsCallsAwayMs)
    expect(answer('1', now + keepsCallsAwayMs + 1, later).facts).toMatchObject([{ fact: 'ballot_cast' }])
  })

  test('where the call came sooner it may be for either: the vote is put to her', () => {
    const step = answer('1', long)
    expect(step.facts).toEqual([])
    expect(step.session.open).toMatchObject({ flow: 'vote', node: 'ballot' })
  })

  test('a call to another phone of hers is answered there', () => {
    const elsewhere = called(now + 1, { calledElsewhere: true })
    expect(answer('1', long, elsewhere).facts).toMatchObject([{ fact: 'consent_given' }])
  })

  test('before that, or with no call after it, or for whom the call was not, it is the question’s', () => {
    expect(answer('1', long - 1).facts).toMatchObject([{ fact: 'consent_given' }])
    expect(answer('1', long, called(now - 1)).facts).toMatchObject([{ fact: 'consent_given' }])
    expect(answer('1', long, called(now + 1, { onRoll: false })).facts).toMatchObject([{ fact: 'consent_given' }])
  })

  test('the digit with the name of its answer is the question’s', () => {
    expect(answer('1 Share', long).facts).toMatchObject([{ fact: 'consent_given' }])
  })
})

describe('a text that is heard long after it came', () => {
  const writtenAt = now - minute
  const said = (text: string): Event => ({ event: 'said', text, writtenAt })

  test('does not answer a question that was put since: it is put once more', () => {
    const step = stepAll(withOpen(choosing()), said('1'), at(now + minute))
    expect(step.facts).toEqual([])
    expect(names(step)).toEqual(['machine.late.text', 'consents.notice.text'])
  })

  test('answers one that was put before', () => {
    const step = stepAll(withOpen(choosing({ askedAt: now - hour })), said('1'), at(now))
    expect(step.facts).toMatchObject([{ fact: 'consent_given' }])
  })

  test('is no ballot where the call was sent since: the vote is put to her', () => {
    const called = (calledAt: number) => ({ ...at(now), proposals: proposalsOf(drivers, { calledAt }).slice(0, 1) })
    const event: Event = { event: 'volunteered', text: '1', writtenAt }
    const step = stepAll(newSession, event, called(now))
    expect(step.facts).toEqual([])
    expect(step.session.open).toMatchObject({ flow: 'vote', node: 'ballot' })
    expect(stepAll(newSession, event, called(now - hour)).facts).toMatchObject([{ fact: 'ballot_cast' }])
  })

  test('is no less an answer where it is a button: its serial says to which question', () => {
    const pressed = { text: 'Share', choice: 'q2.1', attached: false, writtenAt }
    const { event } = route({
      machine,
      charter: drivers,
      session: withOpen(choosing()),
      standing: active,
      heard: pressed,
    })
    expect(stepAll(withOpen(choosing()), event, at(now)).facts).toMatchObject([{ fact: 'consent_given' }])
  })

  test('reports the day on which it was written', () => {
    const heard = { text: '8 1900 300', attached: false, writtenAt: now - day }
    const { event } = route({ machine, charter: drivers, session: newSession, standing: active, heard })
    expect(stepAll(newSession, event, at(now)).facts).toMatchObject([{ fact: 'report_made', key: '2026-09-22' }])
  })
})
