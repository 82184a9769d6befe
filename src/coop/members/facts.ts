// What a step can establish about a member herself.
import { z } from 'zod'
import { languages } from '../charter/charter.ts'

export const memberFacts = [
  z.strictObject({ fact: z.literal('member_joined'), number: z.int(), language: z.enum(languages) }),
  z.strictObject({ fact: z.literal('language_chosen'), language: z.enum(languages) }),
  z.strictObject({ fact: z.literal('member_left') }),
  z.strictObject({ fact: z.literal('erasure_asked') }),
  z.strictObject({ fact: z.literal('erasure_taken_back') }),
  /** No more messages that we begin. `blocked`: the carrier has blocked this pair by itself. */
  z.strictObject({ fact: z.literal('opted_out'), blocked: z.boolean() }),
  /** The silence ends. `unblocked`: the carrier has lifted its own block of this pair. */
  z.strictObject({ fact: z.literal('opted_in'), unblocked: z.boolean() }),
] as const
