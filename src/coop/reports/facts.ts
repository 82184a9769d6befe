// What a step can establish about a report.
import { z } from 'zod'
import { values } from './values.ts'

export const reportFacts = [
  z.strictObject({
    fact: z.literal('report_made'),
    form: z.string(),
    key: z.string(),
    version: z.int().min(1),
    values,
    figures: values,
    /** When it joins the pool, in milliseconds since 1970. */
    poolAt: z.int(),
  }),
  z.strictObject({ fact: z.literal('report_undone'), form: z.string(), key: z.string(), version: z.int().min(1) }),
] as const
