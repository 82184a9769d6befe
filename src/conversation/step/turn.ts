// One step while it runs: where the conversation stands, and what has been said and established so far. It is made
// by `step.ts`, filled by the verbs, and never outlives the step.
import type { Language } from '../../coop/charter/charter.ts'
import { spokenWith } from '../../coop/charter/spoken.ts'
import type { Fact } from '../../coop/facts.ts'
import type { Event } from '../event.ts'
import type { AnyFlow, AnyNode, AnyScene, Next } from '../flow.ts'
import { flowOf, type Machine } from '../machine.ts'
import type { Gaps, Offer, Reply } from '../reply.ts'
import type { Answers, Question, Session } from '../session.ts'
import type { Need, World } from '../world.ts'

export interface Turn {
  readonly machine: Machine
  world: World
  language: Language
  session: Session
  readonly facts: Fact[]
  readonly replies: Reply[]
  /** The node to run next; none when the step has come to rest. */
  at: Place | undefined
  /** The flow that has taken the place of the open question, and of the one under it; none while they stand. */
  instead?: AnyFlow
  /** What the reports are of that were made in this step. */
  readonly made: string[]
  /** The question that is being asked again, which keeps its serial and its count of retries. */
  again?: Question | undefined
  /** When her text came, where that is long ago. */
  readonly writtenAt?: number | undefined
  /** Parts of the world that a flow on the way needs and that were not loaded. */
  missing: readonly Need[]
}

export interface Place {
  readonly flow: AnyFlow
  readonly node: string
  readonly answers: Answers
}

/** A turn in which nothing has happened yet. */
export const newTurn = (machine: Machine, session: Session, event: Event, world: World): Turn => ({
  machine,
  world,
  language: languageOf(session, world),
  session,
  facts: [],
  replies: [],
  made: [],
  at: undefined,
  writtenAt: event.writtenAt,
  missing: [],
})

/** A member's language is hers on every address; a stranger's is that of this conversation. */
const languageOf = (session: Session, { member, charter }: World): Language =>
  spokenWith(charter, member?.language ?? session.language)

export const sceneOf = (turn: Turn, answers: Answers): AnyScene => ({
  world: turn.world,
  answers,
  language: turn.language,
  choseLanguage: turn.session.language !== undefined,
})

/** The node of that name; undefined where a newer version of the flow has none. */
export const nodeOf = (flow: AnyFlow, name: string): AnyNode | undefined => flow.nodes[name]

/** Whether a part of the world that a flow needs was not loaded: the step says so, and is run again. */
export function isLacking(turn: Turn, { needs }: AnyFlow): boolean {
  turn.missing = needs.filter((need) => !turn.world.loaded.has(need))
  return turn.missing.length > 0
}

/**
 * Puts a flow's first node next. An aside lays the open question under itself, unless it is its own; any other flow
 * ends it. A question that has run out is over once its own flow begins anew, or one that takes it back.
 */
export function enter(turn: Turn, name: string, answers: Answers): void {
  const flow = flowOf(turn.machine, name)
  if (isLacking(turn, flow)) return
  if (!flow.aside) turn.instead ??= flow
  const { open, under, lapsed, ...rest } = turn.session
  const kept = flow.aside ? (under ?? (open?.flow === name ? undefined : open)) : undefined
  const isOver = lapsed?.flow === name || (lapsed && lapsed.flow === flow.takesBack)
  turn.session = { ...rest, ...(kept && { under: kept }), ...(lapsed && !isOver && { lapsed }) }
  turn.at = { flow, node: flow.start, answers }
}

/** Says a text of a node. */
export function speak(
  turn: Turn,
  flow: string,
  node: string,
  text: string,
  gaps: Gaps = {},
  offers: readonly Offer[] = [],
): void {
  turn.replies.push({ flow, node, text, gaps, offers })
}

/** Says a text of the machine where there is room for it beside what follows. */
export function mention(turn: Turn, node: string): void {
  turn.replies.push({ flow: 'machine', node, text: 'text', gaps: {}, offers: [], brief: [] })
}

/** Establishes facts; a chosen language is spoken from here on. */
export function establish(turn: Turn, facts: readonly Fact[]): void {
  turn.facts.push(...facts)
  for (const fact of facts) {
    if (fact.fact !== 'language_chosen') continue
    turn.language = fact.language
    turn.session = { ...turn.session, language: fact.language }
  }
}

/**
 * Whether she would be asked in the words today that she was asked in. Else the same digit may mean another thing, and
 * a yes would be to words that she has not read.
 */
export const isAsPut = ({ world, language }: Turn, { askedIn }: Question): boolean =>
  !askedIn || (askedIn.charter === world.charter.version && askedIn.language === language)

const membershipOf = ({ member }: World): number | 'outsider' =>
  member?.state === 'active' ? (member.joinedAt ?? 0) : 'outsider'

/** Whether her text came before this instant, so that it does not answer what was sent to her then. */
export const isWrittenBefore = ({ writtenAt }: Turn, instant: number): boolean =>
  writtenAt !== undefined && writtenAt < instant

/** Whether a question still offers what it offered: a digit of an older list may mean another thing today. */
export const offersStill = ({ offered }: Question, now: readonly string[] | undefined): boolean =>
  offered === undefined || offered.join(' ') === now?.join(' ')

/**
 * Lets the step rest at a question, which keeps its serial and count of retries when it is asked again. In other words,
 * or with another list to pick from, it is another question: no button of the old one answers it.
 */
export function waitAt(turn: Turn, place: Place, offered?: readonly string[]): void {
  const again = turn.again && isAsPut(turn, turn.again) && offersStill(turn.again, offered) ? turn.again : undefined
  const serial = again?.serial ?? turn.session.serial + 1
  const open: Question = {
    flow: place.flow.name,
    node: place.node,
    answers: place.answers,
    serial,
    askedAt: turn.world.now,
    retries: again?.retries ?? 0,
    reminded: again?.reminded ?? false,
    askedIn: { charter: turn.world.charter.version, language: turn.language },
    putTo: membershipOf(turn.world),
    ...(offered && { offered }),
  }
  turn.session = { ...turn.session, open, serial: Math.max(serial, turn.session.serial) }
  turn.at = undefined
  turn.again = undefined
}

/** Goes where a node leads. */
export function follow(turn: Turn, place: Place, next: Next<string>): void {
  turn.at = undefined
  if (typeof next === 'string') turn.at = { ...place, node: next }
  else if ('to' in next) enter(turn, next.to, next.answers ?? {})
  else if ('resume' in next) resume(turn, next.resume)
}

// The question under an aside comes back: asked again, or as it stood.
function resume(turn: Turn, how: 'ask_again' | 'quietly'): void {
  const { under, ...rest } = turn.session
  turn.session = rest
  if (!under) return
  if (how === 'quietly') turn.session = { ...rest, open: under }
  else reopen(turn, under)
}

/**
 * Where a kept question stands; nowhere where its node is gone, what it is about has left the charter, or she has
 * joined or left since, on another phone of hers.
 */
export function placeOf(turn: Turn, { flow: name, node, answers, putTo }: Question): Place | undefined {
  if (putTo !== undefined && putTo !== membershipOf(turn.world)) return undefined
  const flow = turn.machine.flows[name]
  if (!flow || !nodeOf(flow, node)) return undefined
  return (flow.stands?.(sceneOf(turn, answers)) ?? true) ? { flow, node, answers } : undefined
}

/** Why a question is asked again: a text of the machine that leads up to it. */
export type Lead = 'reminder' | 'late' | 'changed'

/**
 * Asks a kept question again, as `again`; where it stands nowhere, says so and offers the menu. What leads up to it is
 * left out of an SMS that has room for the question alone.
 */
export function reopen(turn: Turn, question: Question, lead?: Lead, again: Question = question): void {
  const place = placeOf(turn, question)
  if (!place) return gone(turn)
  if (lead) speak(turn, 'machine', lead, 'text')
  for (const [at, reply] of turn.replies.entries()) turn.replies[at] = { ...reply, brief: [] }
  if (isLacking(turn, place.flow)) return
  turn.at = place
  turn.again = again
}

/** A kept question stands nowhere: the menu is offered, or the way in, and why, where there is room for it. */
export function gone(turn: Turn): void {
  mention(turn, 'gone')
  enter(turn, 'menu', {})
}
