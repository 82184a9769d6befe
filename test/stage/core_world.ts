// Steps one message in memory: routes it, shows it its world, applies what it established. The exchange does the same with
// locks, transactions and statements; this says what must come of them.
import type { Event } from '../../src/conversation/event.ts'
import { type Heard, standingOf } from '../../src/conversation/heard.ts'
import { needsOf, route } from '../../src/conversation/route/route.ts'
import { newSession, type Session } from '../../src/conversation/session.ts'
import { keepsCallsAwayMs } from '../../src/conversation/step/late.ts'
import { type Step, step } from '../../src/conversation/step/step.ts'
import type { Need, World } from '../../src/conversation/world.ts'
import type { Applied } from '../../src/coop/charter/charter.ts'
import type { Report } from '../../src/coop/reports/report.ts'
import type { Proposal } from '../../src/coop/votes/proposal.ts'
import { senderOn } from '../../src/messaging/desk.ts'
import { machine } from '../../src/messaging/machine.ts'
import { speak } from '../../src/messaging/speak/speak.ts'
import { applyFacts } from './core_facts.ts'
import { addressesOf, type ContactRow, memberOf, type Rows, sessionIn } from './core_rows.ts'

const dayMs = 86_400_000

/** What is said to her; one that states a fact must arrive. */
export interface Answer {
  readonly text: string
  readonly statesFact: boolean
}

/** Handles what she sent, or the clock where nothing is given. */
export function stepIn(rows: Rows, contact: ContactRow, heard?: Heard): Answer {
  const charter = charterIn(rows, contact.coop)
  const session = sessionIn(contact) ?? newSession
  const owner = contact.member ?? addressesOf(rows, contact.handle).find((each) => each.member)?.member
  const routed = heard
    ? route({
        machine,
        charter,
        session,
        standing: standingOf(memberOf(rows, owner), blockedFor(rows, contact)),
        heard,
      })
    : { event: { event: 'expired' } as const, needs: needsOf(machine, session, { event: 'expired' }) }
  const result = stepFully(rows, contact, owner, session, routed)
  applyFacts(rows, contact, owner, result.facts)
  keep(rows, contact, result.session)
  if (heard) contact.lastInboundAt = rows.now
  const to = { charter, language: result.language, channel: contact.handle.channel }
  const text = result.replies.length === 0 ? '' : speak(result.replies, to)
  return { text, statesFact: result.facts.some(({ fact }) => fact !== 'language_chosen') }
}

export function charterIn({ charters }: Rows, coop: string): Applied {
  const charter = charters.get(coop)
  if (!charter) throw new Error(`There is no co-op "${coop}" in dialogues`)
  return charter
}

function keep(rows: Rows, contact: ContactRow, session: Session): void {
  contact.session = JSON.stringify(session)
  contact.askingUntil = session.open && session.open.askedAt + keepsCallsAwayMs
  const sender = senderOn(charterIn(rows, contact.coop), contact.handle.channel)
  if (sender) contact.sender = sender
}

function blockedFor(rows: Rows, contact: ContactRow): boolean {
  return addressesOf(rows, contact.handle).some(
    ({ blocked, member }) =>
      blocked ||
      (memberOf(rows, member)?.suppressed === true &&
        rows.contacts.some((other) => other.member === member && other.blocked)),
  )
}

function stepFully(
  rows: Rows,
  contact: ContactRow,
  owner: number | undefined,
  session: Session,
  { event, needs }: { event: Event; needs: ReadonlySet<Need> },
): Step {
  let loaded = needs
  for (;;) {
    const world = worldOf(rows, contact, owner, loaded)
    const result = step(machine, session, event, world)
    if ('session' in result) return result
    loaded = result.missing
  }
}

function worldOf(rows: Rows, contact: ContactRow, owner: number | undefined, loaded: ReadonlySet<Need>): World {
  const charter = charterIn(rows, contact.coop)
  const { channel } = contact.handle
  const sender = charter.senders.find(({ address }) => address.startsWith(`${channel}:`))
  return {
    loaded,
    now: rows.now,
    charter,
    carrierAnswers: sender?.carrier_answers ?? false,
    ...memberIn(rows, owner),
    blocked: blockedFor(rows, contact),
    consents: loaded.has('consents') ? consentsOf(rows, owner) : [],
    proposals: loaded.has('proposals') ? proposalsFor(rows, contact, owner) : [],
    reports: loaded.has('reports') ? reportsOf(rows, owner) : [],
    insight: loaded.has('insight') ? rows.cells.filter(({ coop }) => coop === contact.coop) : [],
    held: loaded.has('held') ? heldOf(rows, owner) : { reports: 0, ballots: 0 },
    fresh: loaded.has('fresh')
      ? { receipt: 'ABCDEF', number: 101 + rows.members.length }
      : { receipt: '', number: 0 },
  }
}

function memberIn(rows: Rows, owner: number | undefined): Pick<World, 'member'> {
  const row = memberOf(rows, owner)
  if (!row) return {}
  const { number, state, language, suppressed, joinedAt, erasureAskedAt } = row
  const instants = {
    ...(joinedAt !== undefined && { joinedAt }),
    ...(erasureAskedAt !== undefined && { erasureAskedAt }),
  }
  return { member: { number, state, language, suppressed, ...instants } }
}

const consentsOf = (rows: Rows, owner: number | undefined): World['consents'] =>
  [...new Set(rows.consents.map(({ purpose }) => purpose))].flatMap((purpose) => {
    const last = rows.consents.findLast((each) => each.member === owner && each.purpose === purpose)
    return last ? [{ purpose, on: last.action === 'given', version: last.version, language: last.language }] : []
  })

const proposalsFor = (rows: Rows, contact: ContactRow, owner: number | undefined): Proposal[] =>
  rows.votes
    .filter(({ vote }) => vote.coop === contact.coop)
    .filter(({ closedAt }) => closedAt === undefined || closedAt > rows.now - 7 * dayMs)
    .filter(({ vote }) => vote.outcome?.result !== 'withdrawn')
    .map(({ vote, members, calls }) => {
      const call = calls.get(owner ?? 0)
      const ballot = rows.ballots.find((each) => each.member === owner && each.proposal === vote.slug)
      return {
        ...vote,
        onRoll: members.has(owner ?? 0),
        ...(call && { calledAt: call.at }),
        ...(call && call.contact !== contact && { calledElsewhere: true }),
        ...(ballot && { ballot: ballot.option }),
      }
    })

const heldOf = (rows: Rows, owner: number | undefined): World['held'] => ({
  reports: new Set(rows.reports.flatMap(({ member, form, key }) => (member === owner ? `${form} ${key}` : [])))
    .size,
  ballots: rows.ballots.filter(({ member }) => member === owner).length,
})

function reportsOf(rows: Rows, owner: number | undefined): Report[] {
  const own = rows.reports.filter(({ member, madeAt }) => member === owner && madeAt > rows.now - 42 * dayMs)
  const byKey = Map.groupBy(own, ({ form, key }) => `${form} ${key}`)
  return [...byKey.values()].flatMap(
    (versions) => versions.toSorted((one, other) => other.version - one.version)[0] ?? [],
  )
}
