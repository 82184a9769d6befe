// What a flow is: nodes built from six verbs, typed so that a wrong node, fact or answer is a compile error on its
// line. It holds no prose and runs nothing; `step.ts` runs it.
import type { Form } from '../coop/charter/charter.ts'
import type { Fact } from '../coop/facts.ts'
import type { Gaps, Offer } from './reply.ts'
import type { Answers } from './session.ts'
import type { Need, World } from './world.ts'

/** What a node may look at: the world, the answers so far, and her language. */
export interface Scene<A> {
  readonly world: World
  readonly answers: Readonly<Partial<A>>
  /** Whether she has named a language in this conversation. */
  readonly choseLanguage: boolean
  /** The language she is spoken to in. */
  readonly language: NonNullable<World['member']>['language']
}

/** Where a node leads: a node of its flow, the end, back to the question under an aside, or another flow. */
export type Next<N extends string> = N | End | Resume | Jump
export interface End {
  readonly end: true
}
export interface Resume {
  readonly resume: 'ask_again' | 'quietly'
}
export interface Jump {
  readonly to: string
  readonly answers?: Answers
}
export const end: End = { end: true }
/** Goes back to the question that this flow interrupted, asking it again; ends where there was none. */
export const askAgain: Resume = { resume: 'ask_again' }
/** Goes back to the question that this flow interrupted without a word. */
export const goBack: Resume = { resume: 'quietly' }
/** Hands over to another flow, which starts with these answers. */
export const to = (flow: string, answers?: Answers): Jump => (answers ? { to: flow, answers } : { to: flow })

type From<A, T> = T | ((scene: Scene<A>) => T)

interface Speaks<A> {
  /** Which text of the node is said; `text` where not given. An empty string says nothing. */
  readonly text?: From<A, string>
  readonly gaps?: (scene: Scene<A>) => Gaps
}
export interface Acts<A, N extends string> {
  readonly set?: (scene: Scene<A>) => Partial<A>
  /** Established when the conversation passes here; it sees the answers with `set` applied. */
  readonly facts?: (scene: Scene<A>) => readonly Fact[]
  readonly next: From<A, Next<N>>
}

/** Speaks, establishes facts, goes on. */
export interface Say<A, N extends string> extends Speaks<A>, Acts<A, N> {
  readonly verb: 'say'
}

interface Option {
  readonly name: string
  readonly digit?: number
  /** A plain no in words is this answer too: it can only protect her. A yes to a consent takes its digit. */
  readonly plainNo?: true
}

/** Fixed answers, numbered from 1 in their order unless they name their digit. */
export interface Choose<A, N extends string> extends Speaks<A> {
  readonly verb: 'choose'
  readonly options: readonly (Acts<A, N> & Option)[]
  /** Whether an option's whole name is an answer too; consents and votes are digits only. */
  readonly names?: boolean
}

/** Answers that the world offers. `as` names the answer that keeps the picked id. */
export interface Pick<A, N extends string> extends Speaks<A>, Acts<A, N> {
  readonly verb: 'pick'
  readonly from: (scene: Scene<A>) => readonly Pickable[]
  readonly as: keyof A & string
  /** Whether an option's whole name is an answer too; consents and votes are digits only. */
  readonly names?: boolean
  /** Where this holds nothing is asked, and nothing established: the flow goes on. */
  readonly unless?: (scene: Scene<A>) => boolean
}
export interface Pickable extends Offer {
  readonly id: string
  /** Other names that it is heard by. */
  readonly also?: readonly string[]
}

/** A text that a reader accepts: what it read, or the name of the retry text with its gaps. */
export interface Ask<A, N extends string> extends Speaks<A>, Acts<A, N> {
  readonly verb: 'ask'
  readonly read: (said: string, scene: Scene<A>) => Reading<A>
}
export type Reading<A> = { readonly set: Partial<A> } | { readonly retry: string; readonly gaps?: Gaps }

/** A form of the charter, in one line or question by question. `as` names the answer that keeps its filling. */
export interface Fill<A, N extends string> extends Acts<A, N> {
  readonly verb: 'fill'
  readonly form: (scene: Scene<A>) => Form
  readonly as: keyof A & string
  /** What is said and established of a form that has all it must have, where she leaves it. It sees `set` applied. */
  readonly left: Left<A>
}

interface Left<A> {
  readonly text: (scene: Scene<A>) => string
  readonly gaps: (scene: Scene<A>) => Gaps
  readonly facts: (scene: Scene<A>) => readonly Fact[]
}

/** Branches without a word. */
export interface Decide<A, N extends string> {
  readonly verb: 'decide'
  readonly next: (scene: Scene<A>) => Next<N>
  readonly set?: (scene: Scene<A>) => Partial<A>
}

export type Node<A, N extends string> =
  | Say<A, N>
  | Choose<A, N>
  | Pick<A, N>
  | Ask<A, N>
  | Fill<A, N>
  | Decide<A, N>

export interface Flow<A, N extends string> {
  readonly name: string
  readonly needs: readonly Need[]
  readonly start: NoInfer<N>
  readonly nodes: Readonly<Record<N, Node<A, NoInfer<N>>>>
  /** An aside interrupts an open question and goes back to it. */
  readonly aside?: boolean
  /** The flow whose questions that ran out are over once this one begins. */
  readonly takesBack?: string
  /** Minutes until a question of this flow runs out, and whether it is put once more before that. */
  readonly patience?: { readonly minutes: number; readonly remindAfter?: number }
  /** Whether the charter still has what a question of this flow is about; it looks at nothing else of the world. */
  readonly stands?: (scene: Scene<A>) => boolean
}

/** A flow whose answer and node types are no longer known: what the machine runs. */
export type AnyFlow = Flow<Answers, string>
export type AnyNode = Node<Answers, string>
export type AnyScene = Scene<Answers>

/**
 * Declares a flow: `flow<Answers>()({ name, needs, start, nodes })`. Node names are taken from the keys of `nodes`.
 * The cast forgets the answer type once, here: a flow only ever gets back the answers that its own nodes have set.
 */
export const flow =
  <A extends object>() =>
  <const N extends string>(declared: Flow<A, N>): AnyFlow =>
    declared as object as AnyFlow
