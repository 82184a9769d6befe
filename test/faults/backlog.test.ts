// Fifty thousand calls wait for a slow sender: whoever waits for an answer is answered all the same, within
// seconds.
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addressOn } from '../../src/coop/members/address.ts'
import { holdMember } from './hold.ts'
import { limit, until } from './lengths.ts'
import { sayOf } from './phones.ts'
import { type FaultStage, faultStage } from './stage.ts'
import { openSilent } from './votes.ts'

let stage: FaultStage
beforeAll(async () => {
  stage = await faultStage({ webs: 1, rate: 10, set: { COOPLINE_STEP_MS: '500' } })
})
afterAll(() => stage?.end())

const waiting = 50_000

test('an answer goes out before the calls', limit(60), async () => {
  await stage.join(waiting)
  await openSilent(stage, 'long')
  await sql`
    insert into outbox (coop_id, contact_id, member_id, class, broadcast_id, sender, priority, state,
      next_attempt_at, expires_at, created_at)
    select coop_id, contacts.id, member_id, 'call',
      (select id from broadcasts where proposal = 'long' and kind = 'call'), sender, 2, 'pending',
      coopline_now(), coopline_now() + interval '1 day', coopline_now() from contacts`.execute(stage.db)
  // The fan-out is done; only the sending is not.
  await sql`update broadcasts set state = 'done' where proposal = 'long'`.execute(stage.db)
  const [person] = await stage.join(1)
  if (!person) throw new Error('nobody joined')
  await until('calls go out', () => stage.carrier.messages.list({}).length > 20)
  const since = performance.now()
  expect(sayOf(await stage.phones.text(person, 'MY'))).toMatch(/^Member /)
  expect(performance.now() - since).toBeLessThan(4000)
  const post = await holdMember(stage, person, () => stage.phones.text(person, 'SHIFT 8.5 1900 300'))
  expect(sayOf(post)).toBe('')
  const released = performance.now()
  await until('she is answered', () => stage.carrier.received(addressOn('sms', person.phone)).length > 0, 10_000)
  expect(performance.now() - released).toBeLessThan(5000)
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from outbox where state = 'pending' and class = 'call'`.execute(stage.db)
  expect(rows[0]?.count).toBeGreaterThan(waiting - 2000)
})
