// What one co-op is, as data: the shape of a charter's YAML file. It says what a charter may hold and never
// reads a file or a database; `read.ts` does the reading, and what spans several fields is checked beside it.
import { z } from 'zod'
import type { Address } from '../members/address.ts'

export const languages = ['en', 'hi', 'sw', 'es', 'fr'] as const
export type Language = (typeof languages)[number]
/** One text in every language of the co-op. */
export type Words = Readonly<Partial<Record<Language, string>>>

export const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'begin with a small letter, then small letters, digits and hyphens, 40 at most')
export const words = z
  .partialRecord(z.enum(languages), z.string().trim().min(1, 'write a text, or leave the language out'))
  .refine((texts) => Object.keys(texts).length > 0, 'write the text in every language of the co-op')
const address = z.custom<Address>(
  (value) => typeof value === 'string' && /^(sms|whatsapp):\+[1-9]\d{6,14}$/.test(value),
  'write sms:+447700900100 or whatsapp:+447700900100',
)

const units = { minute: 60, hour: 3600, day: 86400 } as const
const span = z
  .string()
  .regex(/^\d{1,4} (minute|hour|day)s?$/, 'write a span such as "10 minutes", "2 hours" or "14 days"')
  .transform((text) => {
    const [count, unit] = text.split(' ') as [string, string]
    return Number(count) * units[unit.replace(/s$/, '') as keyof typeof units]
  })
const share = z
  .string('write a share such as 1/2 or 2/3')
  .regex(/^[1-9]\d{0,3}\/[1-9]\d{0,3}$/, 'write a share such as 1/2 or 2/3')
  .transform((text) => {
    const [part, whole] = text.split('/') as [string, string]
    return { part: Number(part), whole: Number(whole) }
  })

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time of day such as "20:00"')

const sender = z.strictObject({
  address,
  /** Segments per second that the carrier lets this sender send. */
  rate: z.number().positive().max(1000),
  /** Whether the carrier itself answers STOP, START and HELP sent to this sender. */
  carrier_answers: z.boolean(),
})

const kind = z.strictObject({
  binding: z.boolean(),
  /** Seconds between the notice and the opening. */
  notice: span,
  /** Seconds for which a vote of this kind is open, where its file names no other time. */
  open: span,
  quorum: z.strictObject({ percent: z.int().min(0).max(100), least: z.int().min(1) }),
  /** Passes where for / (for + against) is above one half, or at least this share if `reach` is `at_least`. */
  majority: z.strictObject({ share, reach: z.enum(['above', 'at_least']) }),
  /** Calls of this kind are sent at night too. */
  any_hour: z.boolean().default(false),
})

const purpose = z.strictObject({
  id,
  name: words,
  notice: z.strictObject({ version: z.int().min(1), text: words }),
  /** Asked of nobody any more. It keeps its number, under which whoever has it on can switch it off. */
  retired: z.boolean().default(false),
})

/** `also`: other spellings that are heard, in any language. */
const option = z.strictObject({ id, name: words, also: z.array(z.string().trim().min(1)).default([]) })
const range = z.tuple([z.number(), z.number()])
const question = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.enum(['number', 'money']),
    id,
    name: words,
    ask: words,
    /** "8:30" and "8h30" are heard as eight hours and a half. */
    hours: z.boolean().default(false),
    /** Digits kept behind the decimal point; money always keeps the currency's. */
    decimals: z.int().min(0).max(3).default(0),
    unit: words.optional(),
    /** Outside it the answer is asked again, with the range. Written as said: 0.5 hours, 20000 rupees. */
    hard: range,
    /** Outside it she is asked "really?". */
    soft: range.optional(),
    /** Asked "really?" too where it is more than so many times, or less than one such part of, her own median. */
    soft_times_own: z.number().min(1.1).optional(),
    /**
     * As above, but of the group's median of the cell; and the hard limit in the same terms. For the question that
     * is the form's insight.
     */
    soft_times_group: z.number().min(1.1).optional(),
    hard_times_group: z.number().min(1.1).optional(),
    optional: z.boolean().default(false),
  }),
  z.strictObject({
    type: z.literal('choice'),
    id,
    name: words,
    ask: words,
    options: z.array(option).min(2).max(9),
    optional: z.boolean().default(false),
  }),
  z.strictObject({
    /** The day the report is of, today where she names none. Its id is `day` too. */
    type: z.literal('day'),
    id,
    name: words,
    ask: words,
    /** How many days back a report may lie. */
    back: z.int().min(0).max(31),
    optional: z.literal(true).default(true),
  }),
])

const check = z.strictObject({
  left: id,
  is: z.enum(['at_most', 'at_least']),
  right: id,
  text: words,
  /** A firm check asks for its answers again; the others ask "really?". */
  firm: z.boolean().default(false),
})
const figure = z.strictObject({
  id,
  name: words,
  type: z.enum(['number', 'money']),
  decimals: z.int().min(0).max(3).default(0),
  unit: words.optional(),
  /** A sum of questions or earlier figures, each with + or -, over one optional divisor; rounded half up. */
  plus: z.array(id).min(1),
  minus: z.array(id).default([]),
  per: id.optional(),
})

const form = z.strictObject({
  id,
  /** What she texts to report: matched as a first word, in every language. */
  word: words,
  name: words,
  /** The purpose whose consent lets a report count. */
  purpose: id,
  /** What one report is of: `day`, or `day` and then choices. The same key corrects. */
  key: z.array(id).min(1),
  /** Seconds for which a report can be undone before it joins the pool. */
  hold: span,
  /** Seconds for which a report is kept; then it is deleted. Where the charter says nothing, until she is erased. */
  kept: span.optional(),
  questions: z.array(question).min(1).max(9),
  checks: z.array(check).default([]),
  figures: z.array(figure).default([]),
  /**
   * The figure, or question, that she hears back, and the group's median of it over the week, cell by cell of these
   * choices.
   */
  insight: z.strictObject({ figure: id, by: z.array(id).default([]) }),
})

export const charterShape = z.strictObject({
  id,
  name: words,
  /** What she texts to join by name: JOIN <word>, or the word alone. */
  word: z.string().regex(/^[A-Z][A-Z0-9]{2,19}$/, 'write 3 to 20 capital letters and digits, a letter first'),
  about: words,
  languages: z.array(z.enum(languages)).min(1),
  currency: z.string().regex(/^[A-Z]{3}$/, 'write three capital letters, such as INR'),
  /** Digits that money is kept with. A file may leave them to its currency; what is stored without them has two. */
  currency_digits: z.int().min(0).max(3).default(2),
  country: z.string().regex(/^[A-Z]{2}$/, 'write two capital letters, such as IN'),
  timezone: z.string(),
  quiet: z.strictObject({ from: clock, to: clock }),
  senders: z.array(sender).min(1),
  joining: z.enum(['open', 'invited']),
  /** A person of the co-op who answers questions, and how to reach her: said by HELP. */
  human: words,
  erasure: z.strictObject({ who: words, days: z.int().min(1).max(90) }),
  bylaws: z.strictObject({ kinds: z.record(id, kind) }),
  purposes: z.array(purpose).min(1).max(9),
  forms: z.array(form).max(4),
})

export type Charter = z.infer<typeof charterShape>
export type Kind = Charter['bylaws']['kinds'][string]
export type Purpose = Charter['purposes'][number]
export type Form = Charter['forms'][number]
export type Question = Form['questions'][number]
export type Figure = Form['figures'][number]
export type Check = Form['checks'][number]
/** What is counted in whole numbers: a question or figure of money or another number. */
export type Measure = Extract<Question, { type: 'number' | 'money' }> | Figure
export type ChoiceQuestion = Extract<Question, { type: 'choice' }>
export type DayQuestion = Extract<Question, { type: 'day' }>
/** A charter as applied: the co-op's rules in force under their version number. */
export type Applied = Charter & { readonly version: number }
