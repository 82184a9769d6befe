// Applies to the rows in memory what a step established: the plainest telling of what each fact means.
import type { Fact, FactOf } from '../../src/coop/facts.ts'
import { addressesOf, type ContactRow, type MemberRow, memberOf, type Rows } from './core_rows.ts'

/** Applies the facts of one message; her number is that of the fact which made her a member, else the one she has. */
export function applyFacts(
  rows: Rows,
  contact: ContactRow,
  owner: number | undefined,
  facts: readonly Fact[],
): void {
  const joined = facts.find((fact) => fact.fact === 'member_joined')
  if (joined) join(rows, contact, joined)
  const number = joined?.number ?? owner
  if (number !== undefined) contact.member = number
  for (const fact of facts) apply(rows, contact, memberOf(rows, number), fact)
}

function join(rows: Rows, { handle, coop }: ContactRow, fact: FactOf<'member_joined'>): void {
  const known = memberOf(rows, fact.number)
  const made = { state: 'active' as const, language: fact.language, joinedAt: rows.now }
  if (known) Object.assign(known, { ...made, erasureAskedAt: undefined })
  else rows.members.push({ number: fact.number, coop, suppressed: false, ...made })
  for (const other of addressesOf(rows, handle)) other.member ??= fact.number
}

function apply(rows: Rows, contact: ContactRow, member: MemberRow | undefined, fact: Fact): void {
  switch (fact.fact) {
    case 'opted_out':
      if (fact.blocked) contact.blocked = true
      if (member) member.suppressed = true
      return
    case 'opted_in':
      if (fact.unblocked) contact.blocked = false
      if (member) member.suppressed = false
      return
    case 'language_chosen':
      if (member) member.language = fact.language
      return
    case 'member_joined':
      return
    default:
      if (member) applyToMember(rows, member, fact)
  }
}

type OfMember = Exclude<Fact, FactOf<'opted_out' | 'opted_in' | 'language_chosen' | 'member_joined'>>

function applyToMember(rows: Rows, member: MemberRow, fact: OfMember): void {
  switch (fact.fact) {
    case 'member_left':
      member.state = 'left'
      return
    case 'erasure_asked':
      member.erasureAskedAt = rows.now
      return
    case 'erasure_taken_back':
      delete member.erasureAskedAt
      return
    case 'consent_given':
      return addConsent(rows, member, 'given', fact)
    case 'consent_refused':
      return addConsent(rows, member, 'refused', fact)
    case 'consent_withdrawn':
      return addConsent(rows, member, 'withdrawn', fact)
    case 'report_made': {
      const { fact: _, ...report } = fact
      rows.reports.push({ ...report, member: member.number, coop: member.coop, madeAt: rows.now })
      return
    }
    case 'report_undone':
      rows.reports = rows.reports.filter(
        ({ member: of, form, key, version }) =>
          !(of === member.number && form === fact.form && key === fact.key && version === fact.version),
      )
      return
    case 'ballot_cast':
      return castBallot(rows, member, fact)
  }
}

function addConsent(
  rows: Rows,
  { number: member }: MemberRow,
  action: 'given' | 'refused' | 'withdrawn',
  { purpose, version, language }: FactOf<'consent_given'> | FactOf<'consent_refused'> | FactOf<'consent_withdrawn'>,
): void {
  const n = rows.consents.filter((each) => each.member === member).length + 1
  rows.consents.push({ member, n, action, purpose, version, language, at: rows.now })
}

function castBallot(rows: Rows, { number: member, coop }: MemberRow, fact: FactOf<'ballot_cast'>): void {
  const { proposal, option } = fact
  const others = rows.ballots.filter((each) => !(each.member === member && each.proposal === proposal))
  rows.ballots = [...others, { coop, proposal, member, option, castAt: rows.now }]
}
