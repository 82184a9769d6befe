// Postgres stopped at once under load, and every connection ended: what was answered is in its tables, and the
// processes go on by themselves.
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lives, processOf } from '../../src/store/servers/process.ts'
import { length, limit, sleep, until } from './lengths.ts'
import { expectAllKept, steady } from './load.ts'
import { type FaultStage, faultStage } from './stage.ts'
import { expectSafe } from './truth.ts'
import { openQuick } from './votes.ts'

let stage: FaultStage
beforeAll(async () => {
  stage = await faultStage({ own: ['postgres'], set: { COOPLINE_STEP_MS: '4000' } })
})
afterAll(() => stage?.end())

/** What `pg_ctl -m immediate stop` does. */
async function stopAtOnce(): Promise<void> {
  const { postgres } = stage
  const server = postgres && processOf(postgres.pid())
  if (!server) throw new Error('This stage has no Postgres of its own that runs')
  process.kill(server.pid, 'SIGQUIT')
  await until('Postgres has stopped', () => !lives(server))
}

/** No process has ended; the last words of one that has. */
const expectAllRun = () => {
  const ended = stage.children.filter((child) => child.hasEnded())
  expect(ended.map((child) => child.log().slice(-1500))).toEqual([])
}

test('stopped at once under load, and started again', limit(60), async () => {
  const people = await stage.join(length(120, 600))
  await openQuick(stage, 'stops')
  const rounds = length(2, 5)
  const load = steady(stage, people, { perSecond: 40, ms: 700 + rounds * length(2000, 8000), insist: true })
  await sleep(700)
  for (let round = 0; round < rounds; round++) {
    await stopAtOnce()
    await sleep(length(300, 4000))
    await stage.postgres?.start()
    await sleep(length(1200, 3000))
  }
  const posts = await load
  expect(posts.every(({ status }) => status === 200)).toBe(true)
  expectAllRun()
  const { reports } = await expectSafe(stage)
  const kept = new Set(reports.map(({ sid }) => sid))
  expect(posts.filter(({ sid }) => !kept.has(sid))).toEqual([])
})

test('every connection ended, over and over: nobody notices', limit(40), async () => {
  const people = await stage.join(60)
  const load = steady(stage, people, { perSecond: 40, ms: length(2000, 10_000), insist: true })
  for (let round = 0; round < length(4, 20); round++) {
    await sleep(400)
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`
      .execute(stage.db)
      .catch(() => undefined)
  }
  expectAllKept(await load)
  expectAllRun()
  await expectSafe(stage)
})
