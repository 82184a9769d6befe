// The doctor and the carrier: it asks before it says that a key is good, and says what to do where it is not.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claim } from '../../../src/messaging/outbox/claim.ts'
import { stoppedSenders, stopSender } from '../../../src/messaging/outbox/senders.ts'
import { accountSid, apiKey, apiSecret, setStage } from '../../carrier/stage.ts'
import { type CoopStage, coopStage } from '../../coop/stage.ts'
import { coopline } from '../program.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'coopline-doctor-'))
let stage: CoopStage
beforeAll(async () => {
  stage = await coopStage()
})
afterAll(async () => {
  await stage.end()
  rmSync(folder, { recursive: true })
})

const doctor = (twilio: Record<string, string> = {}) =>
  coopline({ DATABASE_URL: stage.url, COOPLINE_DATA: folder, ...twilio }, 'doctor')

const twilioAt = (base: string, change: Record<string, string> = {}) => ({
  PUBLIC_URL: 'http://127.0.0.1:1',
  TWILIO_ACCOUNT_SID: accountSid,
  TWILIO_AUTH_TOKEN: 'a-token',
  TWILIO_API_KEY: apiKey,
  TWILIO_API_SECRET: apiSecret,
  TWILIO_API_BASE: base,
  ...change,
})

test('an API key is called good once the carrier has taken it; the auth token never is', async () => {
  const { carrier } = await setStage()
  const { out } = await doctor(twilioAt(carrier.url))
  expect(out).toContain(`ok    the carrier at ${carrier.url} takes the API key of account ${accountSid}`)
  expect(out).toMatch(/^look {2}TWILIO_AUTH_TOKEN cannot be tried from here/m)
  expect(out).toContain('BAD   http://127.0.0.1:1/healthz does not answer')
})

test('an invented key or account is named, with the setting to mend', async () => {
  const { carrier } = await setStage()
  const key = await doctor(twilioAt(carrier.url, { TWILIO_API_SECRET: 'invented' }))
  expect(key.out).toMatch(/^BAD .* answers HTTP 401, error 20003: TWILIO_API_KEY and TWILIO_API_SECRET/m)
  expect(key.out).not.toMatch(/^ok .*account/m)
  expect(key.code).toBe(1)
  const account = await doctor(twilioAt(carrier.url, { TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}` }))
  expect(account.out).toMatch(/^BAD .* answers HTTP 404, error 20404: .*mend TWILIO_ACCOUNT_SID/m)
  expect(key.out + account.out).not.toContain('invented')
})

test('a carrier that is not there is said, with what to look at', async () => {
  const { out, code } = await doctor(twilioAt('http://127.0.0.1:1'))
  expect(out).toMatch(/^BAD .* at http:\/\/127\.0\.0\.1:1 does not answer \(ECONNREFUSED\).*TWILIO_API_BASE/m)
  expect(code).toBe(1)
})

test('a sender that the carrier has stopped is named with its error', async () => {
  const address = 'sms:+447700900100'
  await stage.db
    .insertInto('senders')
    .values({ address, coop_id: 'drivers', rate: 1, tokens: 1, refilled_at: new Date() })
    .execute()
  await stopSender(stage.db, address, 20003)
  const { out } = await doctor()
  expect(out).toContain('are looked after in time')
  expect(out).toContain(
    `BAD   drivers: nothing is sent from ${address}, since the carrier refused our credentials (error 20003)`,
  )
  // A look at the outbox that finds nothing to send has not found out whether the carrier lets us in again.
  await sql`update senders set stopped_at = stopped_at - interval '6 minutes'`.execute(stage.db)
  await claim(stage.db, address, { timezone: 'Asia/Kolkata', from: '21:00', to: '08:00' }, 10)
  expect(await stoppedSenders(stage.db)).toMatchObject([{ address, code: 20003 }])
})

test('a message that no worker has taken up is named, with what to start', async () => {
  await sql`
    insert into inbound (sid, coop_id, state, body, person_index, turn, received_at, next_try_at)
    values ('SM1', 'drivers', 'received', '\\x00', '\\x00', 1, coopline_now(), coopline_now() - interval '2 hours')`.execute(
    stage.db,
  )
  const { out, code } = await doctor()
  expect(out).toMatch(/^BAD .* put aside has waited for 120 minutes: is a worker running\? .*npm run worker/m)
  expect(code).toBe(1)
})
