// One webhook many times, at once and long after, on two web processes: one effect and the same bytes for all.
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { moveClock } from '../../src/store/clock.ts'
import { emptyTwiml } from '../../src/twilio/twiml.ts'
import { length, limit, until } from './lengths.ts'
import { newSid, sayOf } from './phones.ts'
import { type FaultStage, faultStage } from './stage.ts'
import { expectSafe, gatherTruth } from './truth.ts'

let stage: FaultStage
beforeAll(async () => {
  stage = await faultStage({ workers: 1, set: { COOPLINE_RETENTION_MS: '500' } })
})
afterAll(() => stage?.end())

const line = '8.5 1900 300'

test('fifty at once over two web processes: one effect, fifty equal bodies', limit(40), async () => {
  for (const person of await stage.join(length(5, 50))) {
    const sid = newSid()
    const posts = await Promise.all(
      Array.from({ length: 50 }, (_, at) => stage.phones.text(person, line, { sid, web: at % 2 })),
    )
    expect(posts.map(({ status }) => status)).toEqual(posts.map(() => 200))
    expect(new Set(posts.map(({ twiml }) => twiml)).size).toBe(1)
    expect(sayOf(posts[0] ?? {})).toMatch(/^Saved: /)
    const { reports } = await gatherTruth(stage)
    expect(reports.filter(({ member }) => member === person.memberId)).toEqual([{ member: person.memberId, sid }])
  }
  await expectSafe(stage)
})

test('repeats within days bring the same bytes; after 8 days and after a year, silence', limit(40), async () => {
  const [person] = await stage.join(1)
  if (!person) throw new Error('nobody joined')
  const first = await stage.phones.text(person, line)
  const again = async () => (await stage.phones.text(person, line, { sid: first.sid })).twiml
  const effects = async () => (await gatherTruth(stage)).reports.filter(({ sid }) => sid === first.sid)
  const repliesKept = async () => (await sql`select from replies`.execute(stage.db)).rows.length > 0
  await moveClock(stage.db, 3 * 86_400)
  expect(await again()).toBe(first.twiml)
  await moveClock(stage.db, 5 * 86_400)
  await until('a worker has forgotten the replies', async () => !(await repliesKept()))
  expect(await again()).toBe(emptyTwiml)
  await moveClock(stage.db, 358 * 86_400)
  expect(await again()).toBe(emptyTwiml)
  expect(await effects()).toEqual([{ member: person.memberId, sid: first.sid }])
})
