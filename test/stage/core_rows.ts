// The whole of a co-op in memory: what Postgres holds of it, as plain rows. It is changed by facts and by organisers.
import type { Session } from '../../src/conversation/session.ts'
import type { Applied, Language } from '../../src/coop/charter/charter.ts'
import type { Address } from '../../src/coop/members/address.ts'
import type { Cell } from '../../src/coop/reports/insight.ts'
import type { Values } from '../../src/coop/reports/values.ts'
import type { Vote } from '../../src/coop/votes/vote.ts'
import type { Records } from './records.ts'
import type { Handle } from './stage.ts'

export interface MemberRow {
  readonly number: number
  readonly coop: string
  state: 'invited' | 'active' | 'left' | 'erased'
  language: Handle['person']['language']
  joinedAt?: number
  suppressed: boolean
  erasureAskedAt?: number | undefined
}

export interface ContactRow {
  readonly handle: Handle
  readonly coop: string
  member?: number | undefined
  /** JSON, as everywhere between two messages. */
  session?: string
  blocked: boolean
  lastInboundAt?: number
  askingUntil?: number | undefined
  /** The sender that she wrote to last. */
  sender?: Address
}

export interface ConsentRow {
  readonly member: number
  readonly n: number
  readonly action: 'given' | 'refused' | 'withdrawn'
  readonly purpose: string
  readonly version: number
  readonly language: Language
  readonly at: number
}

export interface ReportRow {
  member: number
  readonly coop: string
  readonly form: string
  readonly key: string
  version: number
  readonly week: string
  readonly cell: string
  readonly values: Values
  readonly figures: Values
  readonly madeAt: number
  readonly poolAt: number
}

export interface BallotRow {
  readonly coop: string
  readonly proposal: string
  readonly member: number
  readonly option: number
  readonly castAt: number
}

export interface VoteRow {
  vote: Vote
  readonly members: Set<number>
  readonly calls: Map<number, { readonly at: number; readonly contact: ContactRow }>
  closedAt?: number
}

export interface BroadcastRow {
  readonly coop: string
  readonly slug: string
  readonly kind: 'notice' | 'call' | 'outcome'
  readonly beginsAt: number
  readonly expiresAt: number
  readonly anyHour: boolean
  state: 'waiting' | 'done' | 'dropped'
}

export interface OutboxRow {
  readonly member: number | undefined
  contact: ContactRow
  readonly broadcast?: BroadcastRow
  /** A text of its own; a broadcast's is spoken where it goes. */
  readonly text?: string
  /** She waits for it, so it goes at any hour, and though she wants no other messages. */
  readonly isAnswer?: boolean
  /** Of a reminder: the session in which its question is open. */
  readonly session?: string | undefined
  nextAt: number
  readonly expiresAt: number
  state: 'pending' | 'sent' | 'ended' | 'missed'
  /** When nothing of hers could be reached. */
  missedAt?: number
}

export interface Rows {
  now: number
  charters: Map<string, Applied>
  members: MemberRow[]
  contacts: ContactRow[]
  consents: ConsentRow[]
  reports: ReportRow[]
  ballots: BallotRow[]
  votes: VoteRow[]
  broadcasts: BroadcastRow[]
  outbox: OutboxRow[]
  cells: (Cell & { readonly coop: string })[]
}

export const emptyRows = (now: number): Rows => ({
  ...{ now, charters: new Map(), members: [], contacts: [], consents: [], reports: [], ballots: [] },
  ...{ votes: [], broadcasts: [], outbox: [], cells: [] },
})

export const memberOf = ({ members }: Rows, number: number | undefined): MemberRow | undefined =>
  members.find((member) => member.number === number)

/** Every address of one person at one co-op. */
export const addressesOf = ({ contacts }: Rows, { person }: Handle): ContactRow[] =>
  contacts.filter((contact) => contact.handle.person.name === person.name && contact.coop === person.coop)

/** The row of an address, made where there is none yet. */
export function contactAt(rows: Rows, handle: Handle): ContactRow {
  const found = addressesOf(rows, handle).find((contact) => contact.handle.channel === handle.channel)
  if (found) return found
  const contact: ContactRow = { handle, coop: handle.person.coop, blocked: false }
  rows.contacts.push(contact)
  return contact
}

export const sessionIn = ({ session }: ContactRow): Session | undefined =>
  session === undefined ? undefined : (JSON.parse(session) as Session)

/** What is kept, as both stages show it. */
export function pictureOf(rows: Rows): Records {
  const copy = structuredClone({ consents: rows.consents, reports: rows.reports, ballots: rows.ballots })
  const members = rows.members.map(({ number, state, language, suppressed, erasureAskedAt }) => {
    const own = rows.contacts.filter((contact) => contact.member === number)
    const blocked = own.filter((contact) => contact.blocked).length
    const person = own[0]?.handle.person.name ?? null
    return { number, person, state, language, suppressed, erasureAsked: erasureAskedAt !== undefined, blocked }
  })
  return {
    ...copy,
    members,
    strangersBlocked: rows.contacts.filter((contact) => contact.member === undefined && contact.blocked).length,
    votes: rows.votes.map(({ vote: { slug, options, status, roll, outcome = null } }) => ({
      ...{ slug, options, status, roll, outcome },
    })),
  }
}
