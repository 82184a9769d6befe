// Writes the reports and ballots of a batch.
import { deleteReport, insertReports, reportColumns } from '../../../coop/reports/world_queries.ts'
import { ballotColumns, castBallots as writeBallots } from '../../../coop/votes/ballot_queries.ts'
import type { Entry, Recording } from './entry.ts'

/** Versions of reports. */
export function makeReports({ send }: Recording, entries: readonly Entry<'report_made'>[]): void {
  const made = entries.toSorted((one, other) => one.member - other.member)
  send(insertReports, reportColumns(made, made[0]?.now ?? 0))
}

/** Reports that were taken back before they joined the pool. */
export function undoReports({ send }: Recording, entries: readonly Entry<'report_undone'>[]): void {
  const undone = entries.toSorted((one, other) => one.member - other.member)
  for (const { member, fact } of undone) send(deleteReport, [member, fact.form, fact.key, fact.version])
}

/** Ballots: what one is, its own room knows. */
export function castBallots({ send }: Recording, entries: readonly Entry<'ballot_cast'>[]): void {
  const ballots = entries.map(({ fact, coop, member, messageId, now }) => ({
    coop,
    proposal: fact.proposal,
    member,
    option: fact.option,
    castAt: new Date(now),
    messageId,
  }))
  send(writeBallots, ballotColumns(ballots))
}
