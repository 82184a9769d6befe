// What the join flow sees of its world: whether she is a member, was one, may become one, has a language, and what she
// is told of the co-op.
import type { AnyScene } from '../src/conversation/flow.ts'
import type { Gaps } from '../src/conversation/reply.ts'
import type { World } from '../src/conversation/world.ts'
import type { Fact } from '../src/coop/facts.ts'

type Here = Pick<AnyScene, 'world' | 'language' | 'choseLanguage'>

/** Whether she has joined already. */
export const isMember = ({ world }: Here): boolean => world.member?.state === 'active'
/** Whether the co-op is joined by invitation and knows nothing of her. */
export const isUninvited = ({ world }: Here): boolean => world.charter.joining === 'invited' && !world.member

/** Whether she need not be asked for a language: there is but one, or one of them is known to be hers. */
export const hasLanguage = ({ world, choseLanguage }: Here): boolean =>
  world.charter.languages.length === 1 || world.member !== undefined || choseLanguage

/** Which text greets her: who has left comes back under her number, with each consent as it stood. */
export const firstOrAgain = ({ world }: Here): 'text' | 'again' =>
  world.member?.state === 'left' ? 'again' : 'text'

/**
 * How she is welcomed. By coming back she takes back a wish to have her data erased, and is told that they stay. A stop
 * that she sent before still holds, and she is told what lifts it: no vote would be brought to her.
 */
export function welcome(scene: Here): 'text' | 'again' | 'again_kept' | 'silenced' {
  const text = firstOrAgain(scene)
  const { member } = scene.world
  if (text === 'again' && member?.erasureAskedAt !== undefined) return 'again_kept'
  return member?.suppressed ? 'silenced' : text
}

/** A membership, under the number that she had before or a new one. */
export const joined = ({ world, language }: Here): Fact[] => [
  { fact: 'member_joined', number: numberOf(world), language },
]

const numberOf = ({ member, fresh }: World): number => member?.number ?? fresh.number

/** What every text of the flow may say. */
export const told = ({ world }: Here): Gaps => ({
  coop: { words: world.charter.name },
  about: { words: world.charter.about },
  human: { words: world.charter.human },
  number: numberOf(world),
})
