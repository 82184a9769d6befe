// Holds the database after a run of ours against what was sent: nothing lost, nothing twice, everybody's own values.
import { faresOf, type Person, type StepName } from './dialogue.ts'
import type { Walk } from './load.ts'
import { ask } from './place.ts'

/** What there is of each thing, counted or summed. */
export type Ledger = Readonly<Record<keyof typeof counts, number>>

const counts = {
  messages: `select count(*) from inbound where state = 'handled'`,
  versions: 'select sum(version) from contacts',
  contacts: 'select count(*) from contacts',
  members: `select count(*) from members where state = 'active'`,
  consents: `select count(*) from consent_events where action = 'given'`,
  reports: 'select count(*) from reports where version = 1',
  corrections: 'select count(*) from reports where version > 1',
  fares: `select coalesce(sum((values->>'gross')::numeric / 100), 0) from reports`,
  ballots: 'select count(*) from ballots',
  choices: 'select coalesce(sum(option), 0) from ballots',
} as const

/** Counts now. */
export async function readLedger(url: string): Promise<Ledger> {
  const columns = Object.entries(counts).map(([name, query]) => `(${query})::float8 as ${name}`)
  const [row] = await ask(url, `select ${columns.join(', ')}`)
  if (!row) throw new Error('the ledger of a run gave no row')
  return row as Ledger
}

/** How each step changes the counts. */
const effects: Partial<Record<StepName, (person: Person) => Partial<Ledger>>> = {
  welcome: () => ({ contacts: 1 }),
  joined: () => ({ members: 1 }),
  given: () => ({ consents: 1 }),
  kept: (person) => ({ reports: 1, fares: faresOf(person) }),
  kept_line: (person) => ({ reports: 1, fares: faresOf(person) }),
  counted: ({ option }) => ({ ballots: 1, choices: option }),
}

/** What is not as it must be after these walks; empty where all is. */
export function mistakesIn(before: Ledger, after: Ledger, walks: readonly Walk[]): string[] {
  const expected: Record<string, number> = { ...before }
  for (const { person, messages } of walks) {
    for (const { step } of messages) {
      const effect = { messages: 1, versions: 1, ...effects[step]?.(person) }
      for (const [name, change] of Object.entries(effect)) expected[name] = (expected[name] ?? 0) + change
    }
  }
  return Object.entries(after).flatMap(([name, found]) =>
    found === expected[name] ? [] : `${name}: ${found} instead of ${expected[name]}`,
  )
}
