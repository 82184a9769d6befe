// Keeps replies as a batch does, for the tests that run none.
import { sql } from 'kysely'
import type { Db } from '../../src/store/database.ts'
import type { Keys } from '../../src/store/keys.ts'
import { sealReplies } from '../../src/store/reply_box.ts'

/** Makes one box of them, now or so many days ago; gives its id. */
export async function keepReplies(db: Db, keys: Keys, replies: readonly string[], daysAgo = 0): Promise<number> {
  const made_at = sql<Date>`coopline_now() - make_interval(secs => ${daysAgo * 86_400})`
  const row = { sealed: sealReplies(keys, replies), made_at }
  const { id } = await db.insertInto('replies').values(row).returning('id').executeTakeFirstOrThrow()
  return id
}
