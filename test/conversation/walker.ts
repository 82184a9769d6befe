// Walks a flow along every path: from one event it answers every question that comes in every way, until nothing new
// is met. Between two steps the session goes through JSON, as it does through Redis.
import type { Event } from '../../src/conversation/event.ts'
import { wakeAt } from '../../src/conversation/late.ts'
import type { Reply } from '../../src/conversation/reply.ts'
import { needsOf } from '../../src/conversation/route.ts'
import { newSession, type Session } from '../../src/conversation/session.ts'
import { type Step, step } from '../../src/conversation/step.ts'
import type { Need, World } from '../../src/conversation/world.ts'
import { limitsOf } from '../../src/coop/reports/questions.ts'
import { machine } from '../../src/messaging/machine.ts'
import { everyNeed } from './worlds.ts'

export interface Scene {
  readonly name: string
  readonly world: World
  readonly events: readonly Event[]
}

/** One step that was taken, and where it led from. */
export interface Taken {
  readonly step: Step
  readonly world: World
  readonly session: Session
}

const enough = 900

/** Every step that a scene leads to, each once. */
export function walk(scene: Scene): Taken[] {
  const taken: Taken[] = []
  const seen = new Set<string>()
  const waiting = scene.events.map((event) => ({ session: newSession, event, now: scene.world.now }))
  for (let next = waiting.shift(); next && taken.length < enough; next = waiting.shift()) {
    const world = { ...scene.world, now: next.now }
    const done = stepAll(next.session, next.event, world)
    const session = throughJson(done.session)
    taken.push({ step: done, world, session })
    const name = JSON.stringify({
      ...session,
      serial: 0,
      pace: 0,
      open: untimed(session.open),
      under: untimed(session.under),
    })
    if (seen.has(name)) continue
    seen.add(name)
    waiting.push(...answersTo(session, done.replies, world))
  }
  return taken
}

const untimed = (question: Session['open']) => question && { ...question, askedAt: 0, serial: 0 }

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
})

function throughJson(session: Session): Session {
  const back: Session = JSON.parse(JSON.stringify(session))
  if (JSON.stringify(back) !== JSON.stringify(session)) throw new Error('a session is changed by JSON')
  return { ...back, pace: newSession.pace }
}

type Next = { readonly session: Session; readonly event: Event; readonly now: number }

function answersTo(session: Session, replies: readonly Reply[], world: World): Next[] {
  const at = (event: Event, now = world.now): Next => ({ session, event, now })
  const say = (text: string, now?: number) => at({ event: 'said', text }, now)
  const { open } = session
  if (!open) return session.lapsed ? [at({ event: 'volunteered', text: '1' }, world.now + 3_600_000)] : []
  const digits = [...new Set(replies.flatMap((reply) => reply.offers.map((offer) => offer.digit)))]
  const offered = digits.length > 4 ? [digits[0] ?? 1, ...digits.slice(-2)] : digits
  return [
    ...offered.flatMap((digit) => [at({ event: 'pressed', digit })]),
    ...formTexts(world)
      .filter(() => open.node === 'fill')
      .map((text) => say(text)),
    say('xyzzy!'),
    say('0', world.now + 11 * 60_000),
    at({ event: 'attached' }),
    ...(session.under ? [] : asides.map((event) => at(event))),
    at({ event: 'expired' }, wakeAt(machine, session) ?? world.now),
  ]
}

const asides: Event[] = [
  { event: 'started', flow: 'language', answers: {} },
  { event: 'started', flow: 'help', answers: {} },
]

/** What may be said to a form: the least and most of every number, beyond them, days, and lines. */
function formTexts({ charter }: World): string[] {
  const numbers = charter.forms.flatMap((form) =>
    form.questions.flatMap((question) => {
      if (question.type !== 'number' && question.type !== 'money') return []
      const { low, high } = limitsOf(question, { currency: charter })
      const digits = question.type === 'money' ? charter.currency_digits : question.decimals
      const soft = question.soft?.[1]
      return [(low - 1) / 10 ** digits, high / 10 ** digits, (high + 1) / 10 ** digits, soft ?? low].map(String)
    }),
  )
  return [
    ...new Set(numbers),
    '8',
    '480',
    '1.23456',
    'skip',
    '-',
    'today',
    '31 December 2029',
    '1/1',
    '8 480 48',
    '1 1 480',
  ]
}
