// Advisory locks of one transaction: who is being changed, and which vote. A lock goes with its transaction, also
// when the process is killed; keys of different things may collide, which makes them wait for each other, no more.
import { createHash } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import type { Schema } from './schema.ts'

/** A signed 64-bit number as text, as Postgres takes it. */
export type LockKey = string

/** Everyone who is behind one phone number, or one WhatsApp id without a number. */
export const personKey = (personIndex: Buffer): LockKey => personIndex.readBigInt64BE(0).toString()
/** The same key in SQL. */
export const personKeySql = (personIndex: string): string =>
  `('x' || encode(substring(${personIndex} for 8), 'hex'))::bit(64)::bigint`

/** One member, on whatever address: her number at the far end of what a key can be, so that SQL makes it too. */
export const memberKey = (id: number): LockKey => (lowest + BigInt(id)).toString()
const lowest = -(2n ** 63n)
/** The same key in SQL. */
export const memberKeySql = (id: string): string => `(-9223372036854775808 + ${id})`

/** One vote: shared by those who cast a ballot, alone for the one who closes it. */
export const voteKey = (coopId: string, slug: string): LockKey => keyOf(`vote:${coopId}/${slug}`)

/** The same key in SQL, of the columns that name the vote. */
export const voteKeySql = (coopId: string, slug: string): string =>
  `('x' || encode(substring(sha256(convert_to('vote:' || ${coopId} || '/' || ${slug}, 'UTF8'))
    for 8), 'hex'))::bit(64)::bigint`

/** Whom a roll of this co-op counts: for whoever draws one up, or makes two numbers one. */
export const rollKey = (coopId: string): LockKey => keyOf(`roll:${coopId}`)

/** The keys in the one order in which everybody takes them, each once. */
export const inOrder = (keys: Iterable<LockKey>): LockKey[] =>
  [...new Set(keys)].sort((one, other) => {
    const [a, b] = [BigInt(one), BigInt(other)]
    return a < b ? -1 : a > b ? 1 : 0
  })

/**
 * Waits until all keys are this transaction's, and throws 55P03 after `seconds`. For work that has time: whoever
 * handles a message tries instead, so that nobody's flood holds connections.
 */
export async function lockNow(trx: Transaction<Schema>, keys: Iterable<LockKey>, seconds = 5): Promise<void> {
  await sql`select set_config('lock_timeout', ${`${Math.ceil(seconds * 1000)}ms`}, true)`.execute(trx)
  await sql`select pg_advisory_xact_lock(key) from unnest(${inOrder(keys)}::bigint[]) as key`.execute(trx)
}

const keyOf = (text: string): LockKey => personKey(createHash('sha256').update(text).digest())
