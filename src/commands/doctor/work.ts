// What the doctor sees of a worker's work: votes to open and close, messages that were put aside, answers.
import { sql } from 'kysely'
import type { Db } from '../../store/database.ts'
import { bad, type Finding, good } from './findings.ts'

/** Whether something waits for a worker that has long been due. Calls may rightly wait for hours, by their rate. */
export async function examineWork(db: Db): Promise<Finding> {
  const { rows } = await sql<{ minutes: number | null }>`
    select (extract(epoch from coopline_now() - min(due)) / 60)::float8 as minutes from (
      select least(case when status = 'notice' then opens_at end, closes_at) as due from proposals
        where status <> 'closed'
      union all select next_try_at from inbound where state = 'received'
      union all select next_attempt_at from outbox where state = 'pending' and class = 'answer') as waiting`.execute(
    db,
  )
  const minutes = Math.floor(rows[0]?.minutes ?? 0)
  if (minutes < patience) return good('votes, answers and messages put aside are looked after in time')
  return bad(
    `a vote, an answer or a message put aside has waited for ${minutes} minutes: is a worker running? ` +
      'Start one with "npm run worker", and read its log',
  )
}

/** Minutes that a busy worker may be late. */
const patience = 5
