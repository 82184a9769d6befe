// Which report stands where two numbers turn out to be one person. Pure: it numbers rows and writes none.
import type { Selectable } from 'kysely'
import type { ReportTables } from './tables.ts'

type Row = Selectable<ReportTables['reports']>

/** The reports of every key that `gone` has, as versions of one report of `keep`, in the order they were made. */
export function versionsInOrder(reports: readonly Row[], keep: number, gone: number): Row[] {
  const byKey = Map.groupBy(reports, ({ form, key }) => JSON.stringify([form, key]))
  return [...byKey.values()]
    .filter((rows) => rows.some((row) => row.member_id === gone))
    .flatMap((rows) =>
      rows
        .toSorted((one, other) => one.made_at.getTime() - other.made_at.getTime() || one.version - other.version)
        .map((row, at) => ({ ...row, member_id: keep, version: at + 1 })),
    )
}
