// Answers that are offered by their digits: which of them a text means, and what is said where it means none. A name is
// one in every language of the co-op; it never takes a near miss.

import type { Pickable } from '../flow.ts'
import { readChoice } from '../hear/choice.ts'
import type { Offer, Reply } from '../reply.ts'
import type { Question } from '../session.ts'
import { tryAgain } from './act.ts'
import type { Turn } from './turn.ts'

type Heard = Offer & Partial<Pick<Pickable, 'also'>>

/** Answers on offer, and the node whose words they go by. */
export interface Offered extends Pick<Reply, 'flow' | 'node'> {
  readonly offers: readonly Heard[]
}

/** The digit of the offer that was meant. Consents and votes are read with 'digits', which refuses bare names. */
export function digitMeant(
  turn: Turn,
  offered: Offered,
  said: string,
  how: 'digits' | 'names',
): number | undefined {
  const options = offered.offers.map((offer) => ({ digit: offer.digit, names: namesOf(turn, offered, offer) }))
  return readChoice(said, options, how)
}

function namesOf({ machine, world }: Turn, { flow, node }: Offered, { name, also = [] }: Heard): string[] {
  if (typeof name !== 'string') return [...Object.values(name.words), ...also]
  return world.charter.languages.map((language) => machine.vocabulary.name(flow, node, name, language))
}

/** Says which digits would do, with their names where there is room for them. */
export function offerAgain(turn: Turn, question: Question, offered: Offered): void {
  const { offers } = offered
  const retry = { flow: 'machine', node: 'retry', gaps: {}, offers: [] }
  const digits = { either: offers.map((offer) => offer.digit) }
  const named = offers.map((offer) => ({ digit: offer.digit, name: { words: wordsOf(turn, offered, offer) } }))
  tryAgain(turn, question, () =>
    turn.replies.push({
      ...retry,
      text: 'named',
      offers: named,
      brief: [{ ...retry, text: 'text', gaps: { digits } }],
    }),
  )
}

function wordsOf({ machine, language }: Turn, { flow, node }: Offered, { name }: Offer) {
  return typeof name === 'string' ? { [language]: machine.vocabulary.name(flow, node, name, language) } : name.words
}
