// The machine: one event through a conversation. Pure and synchronous; it has no clock, no database and no prose.
// It returns what the session has become, what was established, and what is to be said, and runs none of it.
import type { Language } from '../../coop/charter/charter.ts'
import type { Fact } from '../../coop/facts.ts'
import type { Proposal } from '../../coop/votes/proposal.ts'
import { callsTo } from '../../coop/votes/proposal.ts'
import { ballotOffers } from '../../coop/votes/words.ts'
import type { Event } from '../event.ts'
import { isThanks } from '../hear/courtesies.ts'
import { bareNumber } from '../hear/digits.ts'
import type { Machine } from '../machine.ts'
import type { Reply } from '../reply.ts'
import type { Question, Session } from '../session.ts'
import type { Need, World } from '../world.ts'
import { act, isZero, settled, tryAgain } from './act.ts'
import { hear, put } from './ask.ts'
import { calledSince, lapse, lastCall, putAgain } from './late.ts'
import { leave, tell } from './leave.ts'
import { digitMeant } from './offered.ts'
import { paced } from './pace.ts'
import {
  enter,
  gone,
  isAsPut,
  isWrittenBefore,
  mention,
  newTurn,
  nodeOf,
  type Place,
  placeOf,
  reopen,
  sceneOf,
  speak,
  type Turn,
} from './turn.ts'

export interface Step {
  readonly session: Session
  /** The language in which it is said: hers, as of this step. */
  readonly language: Language
  readonly facts: readonly Fact[]
  readonly replies: readonly Reply[]
}
/** The step came to a flow whose part of the world was not loaded: load it and step again. */
export interface Missing {
  readonly missing: ReadonlySet<Need>
}

/** Steps one event; the same arguments always give the same result. Throws only where a flow is wrong. */
export function step(machine: Machine, session: Session, event: Event, world: World): Step | Missing {
  const { session: counted, verdict } = paced(session, event, world.now)
  const turn = newTurn(machine, counted, event, world)
  if (verdict === 'pause') speak(turn, 'machine', 'pause', 'text')
  if (verdict === 'go' || verdict === 'unanswered') begin(turn, event)
  const left = turn.missing.length > 0 ? undefined : leave(turn, session, cancels(event))
  walk(turn)
  if (turn.missing.length > 0) return { missing: new Set([...world.loaded, ...turn.missing]) }
  // A question that she is not asked is not open, and has taken the place of none.
  const isUnasked = verdict === 'unanswered' && isNew(turn.session.open, counted)
  if (left && !isUnasked) tell(turn, left)
  const { language, facts } = turn
  const replies = verdict === 'unanswered' ? [] : turn.replies
  return { session: isUnasked ? counted : turn.session, language, facts, replies }
}

const isNew = (open: Question | undefined, before: Session): boolean => open !== undefined && open !== before.open
const cancels = (event: Event): boolean => event.event === 'started' && event.answers.cancels === true

function begin(turn: Turn, event: Event): void {
  switch (event.event) {
    case 'started':
      return enter(turn, event.flow, event.answers)
    case 'said':
      return answer(turn, event.text)
    case 'pressed':
      return answer(turn, String(event.digit))
    case 'volunteered':
      return volunteer(turn, event.text)
    case 'attached':
      return decline(turn)
    case 'expired':
      return lapse(turn)
  }
}

// A step is at most a handful of nodes: more means that two of them lead to each other.
const mostNodes = 24

function walk(turn: Turn): void {
  for (let passed = 0; turn.at && turn.missing.length === 0; passed++) {
    if (passed === mostNodes)
      throw new Error(`flow "${turn.at.flow.name}" goes round in circles at "${turn.at.node}"`)
    pass(turn, turn.at)
  }
}

function pass(turn: Turn, place: Place): void {
  const node = nodeOf(place.flow, place.node)
  if (!node) return gone(turn)
  if (node.verb !== 'say' && node.verb !== 'decide') return put(turn, place, node)
  if (node.verb === 'say') say(turn, place, node)
  act(turn, place, node, {})
}

function say(turn: Turn, place: Place, node: Extract<ReturnType<typeof nodeOf>, { verb: 'say' }>): void {
  const scene = sceneOf(turn, settled(turn, place.answers, node))
  const text = typeof node.text === 'function' ? node.text(scene) : (node.text ?? 'text')
  if (text !== '') speak(turn, place.flow.name, place.node, text, node.gaps?.(scene))
}

function answer(turn: Turn, said: string): void {
  const open = turn.session.open
  if (!open) return volunteer(turn, said)
  const isLate = isWrittenBefore(turn, open.askedAt)
  const call = isLate ? undefined : calledSince(turn, open, said)
  if (turn.missing.length > 0) return
  if (call) return call.isClear ? volunteer(turn, said) : enter(turn, 'vote', { slug: call.slug })
  const { open: _, ...rest } = turn.session
  turn.session = rest
  if (isLate) reopen(turn, open, 'late')
  else if (isAsPut(turn, open)) hearOpen(turn, open, said)
  else reopen(turn, open, 'changed')
}

function hearOpen(turn: Turn, open: Question, said: string): void {
  const place = placeOf(turn, open)
  const node = place && nodeOf(place.flow, place.node)
  if (!node || node.verb === 'say' || node.verb === 'decide') return gone(turn)
  hear(turn, place, node, open, said)
}

// Nothing waits for this text: it is for the last call, or for a question that ran out, or the menu helps.
function volunteer(turn: Turn, said: string): void {
  if (isZero(said) || turn.world.member?.state !== 'active') return enter(turn, 'menu', {})
  if (putAgain(turn, said)) return
  const digit = bareNumber(said) ?? ballotMeant(turn, said)
  if (digit === undefined) return unnumbered(turn, said)
  enter(turn, 'vote', isWrittenBefore(turn, lastCall(turn)) ? {} : { digit })
}

// After "ok, thanks" nothing is open: her next digit is still for the vote that she may change.
function unnumbered(turn: Turn, said: string): void {
  if (isCalled(turn) || namesOption(turn, said)) enter(turn, 'vote', {})
  else if (isThanks(said)) speak(turn, 'machine', 'thanks', 'text')
  else enter(turn, 'menu', {})
}

// A call that she has not answered is what her words were most likely about: it is put to her as a question.
const isCalled = (turn: Turn): boolean => callsOf(turn).some(({ ballot }) => ballot === undefined)

const callsOf = ({ world }: Turn) => callsTo(world.proposals, world.now)
const optionMeant = (turn: Turn, call: Proposal, said: string, how: 'digits' | 'names') =>
  digitMeant(turn, { flow: 'vote', node: 'ballot', offers: ballotOffers(call) }, said, how)

// "2 Against", as the call has it; with several open ones it is asked which.
function ballotMeant(turn: Turn, said: string): number | undefined {
  const [call, ...others] = callsOf(turn)
  return call && others.length === 0 ? optionMeant(turn, call, said, 'digits') : undefined
}

const namesOption = (turn: Turn, said: string): boolean =>
  callsOf(turn).some((call) => optionMeant(turn, call, said, 'names') !== undefined)

function decline(turn: Turn): void {
  mention(turn, 'attachment')
  const { open } = turn.session
  if (!open) return enter(turn, 'menu', {})
  if (!placeOf(turn, open)) return gone(turn)
  tryAgain(turn, open, () => {})
}
