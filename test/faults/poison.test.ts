// A message that fails by itself whenever it is stepped: it is put aside, tried again, and given up with one
// apology; everybody else's messages go on at once, her others behind it. The poison is a row that Postgres itself
// refuses.
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addressOn } from '../../src/coop/members/address.ts'
import { moveClock } from '../../src/store/clock.ts'
import { holdMember } from './hold.ts'
import { limit, sleep } from './lengths.ts'
import { type Person, sayOf } from './phones.ts'
import { type FaultStage, faultStage } from './stage.ts'
import { expectSafe } from './truth.ts'

let stage: FaultStage
beforeAll(async () => {
  stage = await faultStage({ workers: 1, set: { COOPLINE_STEP_MS: '2000' } })
  await sql`alter table reports add constraint poison check (values::text not like '%66600%')`.execute(stage.db)
})
afterAll(() => stage?.end())

const poison = 'SHIFT 8.5 666 300'
const heard = ({ phone }: Person) => stage.carrier.received(addressOn('sms', phone)).map(({ body }) => body)

const rowOf = async (sid: string) =>
  stage.db.selectFrom('inbound').select(['state', 'tries', 'body']).where('sid', '=', sid).executeTakeFirst()

/** Lets the waits between the tries pass until the message is not due any more. */
async function untilGivenUp(sid: string): Promise<void> {
  for (let turn = 0; turn < 40; turn++) {
    if ((await rowOf(sid))?.state !== 'received') return
    await sleep(250)
    await moveClock(stage.db, 100)
  }
  throw new Error('The message was tried over and over and never given up')
}

test('it is given up with one apology; all others go on', limit(40), async () => {
  const [victim, ...others] = await stage.join(12)
  if (!victim) throw new Error('nobody joined')
  const [post, ...fine] = await Promise.all([
    stage.phones.text(victim, poison, { web: 0 }),
    ...others.map((other) => stage.phones.text(other, 'SHIFT 8.5 1900 300', { web: 0 })),
  ])
  expect(post.status).toBe(200)
  expect(sayOf(post)).toBe('')
  expect(fine.map(sayOf).filter((said) => !said.startsWith('Saved'))).toEqual([])
  // What she writes meanwhile keeps its place behind it.
  const behind = await stage.phones.text(victim, 'SHIFT 8.5 1900 300')
  expect(sayOf(behind)).toBe('')
  await untilGivenUp(post.sid)
  expect(await rowOf(post.sid)).toEqual({ state: 'given_up', tries: 5, body: null })
  const again = await stage.phones.text(victim, poison, { sid: post.sid })
  expect({ status: again.status, said: sayOf(again) }).toEqual({ status: 200, said: '' })
  await expectSafe(stage)
  expect(heard(victim)).toEqual([
    expect.stringContaining('went wrong on our side'),
    expect.stringMatching(/^Saved: /),
  ])
})

test('one that cannot even be read any more keeps nobody up, and is given up', limit(40), async () => {
  const [victim, other] = await stage.join(2)
  if (!victim || !other) throw new Error('nobody joined')
  const lost = await holdMember(stage, victim, async () => {
    const put = await stage.phones.text(victim, 'SHIFT 9 1900 300')
    await sql`update inbound set body = '\\x01020304' where sid = ${put.sid}`.execute(stage.db)
    return put
  })
  await moveClock(stage.db, 10)
  const late = await holdMember(stage, other, () => stage.phones.text(other, 'SHIFT 9 1900 300'))
  expect(late.status).toBe(200)
  await untilGivenUp(lost.sid)
  await expectSafe(stage)
  expect(heard(other)).toEqual([expect.stringMatching(/^Saved: /)])
})

test('a damaged session is begun anew, and nobody else notices', limit(40), async () => {
  const people = await stage.join(6)
  const said = () => Promise.all(people.map((person) => stage.phones.text(person, 'MY', { web: 0 })))
  await said()
  await sql`update contacts set snapshot = '\\x0102030405060708090a0b0c0d0e0f', version = version + 1
    where member_id = ${people[0]?.memberId}`.execute(stage.db)
  expect((await said()).map(sayOf).filter((each) => !each.startsWith('Member '))).toEqual([])
  await expectSafe(stage)
})
