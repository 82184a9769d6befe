// What is made of members' reports: the medians that members hear, and the rows that an organiser exports. Only reports
// that have joined the pool, of active members whose consent to that very use is in force, ever leave the table.
import { randomBytes } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import type { Db } from '../../store/database.ts'
import type { Schema } from '../../store/schema.ts'
import { addDays, localDay, mondayOf } from '../calendar.ts'
import type { Applied, Form } from '../charter/charter.ts'
import { type PooledReport, reportSheet } from './export.ts'
import { cellMedian, insightValue, stepOf } from './insight.ts'

/**
 * Publishes the medians of this week and the one before, all that can still change; a cell that has too few members
 * now is taken back. Says how many cells stand; nothing where another worker is at it.
 */
export async function publishInsights(db: Db, charter: Applied, now: Date): Promise<number | undefined> {
  const thisWeek = mondayOf(localDay(now.getTime(), charter.timezone))
  const weeks = [addDays(thisWeek, -7), thisWeek]
  return db.transaction().execute(async (trx) => {
    if (!(await isMyTurn(trx, charter.id))) return undefined
    let standing = 0
    for (const form of charter.forms) {
      const cells = cellsOf(charter, form, await pooled(trx, charter, form, form.purpose, now, weeks))
      await replaceCells(trx, { coop: charter.id, form: form.id, weeks, cells, now })
      standing += cells.length
    }
    return standing
  })
}

/** A form's reports as CSV, for one purpose; who made them is a word drawn for this export alone. */
export async function exportReports(
  db: Db,
  charter: Applied,
  { form: formId, purpose }: { form: string; purpose?: string },
  now: Date,
): Promise<string> {
  const form = charter.forms.find(({ id }) => id === formId)
  if (!form) throw unknown('form', formId, charter.forms)
  const use = purpose ?? form.purpose
  if (!charter.purposes.some(({ id }) => id === use)) throw unknown('purpose', use, charter.purposes)
  const reports = await db.transaction().execute((trx) => pooled(trx, charter, form, use, now))
  return reportSheet(form, reports, charter, () => randomBytes(6).toString('hex'))
}

function unknown(what: string, id: string, known: readonly { readonly id: string }[]): Error {
  const ids = known.map((each) => each.id).join(', ')
  return new Error(`The charter has no ${what} "${id}"${ids === '' ? ', nor any other' : `. Use one of: ${ids}`}.`)
}

async function isMyTurn(trx: Transaction<Schema>, coop: string): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${`insights:${coop}`}, 0)) as mine`.execute(trx)
  return rows[0]?.mine ?? false
}

// A correction that is still held back leaves the version before it in the pool.
async function pooled(
  trx: Transaction<Schema>,
  charter: Applied,
  form: Form,
  purpose: string,
  now: Date,
  weeks?: readonly string[],
): Promise<PooledReport[]> {
  const version = charter.purposes.find(({ id }) => id === purpose)?.notice.version ?? 0
  const { rows } = await sql<PooledReport>`
    select distinct on (r.member_id, r.key) r.member_id as member, r.key, r.week::text as week, r.cell,
       r.values, r.figures
    from reports r join members m on m.id = r.member_id and m.state = 'active'
    join lateral (select action, notice_version from consent_events
      where member_id = r.member_id and purpose = ${purpose} order by n desc limit 1) as consent
      on consent.action = 'given' and consent.notice_version = ${version}
    where r.coop_id = ${charter.id} and r.form = ${form.id} and r.pool_at <= ${now}
      and (${weeks ?? null}::date[] is null or r.week = any(${weeks ?? null}::date[]))
    order by r.member_id, r.key, r.version desc`.execute(trx)
  return rows
}

interface CellOfWeek {
  readonly week: string
  readonly cell: string
  readonly median: number
  readonly members: number
}

function cellsOf(charter: Applied, form: Form, reports: readonly PooledReport[]): CellOfWeek[] {
  const cells = Map.groupBy(reports, ({ week, cell }) => `${week} ${cell}`)
  return [...cells.values()].flatMap((rows) => {
    const counted = rows.flatMap(({ member, values, figures }) => {
      const value = insightValue(form, values, figures)
      return value === undefined ? [] : [{ member, value }]
    })
    const median = cellMedian(counted, stepOf(form, charter))
    return median ? [{ week: rows[0]?.week ?? '', cell: rows[0]?.cell ?? '', ...median }] : []
  })
}

async function replaceCells(
  trx: Transaction<Schema>,
  to: { coop: string; form: string; weeks: readonly string[]; cells: readonly CellOfWeek[]; now: Date },
): Promise<void> {
  const column = <K extends keyof CellOfWeek>(name: K) => to.cells.map((cell) => cell[name])
  const [weeks, names] = [column('week'), column('cell')]
  await sql`
    delete from insights where coop_id = ${to.coop} and form = ${to.form} and week = any(${to.weeks}::date[])
      and (week, cell) not in (select * from unnest(${weeks}::date[], ${names}::text[]))`.execute(trx)
  await sql`
    insert into insights (coop_id, form, week, cell, median, members, published_at)
    select ${to.coop}, ${to.form}, week, cell, median, members, ${to.now}::timestamptz
    from unnest(${weeks}::date[], ${names}::text[], ${column('median')}::bigint[], ${column('members')}::int[])
      as fresh (week, cell, median, members)
    on conflict (coop_id, form, week, cell) do update
    set median = excluded.median, members = excluded.members, published_at = excluded.published_at
    where (insights.median, insights.members) is distinct from (excluded.median, excluded.members)`.execute(trx)
}
