// Steps the placed messages of a batch: routes each, loads what they look at, steps, and loads more for those that
// came to a flow with other needs. A message whose step fails is set apart; the rest go on.
import type { Event } from '../../conversation/event.ts'
import { standingOf } from '../../conversation/heard.ts'
import type { Machine } from '../../conversation/machine.ts'
import { needsOf, route } from '../../conversation/route/route.ts'
import { type Missing, type Step, step } from '../../conversation/step/step.ts'
import type { Need } from '../../conversation/world.ts'
import { speak } from '../../messaging/speak/speak.ts'
import type { Lane } from '../../store/lane.ts'
import type { Message } from '../message.ts'
import type { Placed } from './placed.ts'
import { readCalls } from './statements.ts'
import { loadWorlds, type Worlds } from './worlds.ts'

export interface Stepped {
  readonly placed: Placed
  readonly step: Step
  /** What is said to her, in her language and for her channel; empty for silence. */
  readonly text: string
  readonly now: number
}
/** Our fault: the step, or its words, failed for this message alone. */
export interface Failed {
  readonly placed: Placed
  readonly error: Error
}

export interface Steps {
  readonly stepped: readonly Stepped[]
  readonly failed: readonly Failed[]
  /** A vote that they look at is being closed: they wait until it is. */
  readonly waiting: readonly Placed[]
  readonly worlds: Worlds
}

/** Whether a reply states a fact and so asks for a callback: a language chosen shows by itself. */
export const statesFact = ({ facts }: Step): boolean => facts.some(({ fact }) => fact !== 'language_chosen')

interface Routed {
  readonly placed: Placed
  readonly event: Event
  readonly needs: ReadonlySet<Need>
}

/** Steps all; each message is stepped again with a fuller world until nothing it looks at is missing. */
export async function stepAll(lane: Lane, machine: Machine, placed: readonly Placed[]): Promise<Steps> {
  const calls = await callsRepliedTo(lane, placed)
  const stepped: Stepped[] = []
  const failed: Failed[] = []
  const waiting: Placed[] = []
  let left = placed.map((each) => routed(machine, each, calls))
  const fresh = placed.filter(({ contact }) => !contact)
  let worlds = await loadWorlds(lane, left, fresh)
  while (left.length > 0) {
    const more: Routed[] = []
    for (const each of left) {
      if (worlds.isClosing(each)) {
        waiting.push(each.placed)
        continue
      }
      const result = attempt(machine, each, worlds)
      if ('step' in result) stepped.push(result)
      else if ('error' in result) failed.push(result)
      else more.push({ ...each, needs: result.missing })
    }
    left = more
    if (left.length > 0) worlds = both(worlds, await loadWorlds(lane, left))
  }
  return { stepped, failed, waiting, worlds }
}

function routed(machine: Machine, placed: Placed, calls: ReadonlyMap<string, string>): Routed {
  const { message, session } = placed
  if (message.kind === 'clock') {
    const event: Event = { event: 'expired' }
    return { placed, event, needs: needsOf(machine, session, event) }
  }
  const repliedTo = message.inReplyTo && calls.get(message.inReplyTo)
  const heard = repliedTo ? { ...message.heard, repliedTo } : message.heard
  const routed = route({
    machine,
    charter: message.charter,
    session,
    standing: standingOf(placed.member, placed.blocked),
    heard,
  })
  // Nobody knows any more what her digit was for: it must not become a ballot.
  if (!placed.lost || routed.event.event !== 'volunteered') return { placed, ...routed }
  const event: Event = { event: 'started', flow: 'menu', answers: { lost: true } }
  return { placed, event, needs: needsOf(machine, session, event) }
}

function attempt(machine: Machine, { placed, event, needs }: Routed, worlds: Worlds): Stepped | Failed | Missing {
  try {
    const world = worlds.worldOf({ placed, needs })
    const result = step(machine, placed.session, event, world)
    if ('missing' in result) return result
    return {
      placed,
      step: result,
      text: spoken(placed.message, result),
      now: world.now,
    }
  } catch (error) {
    return { placed, error: error instanceof Error ? error : new Error(String(error)) }
  }
}

const spoken = (message: Message, { replies, language }: Step): string =>
  replies.length === 0
    ? ''
    : speak(replies, { charter: message.charter, language, channel: message.sender.channel })

// The ids were drawn with the first, and a ledger that was loaded with either is known.
const both = (one: Worlds, other: Worlds): Worlds => ({
  ...other,
  contactOf: one.contactOf,
  ledgerOf: (member) => {
    const ledger = other.ledgerOf(member)
    return ledger.head.n > 0 ? ledger : one.ledgerOf(member)
  },
})

async function callsRepliedTo(lane: Lane, placed: readonly Placed[]): Promise<Map<string, string>> {
  const ids = placed.flatMap(({ message }) => (message.kind === 'text' && message.inReplyTo) || [])
  if (ids.length === 0) return new Map()
  return new Map((await lane.ask(readCalls, [ids])).map((row) => [row.carrier_id, row.proposal]))
}
