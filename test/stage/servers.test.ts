// What tests are given: a share of the run's servers that nobody else sees, or servers of their own to kill.
import { Redis } from 'ioredis'
import pg from 'pg'
import { expect, test } from 'vitest'
import { ownPostgres, ownRedis, testDatabase, testRedis } from './servers.ts'

test('a test has a number of its own on the shared Redis, and a database of its own', async () => {
  const [one, other] = [new Redis(await testRedis()), new Redis(await testRedis())]
  await one.set('a', 'mine')
  expect(await other.get('a')).toBeNull()
  one.disconnect()
  other.disconnect()
  const [mine, yours] = [await testDatabase(), await testDatabase()]
  await query(mine.url, "update clock set shift = '1 day'")
  expect(await query(yours.url, 'select extract(day from shift)::int as days from clock')).toEqual([{ days: 0 }])
  await mine.drop()
  await yours.drop()
})

test('a Redis of one own can be killed and started again at the same address', async () => {
  const own = await ownRedis()
  const redis = new Redis(own.url, { retryStrategy: () => 20 })
  redis.on('error', () => undefined)
  await redis.set('a', 'b')
  await own.kill()
  await own.start()
  expect(await redis.get('a')).toBeNull()
  redis.disconnect()
  await own.drop()
})

test('a Postgres of one own is migrated, and keeps what was committed when it is killed', async () => {
  const own = await ownPostgres()
  const statement = "update clock set shift = '1 day'"
  await query(own.url, statement)
  await own.kill()
  await own.start()
  expect(await query(own.url, 'select extract(day from shift)::int as days from clock')).toEqual([{ days: 1 }])
  await own.drop()
})

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}
