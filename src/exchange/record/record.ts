// Writes what a batch did: sessions, messages, and the rows of every fact. Each fact has its one recorder here, and
// the compiler names the one that is missing. All rows are by set, sorted by their key.
import type { FactName } from '../../coop/facts.ts'
import type { Exchange } from '../exchange.ts'
import type { Lane } from '../gather/lane.ts'
import type { Found, Sender } from '../message.ts'
import { settled } from '../settled.ts'
import type { Stepped, Steps } from '../stepped.ts'
import { recordConsents } from './consents.ts'
import { type Contacts, recordContacts } from './contacts.ts'
import { type Entry, memberAfter, type Recording } from './entry.ts'
import { changeMembers, joinMembers } from './members.ts'
import { postReplies, recordMessages } from './messages.ts'
import { castBallots, makeReports, undoReports } from './rows.ts'

type Recorders = {
  readonly [Name in FactName]: (recording: Recording, entries: readonly Entry<Name>[]) => Promise<unknown>
}

const recorders: Recorders = {
  member_joined: joinMembers,
  language_chosen: changeMembers,
  member_left: changeMembers,
  erasure_asked: changeMembers,
  opted_out: changeMembers,
  opted_in: changeMembers,
  consent_given: recordConsents,
  consent_refused: recordConsents,
  consent_withdrawn: recordConsents,
  report_made: makeReports,
  report_undone: undoReports,
  ballot_cast: castBallots,
}

/** Writes all of it and returns the sessions as they now stand, for Redis. The commit is the caller's. */
export async function record(
  lane: Lane,
  exchange: Exchange,
  steps: Steps,
): Promise<(Found & { sender: Sender })[]> {
  const recording = { lane, exchange, steps }
  const { stepped } = steps
  if (stepped.length === 0) return []
  const contacts = await recordContacts(recording)
  await settled([
    recordMessages(recording, contacts.ids),
    postReplies(recording, contacts.ids),
    ...recordFacts(recording, contacts.ids),
  ])
  return contacts.sessions
}

function recordFacts(recording: Recording, ids: Contacts['ids']): Promise<unknown>[] {
  const entries = recording.steps.stepped.flatMap((stepped) => entriesOf(stepped, ids.get(stepped) ?? 0))
  const byFact = Map.groupBy(entries, (entry) => entry.fact.fact)
  return [...byFact].map(([name, own]) => recordOne(recording, name, own))
}

// The map above pairs each name with its own facts; grouping by name is what makes this cast true.
const recordOne = (recording: Recording, name: FactName, entries: readonly Entry[]): Promise<unknown> =>
  (recorders[name] as (recording: Recording, entries: readonly Entry[]) => Promise<unknown>)(recording, entries)

function entriesOf(stepped: Stepped, contact: number): Entry[] {
  const { message } = stepped.placed
  return stepped.step.facts.map((fact) => ({
    fact,
    stepped,
    contact,
    coop: message.sender.coop,
    channel: message.sender.channel,
    member: memberAfter(stepped) ?? 0,
    messageId: message.kind === 'text' ? message.sid : '',
    now: stepped.now,
  }))
}
