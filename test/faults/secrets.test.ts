// What a stranger finds who reads every log, all of Redis with its jobs, and every row of Postgres: no phone
// number of a member, and no text of hers.
import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addressOn } from '../../src/coop/members/address.ts'
import { moveClock } from '../../src/store/clock.ts'
import { holdMember } from './hold.ts'
import { limit, until } from './lengths.ts'
import { sayOf } from './phones.ts'
import { type FaultStage, faultStage } from './stage.ts'
import { expectSafe } from './truth.ts'
import { openQuick } from './votes.ts'

let stage: FaultStage
beforeAll(async () => {
  stage = await faultStage({ own: ['redis'], set: { COOPLINE_STEP_MS: '500', COOPLINE_LOG: 'debug' } })
})
afterAll(() => stage?.end())

const known = { phone: '+447733918273' }
const stranger = { phone: '+447733645546' }
const word = 'kanarienvogel'
const canaries = ['447733918273', '447733645546', '7733918273', '7733645546', word]

/** A canary in any of the ways in which it may be written. */
function found(where: string, haystack: string): string[] {
  const hay = haystack.toLowerCase()
  return canaries
    .flatMap((canary) => [canary, Buffer.from(canary).toString('hex'), Buffer.from(canary).toString('base64')])
    .filter((needle) => hay.includes(needle.toLowerCase()))
    .map((needle) => `${where}: ${needle}`)
}

/** Everything that leaves a trace: joining, reports, ballots, nonsense, failures, and what is put aside. */
async function live(): Promise<void> {
  const { text, vote } = stage.phones
  for (const body of ['hi', '1', '1', word, 'SHIFT 8.5 1900 300', `${word} 12 34`, 'ON 1', '1', `SHIFT ${word}`])
    await text(known, body)
  for (const body of [`hello ${word}`, '9', `${word}\u0000${word}`]) await text(stranger, body)
  await openQuick(stage, 'canary')
  await vote(known, 'canary', 1, { more: { ProfileName: word, ExternalUserId: 'whatsapp:US.1349000011112222' } })
  await text(known, word, { sid: `no-${word}` })
  await text(known, word, { more: { NumSegments: word } })
  await holdMember(stage, known, () => text(known, `MY ${word}`))
  const { carrier } = stage
  carrier.faults.order({ fault: 'refuse', code: 21211, to: addressOn('sms', known.phone) })
  await sql`alter table reports add constraint poison check (values::text not like '%66600%')`.execute(stage.db)
  await text(known, 'SHIFT 8.5 666 300')
  await carrier.say(addressOn('sms', known.phone), { to: 'sms:+447700900100', body: `STOP ${word}` })
  await carrier.say(addressOn('sms', known.phone), { to: 'sms:+447700900100', body: 'STOP' })
}

test('nothing personal in any log, in Redis, or in clear in Postgres', limit(60), async () => {
  await live()
  const { db } = stage
  await until('the first try has failed', async () => {
    const { rows } = await sql`select from inbound where state = 'received' and tries > 0`.execute(db)
    return rows.length > 0
  })
  expect(stage.children.flatMap((child) => found(child.role, child.log()))).toEqual([])
  expect(await inRedis()).toEqual([])
  expect(await inPostgres()).toEqual([])
  await sql`alter table reports drop constraint poison`.execute(db)
  // Past the next try, and past the pause of a call to someone with an open question.
  await moveClock(db, 60)
  await expectSafe(stage)
  expect(stage.children.flatMap((child) => found(child.role, child.log()))).toEqual([])
  // The canaries were really there: she is a member, and was answered.
  expect(stage.phones.posts.map(sayOf).some((said) => said.startsWith('Saved'))).toBe(true)
})

async function inRedis(): Promise<string[]> {
  const redis = new Redis(stage.redisUrl)
  try {
    const keys = await redis.keys('*')
    expect(keys.filter((key) => key.startsWith('session:')).length).toBeGreaterThan(0)
    const dumps = await Promise.all(
      keys.map(async (key) => (await redis.dumpBuffer(key))?.toString('latin1') ?? ''),
    )
    const values = await Promise.all(keys.map((key) => contentOf(redis, key)))
    return found('redis', [...keys, ...dumps, ...values].join('\n'))
  } finally {
    redis.disconnect()
  }
}

async function contentOf(redis: Redis, key: string): Promise<string> {
  const type = await redis.type(key)
  if (type === 'hash') return JSON.stringify(await redis.hgetall(key))
  if (type === 'stream') return JSON.stringify(await redis.xrange(key, '-', '+'))
  if (type === 'zset') return (await redis.zrange(key, 0, '-1')).join('\n')
  if (type === 'list') return (await redis.lrange(key, 0, -1)).join('\n')
  return type === 'string' ? ((await redis.getBuffer(key))?.toString('latin1') ?? '') : ''
}

/** Every row of every table, as its text: what a base dump shows. */
async function inPostgres(): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public'`.execute(stage.db)
  expect(tables.length).toBeGreaterThan(10)
  const leaks = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.table(name)} as t`.execute(
        stage.db,
      )
      return found(name, rows.map(({ row }) => row).join('\n'))
    }),
  )
  return leaks.flat()
}
