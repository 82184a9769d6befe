// What each step is answered. The words are learned once from our own answers to two rehearsing senders, so that they
// live in `locales/` alone: each sender's expected text is the learned one with her own values in it, and the anchors
// answer with the same texts. It holds every reply to them, letter by letter.
import { type Channel, type Gap, type Person, type StepName, stepNames, steps } from './dialogue.ts'

/** A text in pieces, with a gap between each two. */
export interface Template {
  readonly pieces: readonly string[]
  readonly gaps: readonly Gap[]
  /** Whether the reply asks for a callback, as one that states a fact does. */
  readonly calls: boolean
}
export type Texts = Readonly<Record<Channel, Readonly<Record<StepName, Template>>>>

/** What a webhook was answered. */
export interface Said {
  readonly text: string
  readonly calls: boolean
}

/** The options of the vote, in their order. */
export const optionNames = ['For', 'Against', 'Abstain'] as const

const shapes: Record<Gap, string> = {
  when: String.raw`[A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2}(?: \d\d:\d\d)?|\b\d\d:\d\d\b`,
  number: String.raw`\b\d{3,}\b`,
  receipt: String.raw`(?<=-)[A-Z2-9]{6}\b`,
  figure: String.raw`Rs \d+`,
  option: String.raw`\b(?:${optionNames.join('|')})\b`,
}

/** What must stand in a gap; nothing where every sender hears another thing that she cannot foresee. */
export function valueIn(gap: Gap, person: Person): string | undefined {
  if (gap === 'figure') return `Rs ${person.rate}`
  return gap === 'option' ? optionNames[person.option - 1] : undefined
}

/** The text of a reply to the rehearsing sender, with gaps where her values were; an error where one is missing. */
export function learn(step: StepName, person: Person, { text, calls }: Said): Template {
  const own: readonly Gap[] = steps[step].gaps
  const found = own.length === 0 ? [] : [...text.matchAll(anyOf(own))]
  const gaps = found.map(({ groups }) => own.find((gap) => groups?.[gap] !== undefined) ?? 'when')
  const pieces: string[] = []
  let from = 0
  for (const match of found) {
    pieces.push(text.slice(from, match.index))
    from = match.index + match[0].length
  }
  const template = { pieces: [...pieces, text.slice(from)], gaps, calls }
  const missing = own.filter((gap) => !gaps.includes(gap))
  if (missing.length === 0 && holds(template, person, { text, calls })) return template
  throw new Error(`the rehearsal of "${step}" was answered without its ${missing.join(', ')}: ${text}`)
}

const anyOf = (gaps: readonly Gap[]) => new RegExp(gaps.map((gap) => `(?<${gap}>${shapes[gap]})`).join('|'), 'g')

/** Two steps with one text could be taken for each other: that would hide a mistake. */
export function refuseAlike(texts: Texts): void {
  for (const channel of ['sms', 'whatsapp'] as const) {
    const seen = new Map<string, StepName>()
    for (const step of stepNames) {
      const words = texts[channel][step].pieces.join('…')
      const other = seen.get(words)
      if (other && !(other === 'kept' && step === 'kept_line'))
        throw new Error(`the steps "${other}" and "${step}" are answered alike: ${words}`)
      seen.set(words, step)
    }
  }
}

const patterns = new WeakMap<Template, RegExp>()

/** Whether the reply is what this sender must hear. */
export function holds(template: Template, person: Person, { text, calls }: Said): boolean {
  if (calls !== template.calls) return false
  const match = patternOf(template).exec(text)
  if (!match) return false
  return template.gaps.every((gap, at) => {
    const value = valueIn(gap, person)
    return value === undefined || value === match[at + 1]
  })
}

function patternOf(template: Template): RegExp {
  const known = patterns.get(template)
  if (known) return known
  const [first = '', ...rest] = template.pieces.map((piece) => piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  const groups = rest.map((piece, at) => `(${shapes[template.gaps[at] ?? 'when']})${piece}`)
  const pattern = new RegExp(`^${first}${groups.join('')}$`)
  patterns.set(template, pattern)
  return pattern
}
