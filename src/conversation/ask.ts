// Puts a question, and hears an answer to it: one function for each of the two, one case for each verb that waits.

import { act, isZero, tryAgain } from './act.ts'
import { hearForm, putForm } from './fill.ts'
import type { AnyNode, Ask, Choose, Pickable, Pick as PickNode } from './flow.ts'
import { readChoice } from './hear/choice.ts'
import type { Offer } from './reply.ts'
import type { Answers, Question } from './session.ts'
import { enter, gone, type Place, sceneOf, speak, type Turn, waitAt } from './turn.ts'

export type Waiting = Exclude<AnyNode, { verb: 'say' | 'decide' }>

/** Says the question of a node and rests there. */
export function put(turn: Turn, place: Place, node: Waiting): void {
  if (node.verb === 'fill') return putForm(turn, place, node)
  const scene = sceneOf(turn, place.answers)
  const text = typeof node.text === 'function' ? node.text(scene) : (node.text ?? 'text')
  const offers = offersOf(turn, place, node)
  if (node.verb === 'pick' && offers.length === 0) return gone(turn)
  speak(turn, place.flow.name, place.node, text, node.gaps?.(scene), offers)
  waitAt(turn, place)
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
      return hearForm(turn, place, node, question, said)
  }
}

const digitOf = (option: { digit?: number }, at: number): number => option.digit ?? at + 1

function offersOf(turn: Turn, place: Place, node: Waiting): readonly Offer[] {
  if (node.verb === 'choose')
    return node.options.map((option, at) => ({ digit: digitOf(option, at), name: option.name }))
  return node.verb === 'pick' ? node.from(sceneOf(turn, place.answers)) : []
}

function hearChoice(
  turn: Turn,
  place: Place,
  node: Choose<Answers, string>,
  question: Question,
  said: string,
): void {
  const named = node.options.map((option, at) => ({
    digit: digitOf(option, at),
    names: namesIn(turn, place, option.name),
  }))
  const digit = readChoice(said, named, node.names ? 'names' : 'digits')
  const chosen = node.options.find((option, at) => digitOf(option, at) === digit)
  if (chosen) act(turn, place, chosen, {})
  else notUnderstood(turn, question, offersOf(turn, place, node), said)
}

const namesIn = (turn: Turn, place: Place, option: string): string[] =>
  turn.world.charter.languages.map((language) =>
    turn.machine.vocabulary.name(place.flow.name, place.node, option, language),
  )

function hearPick(
  turn: Turn,
  place: Place,
  node: PickNode<Answers, string>,
  question: Question,
  said: string,
): void {
  const offered = node.from(sceneOf(turn, place.answers))
  const named = offered.map((offer) => ({ digit: offer.digit, names: namesOf(turn, place, offer) }))
  const digit = readChoice(said, named, node.names ? 'names' : 'digits')
  const picked = offered.find((offer) => offer.digit === digit)
  if (picked) act(turn, place, node, { [node.as]: picked.id })
  else notUnderstood(turn, question, offered, said)
}

const namesOf = (turn: Turn, place: Place, offer: Pickable): string[] =>
  typeof offer.name === 'string' ? namesIn(turn, place, offer.name) : Object.values(offer.name.words)

function hearText(turn: Turn, place: Place, node: Ask<Answers, string>, question: Question, said: string): void {
  const reading = node.read(said, sceneOf(turn, place.answers))
  if ('set' in reading) return act(turn, place, node, reading.set as Answers)
  tryAgain(turn, question, () => speak(turn, place.flow.name, place.node, reading.retry, reading.gaps))
}

function notUnderstood(turn: Turn, question: Question, offers: readonly Offer[], said: string): void {
  if (isZero(said)) return enter(turn, 'menu', {})
  // All that could be picked has closed in the meantime.
  if (offers.length === 0) return gone(turn)
  retry(turn, question, offers)
}

const retry = (turn: Turn, question: Question, offers: readonly Offer[]): void =>
  tryAgain(turn, question, () =>
    speak(turn, 'machine', 'retry', 'text', { digits: { either: offers.map((offer) => offer.digit) } }),
  )
