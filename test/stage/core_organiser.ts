// What organisers and the clock do to the co-op in memory: votes opened, closed and announced, medians published, two
// numbers of one person merged, one erased.

import { addDays, localDay, mondayOf } from '../../src/coop/calendar.ts'
import type { Applied } from '../../src/coop/charter/charter.ts'
import { standingOf } from '../../src/coop/consents/consent.ts'
import { cellMedian, insightValue, stepOf } from '../../src/coop/reports/insight.ts'
import { countsOf } from '../../src/coop/votes/ballot.ts'
import type { Outcome } from '../../src/coop/votes/tally.ts'
import { tally } from '../../src/coop/votes/tally.ts'
import { type Motion, planVote, type Vote, withdrawn } from '../../src/coop/votes/vote.ts'
import { refuseLong } from '../../src/coop/votes/words.ts'
import { type BroadcastRow, memberOf, type ReportRow, type Rows, type VoteRow } from './core_rows.ts'
import { measureIn } from './scenery.ts'

const outcomeIsNewsFor = 7 * 86_400_000

export function openVoteIn(rows: Rows, charter: Applied, motion: Motion): void {
  const entitled = rows.members.filter(({ coop, state }) => coop === charter.id && state === 'active')
  const vote = planVote(charter, motion, entitled.length, rows.now)
  refuseLong(charter, vote, measureIn(charter))
  rows.votes.push({ vote, members: new Set(entitled.map(({ number }) => number)), calls: new Map() })
  if (vote.status === 'notice') announce(rows, vote, 'notice', rows.now, vote.opensAt)
  announce(rows, vote, 'call', vote.opensAt, vote.closesAt)
}

function announce(rows: Rows, vote: Vote, kind: BroadcastRow['kind'], beginsAt: number, expiresAt: number): void {
  const { coop, slug, anyHour } = vote
  rows.broadcasts.push({ coop, slug, kind, beginsAt, expiresAt, anyHour, state: 'waiting' })
}

export function closeVoteIn(rows: Rows, row: VoteRow): void {
  const { vote } = row
  if (vote.status === 'closed') return
  const counted = rows.ballots.filter(({ proposal, member }) => proposal === vote.slug && row.members.has(member))
  const byOption = Map.groupBy(counted, ({ option }) => option)
  const counts = countsOf(
    vote.options.length,
    new Map([...byOption].map(([option, ballots]) => [option, ballots.length])),
  )
  endVote(rows, row, tally(counts, vote.rule, vote.roll, vote.quorum))
}

/** Takes a vote back in its notice. */
export function withdrawVoteIn(rows: Rows, row: VoteRow): void {
  if (row.vote.status !== 'notice') throw new Error(`${row.vote.slug} is ${row.vote.status}: it is not withdrawn`)
  endVote(rows, row, withdrawn(row.vote))
}

function endVote(rows: Rows, row: VoteRow, outcome: Outcome): void {
  const { vote } = row
  row.vote = { ...vote, status: 'closed', outcome }
  row.closedAt = Math.min(rows.now, vote.closesAt)
  const calls = rows.broadcasts.filter(({ slug, state }) => slug === vote.slug && state === 'waiting')
  for (const call of calls) call.state = 'dropped'
  if (outcome.result === 'withdrawn') dropUnsent(rows, vote)
  announce(rows, row.vote, 'outcome', rows.now, rows.now + outcomeIsNewsFor)
}

function dropUnsent(rows: Rows, { slug }: Vote): void {
  const unsent = rows.outbox.filter(({ broadcast, state }) => broadcast?.slug === slug && state === 'pending')
  for (const row of unsent) row.state = 'ended'
}

/** Opens and closes what is due. */
export function runVotesIn(rows: Rows): void {
  for (const row of rows.votes) {
    if (row.vote.status === 'notice' && row.vote.opensAt <= rows.now) row.vote = { ...row.vote, status: 'open' }
    if (row.vote.closesAt <= rows.now) closeVoteIn(rows, row)
  }
}

/** The medians of this week and the one before, from reports in the pool whose purpose is on. */
export function publishIn(rows: Rows, charter: Applied): void {
  const thisWeek = mondayOf(localDay(rows.now, charter.timezone))
  const weeks = [addDays(thisWeek, -7), thisWeek]
  const fresh = charter.forms.flatMap((form) => {
    const pool = newest(rows.reports.filter((report) => report.form === form.id && isPooled(rows, charter, report)))
    const cells = Map.groupBy(
      pool.filter(({ week }) => weeks.includes(week)),
      ({ week, cell }) => `${week} ${cell}`,
    )
    return [...cells.values()].flatMap((reports) => {
      const counted = reports.flatMap(({ member, values, figures }) => {
        const value = insightValue(form, values, figures)
        return value === undefined ? [] : [{ member, value }]
      })
      const median = cellMedian(counted, stepOf(form, charter))
      const { week = '', cell = '' } = reports[0] ?? {}
      return median ? [{ coop: charter.id, form: form.id, week, cell, ...median }] : []
    })
  })
  rows.cells = [...rows.cells.filter(({ coop, week }) => coop !== charter.id || !weeks.includes(week)), ...fresh]
}

function isPooled(rows: Rows, charter: Applied, { member, poolAt, form, coop }: ReportRow): boolean {
  const purposeId = charter.forms.find(({ id }) => id === form)?.purpose
  const purpose = charter.purposes.find(({ id }) => id === purposeId)
  if (!purpose || coop !== charter.id || poolAt > rows.now || memberOf(rows, member)?.state !== 'active')
    return false
  const last = rows.consents.findLast((each) => each.member === member && each.purpose === purpose.id)
  return standingOf(purpose, last ? [{ ...last, on: last.action === 'given' }] : []) === 'on'
}

function newest(reports: readonly ReportRow[]): ReportRow[] {
  const byKey = Map.groupBy(reports, ({ member, form, key }) => `${member} ${form} ${key}`)
  return [...byKey.values()].flatMap((versions) => versions.toSorted((a, b) => b.version - a.version)[0] ?? [])
}

/** Two numbers of one person become the one that stays. */
export function mergeIn(rows: Rows, keep: number, gone: number): void {
  for (const row of rows.votes.filter(({ vote }) => vote.status !== 'closed')) mergeBallots(rows, row, keep, gone)
  mergeReports(rows, keep, gone)
  endConsents(rows, gone)
  for (const contact of rows.contacts) if (contact.member === gone) contact.member = keep
  const [kept, left] = [memberOf(rows, keep), memberOf(rows, gone)]
  if (!kept || !left) throw new Error('Both members of a merger must be there')
  kept.suppressed ||= left.suppressed
  kept.erasureAskedAt ??= left.erasureAskedAt
  Object.assign(left, { state: 'left', suppressed: false, erasureAskedAt: undefined })
}

function mergeBallots(rows: Rows, { vote, members }: VoteRow, keep: number, gone: number): void {
  if (members.delete(gone)) members.add(keep)
  const ofBoth = rows.ballots.filter((each) => each.proposal === vote.slug && [keep, gone].includes(each.member))
  const [last] = ofBoth.toSorted((one, other) => other.castAt - one.castAt)
  rows.ballots = rows.ballots.filter((each) => !ofBoth.includes(each))
  if (last) rows.ballots.push({ ...last, member: keep })
}

function mergeReports(rows: Rows, keep: number, gone: number): void {
  const moved = rows.reports.filter(({ member }) => member === gone)
  for (const { form, key } of moved) {
    const same = rows.reports.filter(
      (report) => report.form === form && report.key === key && [keep, gone].includes(report.member),
    )
    const inOrder = same.toSorted((one, other) => one.madeAt - other.madeAt || one.version - other.version)
    for (const [at, report] of inOrder.entries()) Object.assign(report, { member: keep, version: at + 1 })
  }
}

function endConsents(rows: Rows, gone: number): void {
  const own = rows.consents.filter(({ member }) => member === gone)
  const given = [...new Map(own.map((each) => [each.purpose, each])).values()].filter(
    (each) => each.action === 'given',
  )
  for (const [at, each] of given.entries())
    rows.consents.push({ ...each, n: own.length + at + 1, action: 'withdrawn', at: rows.now })
}

/** What is held of her goes; her ledger and what was counted stay. */
export function eraseIn(rows: Rows, number: number): void {
  const open = new Set(rows.votes.filter(({ vote }) => vote.status !== 'closed').map(({ vote }) => vote.slug))
  rows.ballots = rows.ballots.filter(({ member, proposal }) => member !== number || !open.has(proposal))
  rows.reports = rows.reports.filter(({ member }) => member !== number)
  rows.contacts = rows.contacts.filter(({ member }) => member !== number)
  rows.outbox = rows.outbox.filter(({ member }) => member !== number)
  const member = memberOf(rows, number)
  if (member) Object.assign(member, { state: 'erased', suppressed: false, erasureAskedAt: undefined })
}
