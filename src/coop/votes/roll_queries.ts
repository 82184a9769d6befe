// Who is entitled to vote: members who had joined when the vote was begun, frozen as its roll.
import type { Kysely, Transaction } from 'kysely'
import type { Schema } from '../../store/schema.ts'

/** The members of a co-op who are entitled to a vote that is begun at this instant. */
export const entitledTo = (db: Kysely<Schema>, coop: string, at: Date) =>
  db.selectFrom('members').where('coop_id', '=', coop).where('state', '=', 'active').where('joined_at', '<=', at)

/** Writes down who may vote; later changes of membership do not reach it. Returns how many. */
export async function freezeRoll(trx: Transaction<Schema>, coop: string, slug: string, at: Date): Promise<number> {
  const entitled = entitledTo(trx, coop, at).select(({ ref, val }) => [
    val(coop).as('coop_id'),
    val(slug).as('proposal'),
    ref('id').as('member_id'),
  ])
  const { numInsertedOrUpdatedRows: roll = 0n } = await trx
    .insertInto('roll')
    .columns(['coop_id', 'proposal', 'member_id'])
    .expression(entitled)
    .executeTakeFirstOrThrow()
  return Number(roll)
}
