// Who is being changed, by lock: the same for everybody, in one order, let go with the transaction.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { inOrder, lockNow, memberKey, personKey, voteKey } from '../../src/store/locks.ts'
import { messagingStage } from '../messaging/stage.ts'

test('keys are signed 64-bit numbers, each its own, in the order of numbers', () => {
  const person = personKey(Buffer.from('ffffffffffffffff0000000000000000', 'hex'))
  expect(person).toBe('-1')
  const keys = [memberKey(7), memberKey(8), voteKey('drivers', 'fuel'), voteKey('market', 'fuel'), person]
  expect(new Set(keys).size).toBe(keys.length)
  const least = -(2n ** 63n)
  for (const key of keys) expect(BigInt.asIntN(64, BigInt(key))).toBeGreaterThanOrEqual(least)
  expect(inOrder(['10', '9', '-3', '9'])).toEqual(['-3', '9', '10'])
})

test('a second waits for the first, at most so long, and gets it when the first ends', async () => {
  const { db } = await messagingStage()
  const keys = [memberKey(1), memberKey(2)]
  await db.transaction().execute(async (first) => {
    await lockNow(first, keys)
    const second = db.transaction().execute((trx) => lockNow(trx, [memberKey(2)], 0.05))
    await expect(second).rejects.toMatchObject({ code: '55P03' })
  })
  await db.transaction().execute((trx) => lockNow(trx, keys, 0.05))
})

test('many who lock the same in different orders never deadlock', async () => {
  const { db } = await messagingStage()
  const keys = Array.from({ length: 20 }, (_, n) => memberKey(n))
  const shuffled = (seed: number) => [...keys].sort((a, b) => Number((BigInt(a) ^ BigInt(b)) % 7n) - seed)
  await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      db.transaction().execute(async (trx) => {
        await lockNow(trx, shuffled(n % 5))
        await sql`select pg_sleep(0.001)`.execute(trx)
      }),
    ),
  )
})
