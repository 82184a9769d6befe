// The one clock, `coopline_now()`. Only tests move it.
import { sql } from 'kysely'
import type { Db } from './database.ts'

/** The instant by the database's clock. */
export async function now(db: Db): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select coopline_now() as now`.execute(db)
  const [row] = rows
  if (!row) throw new Error('coopline_now() gave no row; run "npm run coopline -- migrate"')
  return row.now
}

/** Whether the clock has been moved: never beside a real account. */
export async function clockIsMoved(db: Db): Promise<boolean> {
  const { rows } = await sql<{ moved: boolean }>`
    select shift <> '0' or standing_at is not null as moved from clock`.execute(db)
  return rows[0]?.moved ?? false
}

/** Moves the clock on by so many seconds; a standing clock stays standing, further on. */
export async function moveClock(db: Db, seconds: number): Promise<void> {
  const by = sql`make_interval(secs => ${seconds})`
  await sql`update clock set shift = shift + ${by}, standing_at = standing_at + ${by}`.execute(db)
}

/** Stops the clock at an instant, or lets it run on from there. */
export async function standClock(db: Db, at: Date | null): Promise<void> {
  await sql`
    update clock set shift = case when ${at}::timestamptz is null then standing_at - clock_timestamp() else shift end,
      standing_at = ${at}::timestamptz`.execute(db)
}
