// Writes the reports and ballots of a batch.
import { deleteReport, insertReports, reportColumns } from '../../coop/reports/world_queries.ts'
import { ballotColumns, castBallots as writeBallots } from '../../coop/votes/ballot_queries.ts'
import type { Entry, Recording } from './entry.ts'

/** Versions of reports. */
export async function makeReports({ lane }: Recording, entries: readonly Entry<'report_made'>[]): Promise<void> {
  const made = entries.toSorted((one, other) => one.member - other.member)
  await lane.ask(insertReports, reportColumns(made, made[0]?.now ?? 0))
}

/** Reports that were taken back before they joined the pool. */
export async function undoReports({ lane }: Recording, entries: readonly Entry<'report_undone'>[]): Promise<void> {
  const undone = entries.toSorted((one, other) => one.member - other.member)
  await Promise.all(
    undone.map(({ member, fact }) => lane.ask(deleteReport, [member, fact.form, fact.key, fact.version])),
  )
}

/** Ballots: what one is, its own room knows. */
export async function castBallots({ lane }: Recording, entries: readonly Entry<'ballot_cast'>[]): Promise<void> {
  const ballots = entries.map(({ fact, coop, member, messageId, now }) => ({
    coop,
    proposal: fact.proposal,
    member,
    option: fact.option,
    castAt: new Date(now),
    messageId,
  }))
  await lane.ask(writeBallots, ballotColumns(ballots))
}
