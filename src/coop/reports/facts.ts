// What a step can establish about a report.
import { z } from 'zod'
import { values } from './values.ts'

export const reportFacts = [
  z.strictObject({
    fact: z.literal('report_made'),
    form: z.string(),
    key: z.string(),
    version: z.int().min(1),
    /** Monday of the week that the report is of, and its cell of the form's insight. */
    week: z.string(),
    cell: z.string(),
    values,
    figures: values,
    /** When it joins the pool, in milliseconds since 1970. */
    poolAt: z.int(),
  }),
  /** Taken back before it joined the pool: this version is deleted, an earlier one stands again. */
  z.strictObject({ fact: z.literal('report_undone'), form: z.string(), key: z.string(), version: z.int().min(1) }),
] as const
