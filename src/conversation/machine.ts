// What the machine runs on: the registered flows, the commands that start them, and the words by which options go.
// It is data, put together once; nothing here is run.
import type { Language } from '../coop/charter/charter.ts'
import type { AnyFlow } from './flow.ts'
import type { DayWords } from './hear/date.ts'
import type { Answers } from './session.ts'

/** How a command is heard. `rest` says what may follow its word for it to be the command at all, clear or not. */
export interface CommandRule {
  readonly flow: string
  readonly rest: 'nothing' | 'number' | 'wish' | 'anything'
  /** Answers that the flow starts with; what followed the word comes as `rest`. */
  readonly answers?: Answers
}

export interface Vocabulary {
  /** Folded words of every command in one language: "menu" and "0" → `menu`. */
  commands(language: Language): ReadonlyMap<string, string>
  /** What an option of a `choose` node is called in one language, for an answer such as "1 Join". */
  name(flow: string, node: string, option: string, language: Language): string
  /** Today, and the days around it, in every language. */
  readonly dayWords: DayWords
}

export interface Machine {
  readonly flows: Readonly<Record<string, AnyFlow>>
  readonly commands: Readonly<Record<string, CommandRule>>
  readonly vocabulary: Vocabulary
}

/** The flow of that name; throws where none is registered, which is our fault and never a member's. */
export function flowOf(machine: Machine, name: string): AnyFlow {
  const flow = machine.flows[name]
  if (!flow) throw new Error(`no flow "${name}" is registered in flows/index.ts`)
  return flow
}
