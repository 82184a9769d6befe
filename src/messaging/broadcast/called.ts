// How far the call of a vote has come, for whoever opened it: numbers alone.
import type { Db } from '../../store/database.ts'
import type { OutboxState } from '../tables.ts'

export type Called = { readonly [State in OutboxState]?: number }

/** How many members the call of a vote is with in each state; none before it begins, or once the rows are forgotten. */
export async function calledFor(db: Db, coop: string, slug: string): Promise<Called> {
  const rows = await db
    .selectFrom('outbox')
    .innerJoin('broadcasts', 'broadcasts.id', 'outbox.broadcast_id')
    .select(['outbox.state', ({ fn }) => fn.countAll<number>().as('count')])
    .where('broadcasts.coop_id', '=', coop)
    .where('broadcasts.proposal', '=', slug)
    .where('broadcasts.kind', '=', 'call')
    .groupBy('outbox.state')
    .execute()
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}
