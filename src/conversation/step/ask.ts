// Puts a question, and hears an answer to it: one function for each of the two, one case for each verb that waits.

import type { AnyNode, Ask, Choose, Pickable, Pick as PickNode } from '../flow.ts'
import { isOneOf, noWords } from '../hear/yes_no.ts'
import type { Offer } from '../reply.ts'
import type { Answers, Question } from '../session.ts'
import { act, isZero, nextOf, tryAgain } from './act.ts'
import { hearForm, putForm } from './fill.ts'
import { digitMeant, type Offered, offerAgain } from './offered.ts'
import {
  enter,
  follow,
  gone,
  nodeOf,
  offersStill,
  type Place,
  reopen,
  sceneOf,
  speak,
  type Turn,
  waitAt,
} from './turn.ts'

export type Waiting = Exclude<AnyNode, { verb: 'say' | 'decide' }>

/** Says the question of a node and rests there. */
export function put(turn: Turn, place: Place, node: Waiting): void {
  if (node.verb === 'fill') return putForm(turn, place, node)
  const scene = sceneOf(turn, place.answers)
  if (node.verb === 'pick' && node.unless?.(scene)) return follow(turn, place, nextOf(node, scene))
  const text = typeof node.text === 'function' ? node.text(scene) : (node.text ?? 'text')
  const picks = node.verb === 'pick' ? node.from(scene) : undefined
  if (picks?.length === 0) return gone(turn)
  speak(turn, place.flow.name, place.node, text, node.gaps?.(scene), picks ?? optionsOf(node))
  waitAt(turn, place, picks && idsOf(picks))
}

/** Hears a text, or a digit that a button stands for. Says a retry where it is not understood. */
export function hear(turn: Turn, place: Place, node: Waiting, question: Question, said: string): void {
  switch (node.verb) {
    case 'choose':
      return hearChoice(turn, place, node, question, said)
    case 'pick':
      return hearPick(turn, place, node, question, said)
    case 'ask':
      return hearText(turn, place, node, question, said)
    case 'fill':
      return hearForm(turn, place, node, { question, said })
  }
}

const idsOf = (all: readonly Pickable[]): string[] => all.map(({ id }) => id)
const digitOf = (option: { digit?: number }, at: number): number => option.digit ?? at + 1

const offeredAt = ({ flow, node }: Place, offers: readonly Offer[]): Offered => ({ flow: flow.name, node, offers })

const optionsOf = (node: Waiting): Offer[] =>
  node.verb === 'choose'
    ? node.options.map((option, at) => ({ digit: digitOf(option, at), name: option.name }))
    : []

/** Whether a text names one of the options that a question of the flow itself offers. */
export function namesOption(turn: Turn, place: Place, said: string): boolean {
  const node = nodeOf(place.flow, place.node)
  return node?.verb === 'choose' && digitMeant(turn, offeredAt(place, optionsOf(node)), said, 'names') !== undefined
}

function hearChoice(
  turn: Turn,
  place: Place,
  node: Choose<Answers, string>,
  question: Question,
  said: string,
): void {
  const offered = offeredAt(place, optionsOf(node))
  const digit = digitMeant(turn, offered, said, node.names ? 'names' : 'digits')
  const chosen =
    node.options.find((option, at) => digitOf(option, at) === digit) ??
    node.options.find((option) => option.plainNo && isOneOf(noWords, said))
  if (chosen) act(turn, place, chosen, {})
  else notUnderstood(turn, question, offered, said)
}

function hearPick(
  turn: Turn,
  place: Place,
  node: PickNode<Answers, string>,
  question: Question,
  said: string,
): void {
  const offers = node.from(sceneOf(turn, place.answers))
  if (offers.length > 0 && !offersStill(question, idsOf(offers))) return reopen(turn, question, 'changed')
  const offered = offeredAt(place, offers)
  const digit = digitMeant(turn, offered, said, node.names ? 'names' : 'digits')
  const picked = offers.find((offer) => offer.digit === digit)
  if (picked) act(turn, place, node, { [node.as]: picked.id })
  else notUnderstood(turn, question, offered, said)
}

function hearText(turn: Turn, place: Place, node: Ask<Answers, string>, question: Question, said: string): void {
  const reading = node.read(said, sceneOf(turn, place.answers))
  if ('set' in reading) return act(turn, place, node, reading.set as Answers)
  tryAgain(turn, question, () => speak(turn, place.flow.name, place.node, reading.retry, reading.gaps))
}

function notUnderstood(turn: Turn, question: Question, offered: Offered, said: string): void {
  if (isZero(said)) return enter(turn, 'menu', {})
  // All that could be picked has closed in the meantime.
  if (offered.offers.length === 0) return gone(turn)
  offerAgain(turn, question, offered)
}
