// What is made of members' reports: the medians that members hear, and the rows that an organiser exports. Only reports
// that have joined the pool, of active members whose consent to that very use is in force, ever leave the table.
import { randomBytes } from 'node:crypto'
import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { Db } from '../../store/database.ts'
import type { Schema } from '../../store/schema.ts'
import { addDays, localDay, mondayOf } from '../calendar.ts'
import type { Applied, Form } from '../charter/charter.ts'
import { type PooledReport, sheetHead, sheetRows } from './export.ts'
import { fewestOthers, inSteps, stepOf } from './insight.ts'

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
      const cells = await cellsOf(trx, charter, form, now, weeks)
      await replaceCells(trx, { coop: charter.id, form: form.id, weeks, cells, now })
      standing += cells.length
    }
    return standing
  })
}

/**
 * A form's reports as CSV, for one purpose, piece by piece; who made them is a word drawn for this export alone, and
 * their order is that of these words.
 */
export async function exportReports(
  db: Db,
  charter: Applied,
  { form: formId, purpose }: { form: string; purpose?: string },
  now: Date,
): Promise<AsyncIterable<string>> {
  const form = charter.forms.find(({ id }) => id === formId)
  if (!form) throw unknown('form', formId, charter.forms)
  const use = purpose ?? form.purpose
  if (!charter.purposes.some(({ id }) => id === use)) throw unknown('purpose', use, charter.purposes)
  return sheetOf(db, charter, form, use, now)
}

// A few members at a time, whose reports of all years are held at once.
const membersAtOnce = 50

async function* sheetOf(db: Db, charter: Applied, form: Form, purpose: string, now: Date) {
  yield sheetHead(form, charter)
  const active = db
    .selectFrom('members')
    .select('id')
    .where('coop_id', '=', charter.id)
    .where('state', '=', 'active')
  const drawn = (await active.execute()).map(({ id }): [string, number] => [randomBytes(6).toString('hex'), id])
  drawn.sort(([one], [other]) => (one < other ? -1 : 1))
  for (let at = 0; at < drawn.length; at += membersAtOnce) {
    const words = new Map(drawn.slice(at, at + membersAtOnce).map(([word, member]) => [member, word]))
    const theirs = sql`r.member_id = any(${[...words.keys()]}::bigint[])`
    const { rows } = await pooled(charter, form, purpose, now, theirs).execute(db)
    if (rows.length > 0) yield sheetRows(form, rows, charter, words)
  }
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
function pooled(
  { id, purposes }: Applied,
  form: Form,
  purpose: string,
  now: Date,
  which: RawBuilder<unknown>,
): RawBuilder<PooledReport> {
  const version = purposes.find((each) => each.id === purpose)?.notice.version ?? 0
  return sql`
    select distinct on (r.member_id, r.key) r.member_id as member, r.key, r.week::text as week, r.cell,
       r.values, r.figures
    from reports r join members m on m.id = r.member_id and m.state = 'active'
    join lateral (select action, notice_version from consent_events
      where member_id = r.member_id and purpose = ${purpose} order by n desc limit 1) as consent
      on consent.action = 'given' and consent.notice_version = ${version}
    where r.coop_id = ${id} and r.form = ${form.id} and r.pool_at <= ${now} and ${which}
    order by r.member_id, r.key, r.version desc`
}

interface CellOfWeek {
  readonly week: string
  readonly cell: string
  readonly median: number
  readonly members: number
}

/** Says `cellMedian` of each cell, where the reports lie: all of a large co-op's are more than a process holds. */
async function cellsOf(
  trx: Transaction<Schema>,
  charter: Applied,
  form: Form,
  now: Date,
  weeks: readonly string[],
): Promise<CellOfWeek[]> {
  const { figure } = form.insight
  const { rows } = await sql<Omit<CellOfWeek, 'median'> & { fourfold: string }>`
    select week, cell, (${twiceMedian(sql`own`)})::text as fourfold, count(*) as members from (
      select week, cell, ${twiceMedian(sql`value::bigint`)} as own from (
        select week, cell, member, coalesce(figures -> ${figure}, values -> ${figure}) as value
        from (${pooled(charter, form, form.purpose, now, sql`r.week = any(${weeks}::date[])`)}) as pool
      ) as measured where jsonb_typeof(value) = 'number' group by week, cell, member
    ) as each group by week, cell having count(*) >= ${fewestOthers}`.execute(trx)
  const step = stepOf(form, charter)
  return rows.map(({ fourfold, ...cell }) => ({ ...cell, median: inSteps(BigInt(fourfold), step) }))
}

// The middle one from below and from above: twice, so that it stays a whole number.
const twiceMedian = (value: RawBuilder<unknown>) => sql`
  percentile_disc(0.5) within group (order by ${value}) + percentile_disc(0.5) within group (order by ${value} desc)`

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
