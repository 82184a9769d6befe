// The scenes that are walked: every command, word and button, in worlds where each of them finds something else.
import type { Event } from '../../src/conversation/event.ts'
import type { Answers } from '../../src/conversation/session.ts'
import type { World } from '../../src/conversation/world.ts'
import type { Applied, Form, Language } from '../../src/coop/charter/charter.ts'
import type { Outcome } from '../../src/coop/votes/tally.ts'
import { firm, formless, invited, mute, ofOne, retiring, twoForms } from './coops.ts'
import type { Scene } from './walker.ts'

import { answersTo, cellFor, consentsOf, now, proposalsOf, reportOf, worldOf } from './worlds.ts'

const longAgo = 90 * 86_400_000

const start = (flow: string, answers: Answers = {}): Event => ({ event: 'started', flow, answers })
const say = (text: string): Event => ({ event: 'volunteered', text })

/** Every scene of a co-op in one language. */
export function scenesOf(charter: Applied, language: Language): Scene[] {
  const [form] = charter.forms
  if (!form) throw new Error(`${charter.id} has no form`)
  const scene = (name: string, world: Partial<World>, ...events: Event[]): Scene => ({
    name,
    world: worldOf(charter, language, world),
    events,
  })
  return [
    ...joining(charter, language),
    scene(
      'member',
      {},
      ...['join', 'menu', 'help', 'language', 'my', 'leave', 'erase', 'undo', 'vote', 'stop', 'start'].map((flow) =>
        start(flow),
      ),
    ),
    scene(
      'words',
      { carrierAnswers: true },
      ...['stop', 'start', 'help'].map((flow) => start(flow, { how: 'word' })),
    ),
    scene('thanks', {}, say('asante')),
    scene('blocked', { blocked: true }, start('start'), start('stop', { how: 'word' })),
    scene(
      'erased',
      { member: { ...member(charter, language), erasureAskedAt: now }, held: { reports: 1_234, ballots: 56 } },
      start('erase'),
      start('my'),
    ),
    scene(
      'erasure late',
      { member: { ...member(charter, language), erasureAskedAt: now - longAgo } },
      start('erase'),
    ),
    scene(
      'left',
      { member: { ...member(charter, language), state: 'left' }, consents: consentsOf(charter) },
      ...['my', 'erase', 'join', 'stop'].map((flow) => start(flow)),
      start('consents', { action: 'off', rest: '1' }),
    ),
    scene(
      'left, to be erased',
      { member: { ...member(charter, language), state: 'left', erasureAskedAt: now } },
      start('join'),
    ),
    scene(
      'no messages',
      { member: { ...member(charter, language), suppressed: true }, held: { reports: 1_234, ballots: 56 } },
      start('my'),
    ),
    scene(
      'left, no messages',
      { member: { ...member(charter, language), state: 'left', suppressed: true } },
      start('join'),
    ),
    scene(
      'left, all off',
      { member: { ...member(charter, language), state: 'left' } },
      ...['1', '8'].map((rest) => start('consents', { action: 'off', rest })),
      start('consents', { action: 'off', of: 'data' }),
    ),
    {
      menu: true,
      ...scene(
        'lost',
        {},
        start('menu', { lost: true }),
        start('menu', { stale: true }),
        start('language', { rest: '2' }),
        { event: 'attached' },
      ),
    },
    scene('loose', {}, say('0'), say('hello'), say('4'), { event: 'said', text: 'hello' }, { event: 'expired' }),
    ...purposes(charter, language, scene),
    ...reports(charter, language, form, scene),
    ...votes(charter, scene),
  ]
}

type Make = (name: string, world: Partial<World>, ...events: Event[]) => Scene

const member = (charter: Applied, language: Language) => {
  const { member: standing } = worldOf(charter, language)
  if (!standing) throw new Error('the usual world has a member')
  return standing
}

function joining(charter: Applied, language: Language): Scene[] {
  const stranger = (of: Applied, name: string): Scene => {
    const { member: _, ...world } = worldOf(of, language)
    return { name, world, events: [start('join'), start('stop', { how: 'sentence' }), start('help')] }
  }
  const invitee = { ...member(charter, language), state: 'invited' as const }
  return [
    stranger(charter, 'stranger'),
    stranger(ofOne(charter, language), 'one language'),
    stranger(invited(charter), 'by invitation'),
    stranger(invited(ofOne(charter, language)), 'by invitation, one language'),
    { name: 'invited', world: worldOf(invited(charter), language, { member: invitee }), events: [start('join')] },
  ]
}

function purposes(charter: Applied, language: Language, scene: Make): Scene[] {
  const all = charter.purposes.flatMap((_each, at) => [
    start('consents', { action: 'on', rest: String(at + 1) }),
    start('consents', { action: 'off', rest: String(at + 1) }),
  ])
  const events = [
    ...all,
    start('consents'),
    start('consents', { action: 'off' }),
    start('consents', { action: 'off', of: 'data' }),
    start('my'),
    start('consents', { action: 'on', rest: '8' }),
  ]
  return [
    scene('all off', {}, ...events),
    scene('all on', { consents: consentsOf(charter) }, ...events),
    scene('old words', { consents: consentsOf(charter, { version: 0 }) }, ...events),
    ...[0, 1].map((version) => ({
      name: `retired, ${version === 1 ? 'on' : 'with old words'}`,
      world: worldOf(retiring(charter), language, { consents: consentsOf(charter, { version }) }),
      events,
    })),
  ]
}

function reports(charter: Applied, language: Language, form: Form, scene: Make): Scene[] {
  const line = (text: string) => start('report', { form: form.id, line: text })
  const good = Object.entries(answersTo(form))
    .map(([id, value]) => written(charter, form, id, value))
    .join(' ')
  const lines = [
    start('report'),
    line(''),
    line(good),
    line(`${good} yesterday`),
    line(`${good}\n${good} yesterday`),
    line('1 2 3 4 5 6 7 8 9 10 11 12'),
    line('xyzzy 1'),
    line('xyzzy 1 1 xyzzy 30/9'),
  ]
  const on = consentsOf(charter)
  const mine = [1, 2, 3, 4, 5].map((back) => reportOf(charter, form, { values: small(form) }, back))
  const shared = { consents: on, insight: cellFor(charter, form, highestMedian(form)), reports: mine }
  const near = { consents: on, insight: cellFor(charter, form, 100), reports: [] }
  const others = reportOf(charter, form, { poolAt: now + 1, values: small(form) })
  return [
    scene('first report', {}, ...lines),
    scene('old words of a report', { consents: consentsOf(charter, { version: 0 }) }, line(good)),
    scene('unlike hers', shared, ...lines),
    scene('unlike theirs', near, ...lines),
    scene('same report', { consents: on, reports: [reportOf(charter, form)] }, line(good)),
    scene('correction', { consents: on, reports: [others] }, line(good), start('report'), start('undo')),
    scene('unfinished', { reports: [others] }, start('undo', { unfinished: true })),
    scene('nothing but unfinished', {}, start('undo', { unfinished: true })),
    scene('corrected', { reports: [reportOf(charter, form, { version: 2, poolAt: now + 1 })] }, start('undo')),
    { name: 'no form', world: worldOf(formless(charter), language), events: [start('report')] },
    {
      name: 'two forms',
      world: worldOf(twoForms(charter), language),
      events: [start('report'), line('1 2 3 4 5 6')],
    },
    { name: 'firm checks', world: worldOf(firm(charter), language), events: [line('8 480 490')] },
    { name: 'no figure', world: worldOf(mute(charter), language, { consents: on }), events: [line(good)] },
    scene('silenced', { member: { ...member(charter, language), suppressed: true } }, start('report')),
  ]
}

// Whole units of money: the most that a question may be, or that a day's fares are in a quarter of an hour.
const highestMedian = (form: Form): number => {
  const question = form.questions.find(({ id }) => id === form.insight.figure)
  return question && 'hard' in question ? (question.hard[1] - 1) * 100 : 7_999_900
}

function small(form: Form) {
  return Object.fromEntries(
    Object.entries(answersTo(form)).map(([id, value]) => [id, typeof value === 'number' ? 100 : value]),
  )
}

function written(charter: Applied, form: Form, id: string, value: number | string): string {
  const question = form.questions.find((each) => each.id === id)
  if (question?.type === 'choice') return String(question.options.findIndex((option) => option.id === value) + 1)
  const digits =
    question?.type === 'money' ? charter.currency_digits : question?.type === 'number' ? question.decimals : 0
  return String(Number(value) / 10 ** digits)
}

function votes(charter: Applied, scene: Make): Scene[] {
  const [first, second] = proposalsOf(charter)
  if (!first || !second) throw new Error(`${charter.id} has no two proposals`)
  const digits = [start('vote'), start('vote', { digit: 1 }), start('vote', { digit: 9 }), say('1'), say('4')]
  const buttons = ['1', '4', '9'].map((digit) => start('vote', { slug: first.slug, digit: Number(digit) }))
  const events = [...digits, ...buttons, start('vote', { slug: first.slug }), start('my')]
  const called = { calledAt: now - 1000 }
  const outcome = { counts: [99999, 0, 1], turnout: 100_000, roll: 100_000, quorum: 33_334 }
  const over = (result: Outcome['result']) =>
    proposalsOf(charter, { status: 'closed', closesAt: now - 1, outcome: { result, ...outcome } })
  return [
    scene('one vote', { proposals: [{ ...first, ...called }] }, ...events),
    scene(
      'advisory vote',
      { proposals: [{ ...second, ...called }] },
      ...events,
      start('vote', { slug: second.slug }),
    ),
    scene('voted', { proposals: [{ ...first, ...called, ballot: 1 }] }, ...events),
    scene('two votes', { proposals: proposalsOf(charter, called) }, ...events),
    scene('two votes, voted', { proposals: proposalsOf(charter, { ...called, ballot: 2 }) }, ...events),
    scene('two votes, none called', { proposals: proposalsOf(charter) }, ...events),
    scene(
      'to come',
      { proposals: proposalsOf(charter, { status: 'notice', opensAt: first.closesAt - 1000 }) },
      ...events,
    ),
    scene('not on the roll', { proposals: proposalsOf(charter, { onRoll: false }) }, ...events),
    scene('uncounted', { proposals: proposalsOf(charter, { closesAt: now - 1 }) }, ...events),
    scene('closing', { proposals: proposalsOf(charter, { ...called, closesAt: now + 60_000 }) }, ...events),
    ...(['passed', 'failed', 'chosen', 'tied', 'no_quorum'] as const).map((result) =>
      scene(result, { proposals: over(result) }, ...events),
    ),
  ]
}
