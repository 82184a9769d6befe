// What is recorded: a fact with whom and what it is of. Every recorder takes entries of its own facts.
import type { FactName, FactOf } from '../../../coop/facts.ts'
import type { Channel } from '../../../coop/members/address.ts'
import type { Statement } from '../../../store/statement.ts'
import type { Exchange } from '../exchange.ts'
import type { Placed } from '../placed.ts'
import type { Stepped, Steps } from '../stepped.ts'

/** A fact with whom and what it is of. */
export type Entry<Name extends FactName = FactName> = Context & { readonly fact: { [N in Name]: FactOf<N> }[Name] }

interface Context {
  readonly stepped: Stepped
  readonly coop: string
  readonly channel: Channel
  /** The member; the fact itself may have made her one. */
  readonly member: number
  /** Her contact's id. */
  readonly contact: number
  readonly messageId: string
  readonly now: number
}

/** What a recorder may use beside the entries. */
export interface Recording {
  /** Sends a write; it is awaited with all others and the commit, so a recorder never waits. */
  send(statement: Statement<unknown>, values: readonly unknown[]): void
  readonly exchange: Exchange
  readonly steps: Steps
}

/** The version of the contact once its step is written. */
export const versionAfter = ({ contact }: Placed): number => (contact?.version ?? 0) + 1

/** Whose message it was once its step is done: she may have become a member by it. */
export function memberAfter({ placed, step }: Stepped): number | undefined {
  const joined = step.facts.find((fact) => fact.fact === 'member_joined')
  return joined?.number ?? placed.memberId
}
