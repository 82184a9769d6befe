// What a step can establish about a consent. Each becomes one event of the member's ledger.
import { z } from 'zod'
import { languages } from '../charter/charter.ts'

const answered = { purpose: z.string(), version: z.int(), receipt: z.string(), language: z.enum(languages) }

export const consentFacts = [
  z.strictObject({ fact: z.literal('consent_given'), ...answered }),
  z.strictObject({ fact: z.literal('consent_refused'), ...answered }),
  z.strictObject({ fact: z.literal('consent_withdrawn'), ...answered }),
] as const
