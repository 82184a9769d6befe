// What two numbers hold that may be one person, counted: what an organiser looks at before they become one.
import { sql } from 'kysely'
import type { Db } from '../../store/database.ts'

export interface Holding {
  readonly reports: number
  readonly ballots: number
}
export interface Holdings {
  readonly kept: Holding
  readonly gone: Holding
  /** Reports of one key, and ballots in one vote that is not closed: of these the later stands. */
  readonly both: Holding
}

/** What each of two numbers holds, and of what both hold one. */
export async function holdingsOf(db: Db, keep: number, gone: number): Promise<Holdings> {
  const { rows } = await sql<{ kept: number; gone: number; both: number }>`
    with held (what, members, merges) as (
      select 'reports', array_agg(distinct member_id), true from reports
      where member_id in (${keep}, ${gone}) group by form, key
      union all
      select 'ballots', array_agg(member_id), bool_and(p.status <> 'closed') from ballots b
      join proposals p on p.coop_id = b.coop_id and p.slug = b.proposal
      where member_id in (${keep}, ${gone}) group by b.coop_id, b.proposal)
    select count(held) filter (where ${keep} = any(members)) as kept,
      count(held) filter (where ${gone} = any(members)) as gone,
      count(held) filter (where cardinality(members) > 1 and merges) as both
    from (values (1, 'reports'), (2, 'ballots')) as kinds (place, what) left join held using (what)
    group by place order by place`.execute(db)
  const [reports, ballots] = rows
  const counts = (of: 'kept' | 'gone' | 'both'): Holding => ({
    reports: reports?.[of] ?? 0,
    ballots: ballots?.[of] ?? 0,
  })
  return { kept: counts('kept'), gone: counts('gone'), both: counts('both') }
}
