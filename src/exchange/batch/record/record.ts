// Writes what a batch did: sessions, messages, and the rows of every fact. Each fact has its one recorder here, and
// the compiler names the one that is missing. All rows are by set, sorted by their key.
import type { FactName } from '../../../coop/facts.ts'
import type { Lane } from '../../../store/lane.ts'
import type { Kept } from '../../sessions.ts'
import type { Exchange } from '../exchange.ts'
import type { Stepped, Steps } from '../stepped.ts'
import { recordConsents } from './consents.ts'
import { recordContacts } from './contacts.ts'
import { type Entry, memberAfter, type Recording } from './entry.ts'
import { changeMembers, joinMembers } from './members.ts'
import { postReplies, recordMessages } from './messages.ts'
import { castBallots, makeReports, undoReports } from './rows.ts'

type Recorders = {
  readonly [Name in FactName]: (recording: Recording, entries: readonly Entry<Name>[]) => void
}

const recorders: Recorders = {
  member_joined: joinMembers,
  language_chosen: changeMembers,
  member_left: changeMembers,
  erasure_asked: changeMembers,
  erasure_taken_back: changeMembers,
  opted_out: changeMembers,
  opted_in: changeMembers,
  consent_given: recordConsents,
  consent_refused: recordConsents,
  consent_withdrawn: recordConsents,
  report_made: makeReports,
  report_undone: undoReports,
  ballot_cast: castBallots,
}

export interface Recorded {
  /** All writes, sent in this order. Await them with the commit. */
  readonly writes: readonly Promise<unknown>[]
  /** The sessions as they stand once committed, for Redis. */
  readonly sessions: readonly Kept[]
}

/** Sends the writes of all that was stepped, and waits for none: the commit goes out behind them. */
export function record(lane: Lane, exchange: Exchange, steps: Steps): Recorded {
  const writes: Promise<unknown>[] = []
  if (steps.stepped.length === 0) return { writes, sessions: [] }
  const recording: Recording = {
    exchange,
    steps,
    send: (statement, values) => void writes.push(heard(lane.ask(statement, values))),
  }
  const sessions = recordContacts(recording)
  recordMessages(recording)
  postReplies(recording)
  recordFacts(recording)
  return { writes, sessions }
}

// Where the batch has failed meanwhile nobody waits for a write, and a failure unheard would end the process.
function heard<T>(write: Promise<T>): Promise<T> {
  write.catch(() => {})
  return write
}

function recordFacts(recording: Recording): void {
  const entries = recording.steps.stepped.flatMap((stepped) => entriesOf(recording.steps, stepped))
  const byFact = Map.groupBy(entries, (entry) => entry.fact.fact)
  for (const [name, own] of byFact) recordOne(recording, name, own)
}

// The map above pairs each name with its own facts; grouping by name is what makes this cast true.
const recordOne = (recording: Recording, name: FactName, entries: readonly Entry[]): void =>
  (recorders[name] as (recording: Recording, entries: readonly Entry[]) => void)(recording, entries)

function entriesOf(steps: Steps, stepped: Stepped): Entry[] {
  const { message } = stepped.placed
  return stepped.step.facts.map((fact) => ({
    fact,
    stepped,
    contact: steps.worlds.contactOf(stepped.placed),
    coop: message.sender.coop,
    channel: message.sender.channel,
    member: memberAfter(stepped) ?? 0,
    messageId: message.kind === 'text' ? message.sid : '',
    now: stepped.now,
  }))
}
