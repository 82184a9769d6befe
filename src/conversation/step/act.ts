// What a node does once it has what it waited for, and what it says when it was not given that. Every verb ends here.
import type { Acts, AnyScene, Next } from '../flow.ts'
import { bareNumber } from '../hear/digits.ts'
import type { Answers, Question } from '../session.ts'
import { enter, establish, follow, type Place, sceneOf, type Turn } from './turn.ts'

/** The answers once a node has set its own. */
export const settled = (turn: Turn, answers: Answers, acting: Pick<Acts<Answers, string>, 'set'>): Answers =>
  ({ ...answers, ...acting.set?.(sceneOf(turn, answers)) }) as Answers

/** Sets, establishes, goes on: what every verb does once it has what it waited for. */
export function act(turn: Turn, place: Place, acting: Acts<Answers, string>, heard: Answers): void {
  const answers = settled(turn, { ...place.answers, ...heard }, acting)
  const scene = sceneOf(turn, answers)
  establish(turn, acting.facts?.(scene) ?? [])
  follow(turn, { ...place, answers }, nextOf(acting, scene))
}

/** Where it leads from a scene. */
export const nextOf = ({ next }: Pick<Acts<Answers, string>, 'next'>, scene: AnyScene): Next<string> =>
  typeof next === 'function' ? next(scene) : next

/** 0 is the menu wherever it is no answer. */
export const isZero = (said: string): boolean => bareNumber(said) === 0

/** Whether what is not understood now is so for the third time. */
export const isLastTry = ({ retries }: Question): boolean => retries >= 2

/** Says what would do and keeps the question open; the third time the menu is offered instead. */
export function tryAgain(turn: Turn, question: Question, say: () => void): void {
  if (isLastTry(question)) return enter(turn, 'menu', { lost: true })
  say()
  const retries = question.retries + 1
  turn.session = { ...turn.session, open: { ...question, retries, askedAt: turn.world.now } }
  turn.at = undefined
}
