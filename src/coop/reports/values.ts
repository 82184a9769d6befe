// What one report holds, as stored: whole numbers scaled by the question's decimals, the ids of chosen options,
// a day as YYYY-MM-DD. It never holds a fraction, so that sums and medians are exact.
import { z } from 'zod'

export const values = z.record(z.string(), z.union([z.int(), z.string()]))
export type Values = Readonly<z.infer<typeof values>>
