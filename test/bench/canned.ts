// What the anchors answer: the same texts as ours at the same steps, of the same length, with the sender's own values,
// by a state as small as can be. It knows no co-op, keeps no record and refuses nothing.
import { readFileSync } from 'node:fs'
import { type Gap, type StepName, stepNames } from './dialogue.ts'
import { optionNames, type Texts } from './texts.ts'

/** How an anchor is told where it runs and what it says. */
export interface AnchorSettings {
  readonly port: number
  readonly databaseUrl: string
  /** All stages stand on one Redis: the keys of an anchor begin with its name. */
  readonly redisUrl: string
  readonly url: string
  readonly token: string
  readonly action: string
  readonly texts: Texts
}

/** Written by the bench for its anchors, by path. */
export const readAnchorSettings = (file: string): AnchorSettings =>
  JSON.parse(readFileSync(file, 'utf8')) as AnchorSettings

interface State {
  readonly at?: StepName
  readonly hours?: number
  readonly net?: number
}

export interface Turn {
  readonly reply: string
  readonly calls: boolean
  readonly state: string
  readonly step: number
}

/** One step: the stored state and a text in; the reply and the next state out. */
export function advance(texts: Texts, stored: string | null, from: string, text: string): Turn {
  const before: State = stored ? (JSON.parse(stored) as State) : {}
  const step = stepOf(before.at, text)
  const state: State = { ...before, at: step, ...heard(step, text, before) }
  const template = texts[from.startsWith('whatsapp:') ? 'whatsapp' : 'sms'][step]
  const said: Said = { from, text, state }
  const reply = template.pieces.map((piece, at) => piece + gapIn(template.gaps[at], said)).join('')
  return { reply, calls: template.calls, state: JSON.stringify(state), step: stepNames.indexOf(step) }
}

const commands: Readonly<Record<string, StepName>> = {
  hi: 'welcome',
  'ON 1': 'notice',
  SHIFT: 'hours',
  VOTE: 'ballot',
}
const after: Partial<Record<StepName, StepName>> = {
  welcome: 'about',
  about: 'joined',
  notice: 'given',
  hours: 'fares',
  fares: 'costs',
  costs: 'offer',
  offer: 'kept',
  ballot: 'counted',
}

const stepOf = (at: StepName | undefined, text: string): StepName =>
  commands[text] ?? (text.includes(' ') ? 'kept_line' : ((at && after[at]) ?? 'welcome'))

function heard(step: StepName, text: string, before: State): State {
  const [first = 0, fares = 0, costs = 0] = text.split(' ').map(Number)
  if (step === 'fares') return { hours: first }
  if (step === 'costs') return { net: first }
  if (step === 'offer') return { net: (before.net ?? 0) - first }
  return step === 'kept_line' ? { hours: first, net: fares - costs } : {}
}

interface Said {
  readonly from: string
  readonly text: string
  readonly state: State
}

function gapIn(gap: Gap | undefined, { from, text, state }: Said): string {
  if (gap === 'when') return 'Tue 24 Nov 16:15'
  if (gap === 'number') return String(10_000 + Number(from.slice(-5)))
  if (gap === 'receipt') return 'KXRW42'
  if (gap === 'figure') return `Rs ${(state.net ?? 0) / (state.hours ?? 1)}`
  return gap === 'option' ? (optionNames[Number(text) - 1] ?? '') : ''
}
