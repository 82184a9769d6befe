// What a step can establish about a vote.
import { z } from 'zod'

export const voteFacts = [
  z.strictObject({ fact: z.literal('ballot_cast'), proposal: z.string(), option: z.int().min(1) }),
] as const
