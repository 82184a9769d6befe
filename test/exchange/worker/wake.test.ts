// Questions that wait: the clock reminds once and then lets them lapse, each once on any number of workers, and one
// contact that cannot be woken stands in nobody's way.
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { wakeDue } from '../../../src/exchange/worker/wake.ts'
import { claim } from '../../../src/messaging/outbox/claim.ts'
import { enrolSenders } from '../../../src/messaging/outbox/senders.ts'
import { moveClock, now, standClock } from '../../../src/store/clock.ts'
import { lockNow, memberKey } from '../../../src/store/locks.ts'
import { bySms, type ExchangeStage, exchangeStage, join, newId, newPhone, talk, type Web } from '../stage.ts'

let stage: ExchangeStage
let web: Web
beforeEach(async () => {
  stage = await exchangeStage()
  web = await stage.open({ COOPLINE_STEP_MS: '400' })
  await standClock(stage.db, await now(stage.db))
})
afterEach(() => stage.end())

const minutes = (count: number) => moveClock(stage.db, count * 60)
const wake = () => wakeDue(web.counter, 20)
const reminders = async () => (await stage.posted()).filter((each) => each.class === 'reminder')
const asked = async (phone: string) => {
  const id = await join(web, phone)
  await talk(web, phone, ['REPORT', '8'])
  return id
}

test('reminded once, then it lapses without a word, and a late answer is asked about', async () => {
  const phone = newPhone()
  await asked(phone)
  await minutes(59)
  expect(await wake()).toBe(0)
  await minutes(1)
  expect(await wake()).toBe(1)
  expect((await reminders()).map(({ text }) => text)).toEqual([
    expect.stringMatching(/^We are still waiting for your answer\. All fares/),
  ])
  await minutes(600)
  expect(await wake()).toBe(0)
  await minutes(240)
  expect(await wake()).toBe(1)
  expect(await reminders()).toHaveLength(1)
  await minutes(600)
  expect(await wake()).toBe(0)
  expect((await web.say(phone, '1900')).text).toMatch(/^That came late, so once more: All fares/)
  expect((await web.say(phone, '1900')).text).toMatch(/^Fuel/)
})

/** What goes out to phones now, by SMS; at night nothing that we begin. */
const sent = async () => {
  await enrolSenders(stage.db, stage.charter)
  const { rows } = await claim(stage.db, `sms:${bySms}`, { ...stage.charter.quiet, timezone: 'Asia/Kolkata' }, 9)
  return rows.map((row) => row.class)
}
const kolkata = (day: string, time: string) => standClock(stage.db, new Date(`2026-11-${day}T${time}+05:30`))

test('a reminder that the night held is not sent once the question was answered', async () => {
  await kolkata('24', '19:30')
  const phone = newPhone()
  await asked(phone)
  await kolkata('24', '20:30')
  expect(await wake()).toBe(1)
  expect(await sent()).toEqual([])
  await kolkata('24', '20:35')
  await talk(web, phone, ['1900', '300', '1'])
  await kolkata('25', '08:00')
  expect(await sent()).toEqual([])
  expect((await reminders())[0]?.state).toBe('expired')
})

test.for([
  ['of a question that has run out by the morning', '19:00', '20:00', 'expired'],
  ['of one that is open still', '19:30', '20:30', 'sending'],
])('a reminder that the night held, %s', async ([, at, reminded, state]) => {
  await kolkata('24', at as string)
  await asked(newPhone())
  await kolkata('24', reminded as string)
  expect(await wake()).toBe(1)
  expect(await sent()).toEqual([])
  await kolkata('25', '08:00')
  await sent()
  expect((await reminders())[0]?.state).toBe(state)
})

test('an answer in time moves the clock’s look on', async () => {
  const phone = newPhone()
  await asked(phone)
  await minutes(59)
  expect((await web.say(phone, '1900')).text).toMatch(/^Fuel/)
  await minutes(2)
  expect(await wake()).toBe(1)
  expect(await reminders()).toEqual([])
  await minutes(60)
  await wake()
  expect((await reminders())[0]?.text).toMatch(/Fuel/)
})

test('who asked for silence is not reminded; her question lapses', async () => {
  const phone = newPhone()
  const id = await asked(phone)
  await stage.db.updateTable('members').set({ suppressed_at: new Date() }).where('id', '=', id).execute()
  await minutes(60)
  expect(await wake()).toBe(1)
  expect(await reminders()).toEqual([])
  expect((await web.say(phone, '1900')).text).toMatch(/^That came late/)
})

test('two workers at once remind twenty-five people once each', async () => {
  const phones = Array.from({ length: 25 }, newPhone)
  await Promise.all(phones.map(asked))
  await minutes(60)
  const other = await stage.open()
  let woken = 0
  while (woken < 25) woken += (await Promise.all([wake(), wakeDue(other.counter, 20)])).reduce((a, b) => a + b)
  expect(woken).toBe(25)
  expect(await wake()).toBe(0)
  expect(await reminders()).toHaveLength(25)
})

test('who is locked elsewhere is woken a minute later', async () => {
  const id = await asked(newPhone())
  await minutes(60)
  await stage.db.transaction().execute(async (trx) => {
    await lockNow(trx, [memberKey(id)])
    expect(await wake()).toBe(1)
  })
  expect(await reminders()).toEqual([])
  expect(stage.logs.map(({ event }) => event)).toContain('contact_not_woken')
  await minutes(1)
  expect(await wake()).toBe(1)
  expect(await reminders()).toHaveLength(1)
})

test('an address that cannot be read is said, and the others are reminded', async () => {
  const damaged = await asked(newPhone())
  await asked(newPhone())
  await sql`update contacts set address = set_byte(address, 20, get_byte(address, 20) # 1)
    where member_id = ${damaged}`.execute(stage.db)
  await minutes(60)
  expect(await wake()).toBe(2)
  expect(await reminders()).toHaveLength(1)
  expect(stage.logs.filter(({ event }) => event === 'contact_not_woken')).toHaveLength(1)
})

test('a damaged session does not wake for ever', async () => {
  const id = await asked(newPhone())
  await sql`update contacts set snapshot = set_byte(snapshot, 20, get_byte(snapshot, 20) # 1)
    where member_id = ${id}`.execute(stage.db)
  await minutes(60)
  expect(await wake()).toBe(1)
  await minutes(3000)
  expect(await wake()).toBe(0)
  expect(stage.logs.filter(({ event }) => event === 'session_unreadable')).toHaveLength(1)
})

test('one person under two names is reminded once', async () => {
  const [phone, id] = [newPhone(), newId()]
  await join(web, id)
  await talk(web, id, ['REPORT', '8'])
  await web.say(id, '1900', { WaId: phone.slice(1) })
  await minutes(61)
  expect(await wake()).toBe(1)
  expect(await wake()).toBe(0)
  await minutes(5)
  expect(await wake()).toBe(0)
  expect(await reminders()).toHaveLength(1)
})
