// What the world shows of reports and medians, for many members at once, and how reports are written.

import { ms, nowSql, statement } from '../../store/statement.ts'
import type { FactOf } from '../facts.ts'
import type { Cell } from './insight.ts'
import type { Report } from './report.ts'
import type { Values } from './values.ts'

interface ReportRow {
  member_id: number
  form: string
  key: string
  version: number
  values: Values
  figures: Values
  made_at: number
  pool_at: number
}

/** The current reports of these members ($1) of the last six weeks: what can be corrected, and what is usual. */
export const readReports = statement<ReportRow>(
  'reports_recent',
  `select distinct on (member_id, form, key) member_id, form, key, version, values, figures,
     ${ms('made_at')} as made_at, ${ms('pool_at')} as pool_at
   from reports where member_id = any($1::bigint[]) and made_at > ${nowSql} - interval '42 days'
   order by member_id, form, key, version desc`,
)

export const reportsOf = (rows: readonly ReportRow[]): Map<number, Report[]> => {
  const reports = Map.groupBy(rows, (row) => row.member_id)
  return new Map(
    [...reports].map(([member, own]) => [
      member,
      own.map(({ member_id: _, made_at, pool_at, ...report }) => ({ ...report, madeAt: made_at, poolAt: pool_at })),
    ]),
  )
}

/** The medians of these co-ops ($1) that were published for the last two weeks and the days around. */
export const readInsights = statement<Cell & { coop_id: string }>(
  'insights_recent',
  `select coop_id, form, week::text, cell, median, members from insights
   where coop_id = any($1::text[]) and week > ${nowSql}::date - 16`,
)

/** Writes versions of reports. */
export const insertReports = statement(
  'reports_insert',
  `insert into reports (member_id, form, key, version, coop_id, week, cell, values, figures, made_at,
     pool_at, message_id)
   select member_id, form, key, version, coop_id, week, cell, values, figures, to_timestamp($11::float8),
     to_timestamp(pool_at), message_id
   from unnest($1::bigint[], $2::text[], $3::text[], $4::int[], $5::text[], $6::date[], $7::text[], $8::jsonb[],
     $9::jsonb[], $10::float8[], $12::text[])
     as r (member_id, form, key, version, coop_id, week, cell, values, figures, pool_at, message_id)`,
)

export interface MadeReport {
  readonly member: number
  readonly coop: string
  readonly messageId: string
  readonly fact: FactOf<'report_made'>
}

/** The parameters of that statement; `now` in milliseconds. */
export const reportColumns = (made: readonly MadeReport[], now: number): unknown[] => [
  made.map(({ member }) => member),
  made.map(({ fact }) => fact.form),
  made.map(({ fact }) => fact.key),
  made.map(({ fact }) => fact.version),
  made.map(({ coop }) => coop),
  made.map(({ fact }) => fact.week),
  made.map(({ fact }) => fact.cell),
  made.map(({ fact }) => JSON.stringify(fact.values)),
  made.map(({ fact }) => JSON.stringify(fact.figures)),
  made.map(({ fact }) => fact.poolAt / 1000),
  now / 1000,
  made.map(({ messageId }) => messageId),
]

/** Deletes the version of a report that was taken back: $1 member, $2 form, $3 key, $4 version. */
export const deleteReport = statement(
  'reports_delete',
  'delete from reports where member_id = $1 and form = $2 and key = $3 and version = $4',
)
