// A box: what the messages of one batch were answered, in one seal, since making a seal costs far more than sealing a
// longer text. A reply is found in it by its place; one that was blanked keeps its place, so that no other moves.
import type { Keys } from './keys.ts'
import { seal, unseal } from './seal.ts'

// The name and the plain text are those of a single reply as it was sealed before there were boxes: such a seal is a
// box of one, which is how the migration could keep it.
const place = 'inbound.reply'
const between = '\0'

/** Seals the replies of a batch, each under its place in the list. */
export function sealReplies(keys: Keys, replies: readonly string[]): Buffer {
  // No carrier takes it and no answer in XML can hold it: a reply with one would move all behind it.
  if (replies.some((reply) => reply.includes(between))) throw new Error('a reply holds the character NUL')
  return seal(keys, replies.join(between), place)
}

/** The replies of a box by their places; throws as `unseal` does. */
export const unsealReplies = (keys: Keys, box: Buffer): string[] => unseal(keys, box, place).split(between)

/** The box without the replies at these places, or nothing where none is left in it; throws as `unseal` does. */
export function blankReplies(keys: Keys, box: Buffer, places: ReadonlySet<number>): Buffer | undefined {
  const rest = unsealReplies(keys, box).map((reply, at) => (places.has(at) ? '' : reply))
  return rest.some((reply) => reply !== '') ? sealReplies(keys, rest) : undefined
}
