// How far the call of a vote has come, for whoever opened it: numbers alone.
import { sql } from 'kysely'
import { hasVoted } from '../../coop/votes/ballot_queries.ts'
import type { Db } from '../../store/database.ts'
import type { OutboxState } from '../tables.ts'

/** `voted`: her call was not sent, since she had voted before it came. */
export type CallState = OutboxState | 'voted'
export type Called = { readonly [State in CallState]?: number }

const voted = hasVoted({ coop: 'broadcasts.coop_id', proposal: 'broadcasts.proposal', member: 'outbox.member_id' })

/** How many members the call of a vote is with in each state; none before it begins, or once the rows are forgotten. */
export async function calledFor(db: Db, coop: string, slug: string): Promise<Called> {
  const { rows } = await sql<{ state: CallState; count: number }>`
    select case when outbox.state = 'expired' and ${voted} then 'voted' else outbox.state end as state,
      count(*) as count
    from broadcasts join outbox on outbox.broadcast_id = broadcasts.id
    where broadcasts.coop_id = ${coop} and broadcasts.proposal = ${slug} and broadcasts.kind = 'call'
    group by 1`.execute(db)
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}
