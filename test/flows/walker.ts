// Walks a flow along every path: from one event it answers every question that comes in every way, until nothing new
// is met. Between two steps the session goes through JSON, as it does through Redis.
import type { Event } from '../../src/conversation/event.ts'
import type { Reply, Value } from '../../src/conversation/reply.ts'
import { needsOf } from '../../src/conversation/route/route.ts'
import { type Answers, type Json, newSession, type Session } from '../../src/conversation/session.ts'
import { wakeAt } from '../../src/conversation/step/late.ts'
import { type Step, step } from '../../src/conversation/step/step.ts'
import type { Need, World } from '../../src/conversation/world.ts'
import type { Applied } from '../../src/coop/charter/charter.ts'
import type { Filling } from '../../src/coop/reports/filling.ts'
import { limitsOf } from '../../src/coop/reports/questions.ts'
import { machine } from '../../src/messaging/machine.ts'
import { everyNeed } from './worlds.ts'

export interface Scene {
  readonly name: string
  readonly world: World
  readonly events: readonly Event[]
  /** Whether the menu is walked too, from which everything can be reached. */
  readonly menu?: boolean
}

/** One step that was taken, and what it looked at. */
export interface Taken {
  readonly step: Step
  readonly world: World
}

// Far more than the longest scene has: a walk without an end is a mistake of a flow or of the walker.
const most = 20_000

/** Every step that a scene leads to; what was met in the same place before is not walked again. */
export function walk(scene: Scene): Taken[] {
  const taken: Taken[] = []
  const seen = new Set<string>()
  const { now, charter } = scene.world
  const waiting: Next[] = scene.events.map((event) => ({ session: newSession, event, now, charter }))
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    if (taken.length === most) throw new Error(`the scene "${scene.name}" has no end`)
    const world = { ...scene.world, now: next.now, charter: next.charter }
    const done = stepAll(next.session, next.event, world)
    taken.push({ step: done, world })
    const place = placeOf(done.session, done.replies)
    if (seen.has(place) || (done.session.open?.flow === 'menu' && !scene.menu)) continue
    seen.add(place)
    waiting.push(...answersTo(throughJson(done.session), done.replies, world))
  }
  return taken
}

// Where a session stands: of a form, what has been dealt with and what is asked now, whatever the answers were.
function placeOf({ open, under, lapsed }: Session, replies: readonly Reply[]): string {
  const last = replies.at(-1)
  return JSON.stringify([place(open), place(under), place(lapsed), last?.node, last?.text])
}

const place = (question: Session['open']) =>
  question && [question.flow, question.node, question.retries, question.reminded, shapeOf(question.answers)]

function shapeOf({ filling, ...answers }: Answers): Json {
  if (typeof filling !== 'object' || filling === null || !('values' in filling)) return answers
  const { values, skipped, pending, optional } = filling as object as Filling
  const dealtWith = [...new Set([...Object.keys(values), ...skipped])].toSorted()
  return { ...answers, filling: [dealtWith, pending, optional] }
}

/** Steps with only what is asked for, and again with what turned out to be missing. */
export function stepAll(session: Session, event: Event, world: World): Step {
  let needs = needsOf(machine, session, event)
  for (let tries = 0; tries <= everyNeed.size; tries++) {
    const result = step(machine, session, event, only(world, needs))
    if (!('missing' in result)) return result
    needs = result.missing
  }
  throw new Error('a step never had all that it needs')
}

const only = (world: World, needs: ReadonlySet<Need>): World => ({
  ...world,
  loaded: needs,
  consents: needs.has('consents') ? world.consents : [],
  proposals: needs.has('proposals') ? world.proposals : [],
  reports: needs.has('reports') ? world.reports : [],
  insight: needs.has('insight') ? world.insight : [],
  held: needs.has('held') ? world.held : { reports: 0, ballots: 0 },
})

function throughJson(session: Session): Session {
  const kept = JSON.stringify(session)
  const back: Session = JSON.parse(kept)
  if (JSON.stringify(back) !== kept) throw new Error('a session is changed by JSON')
  return { ...back, pace: newSession.pace }
}

interface Next {
  readonly session: Session
  readonly event: Event
  readonly now: number
  readonly charter: Applied
}

function answersTo(session: Session, replies: readonly Reply[], world: World): Next[] {
  const { charter } = world
  const at = (event: Event, now = world.now): Next => ({ session, event, now, charter })
  const say = (text: string, now?: number) => at({ event: 'said', text }, now)
  const { open } = session
  if (!open) return session.lapsed ? [at({ event: 'volunteered', text: '1' }, world.now + 3_600_000)] : []
  const digits = [...new Set(replies.flatMap((reply) => reply.offers.map((offer) => offer.digit)))]
  const offered = digits.length > 4 ? [digits[0] ?? 1, ...digits.slice(-2)] : digits
  return [
    ...offered.map((digit) => at({ event: 'pressed', digit })),
    ...(open.node === 'fill' ? formTexts(world, replies).map((text) => say(text)) : []),
    say('xyzzy!'),
    { ...at({ event: 'said', text: '1' }), charter: { ...charter, version: charter.version + 1 } },
    say('0', world.now + 11 * 60_000),
    at({ event: 'attached' }),
    ...(session.under || open.retries > 0 || open.reminded ? [] : asides.map((event) => at(event))),
    at({ event: 'expired' }, wakeAt(machine, session) ?? world.now),
  ]
}

const asides: Event[] = [
  { event: 'started', flow: 'language', answers: {} },
  { event: 'started', flow: 'help', answers: {} },
]

/** What may be said to the question that a form asks: the least and most of a number and beyond them, days, a line. */
function formTexts({ charter }: World, replies: readonly Reply[]): string[] {
  const { question, ask } = replies.at(-1)?.gaps ?? {}
  const asked = charter.forms
    .flatMap((form) => form.questions)
    .find((each) => each.ask === wordsOf(question ?? ask))
  if (asked?.type === 'choice') return ['1', '-', '1 1 480']
  if (asked?.type === 'day') return ['today', 'skip', '31 December 2029', '1/1']
  if (!asked) return []
  const { low, high } = limitsOf(asked, { currency: charter })
  const digits = asked.type === 'money' ? charter.currency_digits : asked.decimals
  const usual = (asked.soft?.[0] ?? asked.hard[0]) + 4
  return [low - 1, low, high, high + 1]
    .map((value) => String(value / 10 ** digits))
    .concat(String(usual), '4.3', '1.23456', 'skip', '8 480 48')
}

const wordsOf = (value: Value | undefined) =>
  typeof value === 'object' && 'words' in value ? value.words : undefined
