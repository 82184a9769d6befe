// Loads the worlds of a batch, by set: each part is one question for all who need it. What nobody needs is not asked.

import type { Need, World } from '../../conversation/world.ts'
import { emptyLedger, type Ledger, ledgersOf, readLatest } from '../../coop/consents/world_queries.ts'
import type { Held } from '../../coop/members/member.ts'
import { readHeld } from '../../coop/members/world_queries.ts'
import type { Cell } from '../../coop/reports/insight.ts'
import type { Report } from '../../coop/reports/report.ts'
import { readInsights, readReports, reportsOf } from '../../coop/reports/world_queries.ts'
import { readProposals, readVoters, type Votes, votesOf } from '../../coop/votes/world_queries.ts'
import type { Lane } from '../../store/lane.ts'
import { randomFew } from '../../store/random.ts'
import type { Message } from '../message.ts'
import type { Placed } from './placed.ts'
import { openStep } from './statements.ts'

/** A placed message and the parts of the world that its step may look at. */
export interface Asking {
  readonly placed: Placed
  readonly needs: ReadonlySet<Need>
}

/** What a batch knows of the world: filled by `loadWorlds`, read by `worldOf`. */
export interface Worlds {
  readonly now: number
  /** The ledger of a member, whose head the next event of hers follows. */
  ledgerOf(member: number): Ledger
  /** The id of a placed message's contact, kept already or new. */
  contactOf(placed: Placed): number
  /** Whether a vote that this step may look at is being closed: only afterwards is it known how it stands. */
  isClosing(asking: Asking): boolean
  worldOf(asking: Asking): World
}

/**
 * Shares the locks of the votes concerned, reads the clock after them, then every part that somebody needs. `fresh` are
 * those whose contact has no row yet.
 */
export async function loadWorlds(
  lane: Lane,
  asking: readonly Asking[],
  fresh: readonly Placed[] = [],
): Promise<Worlds> {
  const withNeed = (need: Need) => asking.filter((each) => each.needs.has(need)).map((each) => each.placed)
  const voters = withNeed('proposals')
  const strangers = withNeed('fresh').filter(({ memberId }) => memberId === undefined)
  // Asked first and answered in order: what is read of the votes is read under their locks.
  const [opening, ledgers, seen, reports, cells, held] = await Promise.all([
    lane.ask(openStep, [coopsOf(voters), strangers.length, fresh.length]),
    ledgersFor(lane, withNeed('consents')),
    votesFor(lane, voters),
    reportsFor(lane, withNeed('reports')),
    cellsFor(lane, withNeed('insight')),
    heldFor(lane, withNeed('held')),
  ])
  const { now, members, contacts, closing, votes: shared } = theOne(opening)
  const votes = votesOf(seen.proposals.filter(isHeld(new Set(shared))), seen.voters)
  const numbers = new Map(strangers.map((each, at) => [each, Number(members[at])]))
  const ids = new Map(fresh.map((each, at) => [each, Number(contacts[at])]))
  return worldsOf(now, {
    ledgers,
    votes,
    reports,
    cells,
    held,
    numbers,
    ids,
    closing: new Set(closing),
  })
}

function theOne<Row>(rows: readonly Row[]): Row {
  const [row] = rows
  if (!row) throw new Error('the clock of the database gave no row; run "npm run coopline -- migrate"')
  return row
}

interface Loaded {
  readonly ledgers: ReadonlyMap<number, Ledger>
  readonly votes: Votes
  readonly reports: ReadonlyMap<number, Report[]>
  readonly cells: ReadonlyMap<string, Cell[]>
  readonly held: ReadonlyMap<number, Held>
  readonly numbers: ReadonlyMap<Placed, number>
  readonly ids: ReadonlyMap<Placed, number>
  readonly closing: ReadonlySet<string>
}

function worldsOf(now: number, loaded: Loaded): Worlds {
  const { ledgers, votes, reports, cells, held, numbers, ids, closing } = loaded
  const ledgerOf = (member: number) => ledgers.get(member) ?? emptyLedger
  return {
    now,
    ledgerOf,
    contactOf: (placed) => placed.contact?.id ?? ids.get(placed) ?? 0,
    isClosing: ({ placed, needs }) => needs.has('proposals') && closing.has(placed.message.sender.coop),
    worldOf: ({ placed, needs }) => {
      const { message, member, memberId = 0, blocked } = placed
      const { charter, sender } = message
      return {
        loaded: needs,
        now,
        charter,
        carrierAnswers: answeredByCarrier(message),
        ...(member && { member }),
        blocked,
        consents: ledgerOf(memberId).consents,
        proposals: needs.has('proposals') ? votes.seenBy(sender.coop, memberId, placed.contact?.id) : [],
        reports: reports.get(memberId) ?? [],
        insight: needs.has('insight') ? (cells.get(sender.coop) ?? []) : [],
        held: held.get(memberId) ?? nothing,
        fresh: needs.has('fresh') ? { receipt: receipt(), number: numbers.get(placed) ?? 0 } : stale,
      }
    },
  }
}

const nothing: Held = { reports: 0, ballots: 0 }
const stale = { receipt: '', number: 0 }
const coopsOf = (placed: readonly Placed[]): string[] => [
  ...new Set(placed.map((each) => each.message.sender.coop)),
]
const membersOf = (placed: readonly Placed[]): number[] => placed.flatMap((each) => each.memberId ?? [])

async function ledgersFor(lane: Lane, placed: readonly Placed[]): Promise<Map<number, Ledger>> {
  const members = membersOf(placed)
  return members.length > 0 ? ledgersOf(await lane.ask(readLatest, [members])) : new Map()
}

interface Seen {
  readonly proposals: Parameters<typeof votesOf>[0]
  readonly voters: Parameters<typeof votesOf>[1]
}

// One that was opened since the locks were taken is seen by her next message: a ballot in it now would be under none.
const isHeld =
  (shared: ReadonlySet<string>) =>
  ({ coop_id, slug, status }: Seen['proposals'][number]): boolean =>
    status === 'closed' || shared.has(`${coop_id}/${slug}`)

async function votesFor(lane: Lane, placed: readonly Placed[]): Promise<Seen> {
  if (placed.length === 0) return { proposals: [], voters: [] }
  const members = membersOf(placed)
  const [proposals, voters] = await Promise.all([
    lane.ask(readProposals, [coopsOf(placed)]),
    members.length > 0 ? lane.ask(readVoters, [members]) : [],
  ])
  return { proposals, voters }
}

async function reportsFor(lane: Lane, placed: readonly Placed[]): Promise<Map<number, Report[]>> {
  const members = membersOf(placed)
  return members.length > 0 ? reportsOf(await lane.ask(readReports, [members])) : new Map()
}

async function cellsFor(lane: Lane, placed: readonly Placed[]): Promise<Map<string, Cell[]>> {
  if (placed.length === 0) return new Map()
  return Map.groupBy(await lane.ask(readInsights, [coopsOf(placed)]), (cell) => cell.coop_id)
}

async function heldFor(lane: Lane, placed: readonly Placed[]): Promise<Map<number, Held>> {
  const members = membersOf(placed)
  if (members.length === 0) return new Map()
  return new Map((await lane.ask(readHeld, [members])).map((row) => [row.member_id, row]))
}

// Read aloud and typed by hand: no letter that looks like a digit, 30 bits, unique at the co-op by the table's key.
const letters = 'ABCDEFGHJKMNPQRSTVWXYZ23456789'
const receipt = (): string => {
  let code = ''
  for (const byte of randomFew(6)) code += letters[byte % letters.length]
  return code
}

// As the charter says of the sender; but a carrier that names the word has answered it, whatever was set up here.
const answeredByCarrier = (message: Message): boolean =>
  (message.kind === 'text' && message.heard.carrierWord !== undefined) ||
  message.charter.senders.some((each) => each.address === message.sender.to && each.carrier_answers)
