// A message that cannot be handled is never lost and never in the way: it is put aside, tried again, answered once or
// given up with one apology; and nothing that is damaged locks a member out.
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { retryDue } from '../../../src/exchange/aside/retry.ts'
import { claim } from '../../../src/messaging/outbox/claim.ts'
import { enrolSenders } from '../../../src/messaging/outbox/senders.ts'
import { moveClock, now, standClock } from '../../../src/store/clock.ts'
import { emptyTwiml } from '../../../src/twilio/twiml.ts'
import { holdMember } from '../../faults/hold.ts'
import {
  bySms,
  type ExchangeStage,
  formOf,
  join,
  newPhone,
  poison,
  setClockBack,
  stageOfTest,
  talk,
} from '../stage.ts'
import { breakSession, giveAllUp, inbound } from './stage.ts'

const events = (stage: ExchangeStage, event: string) => stage.logs.filter((line) => line.event === event)
const menu = /^What would you like/

/** A seal as it would be of a key that is not there: the first byte names it. */
const ofMissingKey = (sealed: Buffer | null) =>
  Buffer.concat([Buffer.of(7), sealed?.subarray(1) ?? Buffer.alloc(0)])

/** Changes one byte of her snapshot, counted from its front. */
const flip = (stage: ExchangeStage, member: number, at: number) =>
  sql`update contacts set snapshot = set_byte(snapshot, ${at}, get_byte(snapshot, ${at}) # 90)
    where member_id = ${member}`.execute(stage.db)

test('a damaged snapshot begins a new session at once; no digit is taken for another question', async () => {
  const { stage, web } = await stageOfTest({ REDIS_URL: '' })
  const [amina, bela] = [newPhone(), newPhone()]
  const member = await join(web, amina)
  await join(web, bela)
  await talk(web, amina, ['ON 1'])
  await flip(stage, member, 20)
  // The process that sealed it remembers it: another must read what is kept.
  const second = await stage.open({ REDIS_URL: '' })
  const [said, other] = await Promise.all([second.say(amina, '1'), second.say(bela, 'MENU')])
  expect(said.text).toMatch(/^Sorry, we did not understand\. What would you like/)
  expect(other.text).toMatch(menu)
  expect(await stage.db.selectFrom('consent_events').selectAll().execute()).toEqual([])
  expect((await second.say(amina, '4')).text).toContain(`${member}`)
  expect(events(stage, 'session_unreadable')).toHaveLength(1)
  expect(events(stage, 'message_put_aside')).toEqual([])
})

test('a command is obeyed over a damaged snapshot, and an old button stays old', async () => {
  const { stage, web } = await stageOfTest({ REDIS_URL: '' })
  const phone = `whatsapp:${newPhone()}`
  const member = await join(web, phone)
  await talk(web, phone, ['REPORT', '8', '1900'])
  await flip(stage, member, 30)
  const second = await stage.open({ REDIS_URL: '' })
  expect((await second.say(phone, 'ON 1')).text).toMatch(/Share/)
  for (let serial = 1; serial <= 4; serial++) {
    const pressed = await second.say(phone, 'Share', { ButtonPayload: `q${serial}.1` })
    expect(pressed.text).toMatch(/earlier question/)
  }
  expect(await stage.db.selectFrom('consent_events').selectAll().execute()).toEqual([])
})

test('tried five times with longer and longer waits, then given up with one apology', async () => {
  const { stage, web } = await stageOfTest({ REDIS_URL: '' })
  await standClock(stage.db, await now(stage.db))
  const [amina, bela] = [newPhone(), newPhone()]
  const member = await join(web, amina)
  await join(web, bela)
  await moveClock(stage.db, 60)
  await breakSession(stage, member)
  const form = formOf(amina, '8')
  const [said, other] = await Promise.all([web.post(form), web.say(bela, 'MENU')])
  expect(said).toMatchObject({ status: 200, twiml: emptyTwiml })
  expect(other.text).toMatch(menu)
  const repeat = async () => (await web.post(form)).twiml
  for (const [tries, wait] of [0, 5, 20, 60, 300].entries()) {
    if (wait > 0) {
      await moveClock(stage.db, wait - 1)
      expect(await retryDue(web.counter, 20), `before ${wait} s`).toBe(0)
      await moveClock(stage.db, 1)
    }
    expect(await repeat()).toBe(emptyTwiml)
    expect(await inbound(stage, said.sid)).toMatchObject({ state: 'received', tries })
    expect(await stage.posted()).toEqual([])
    expect(await retryDue(web.counter, 20)).toBe(1)
  }
  expect(await inbound(stage, said.sid)).toMatchObject({ state: 'given_up', body: null, next_try_at: null })
  await moveClock(stage.db, 3600)
  expect(await retryDue(web.counter, 20)).toBe(0)
  expect(await repeat()).toBe(emptyTwiml)
  const posted = await stage.posted()
  expect(posted).toMatchObject([
    { class: 'answer', text: expect.stringMatching(/^Sorry, something went/), inboundSid: said.sid },
  ])
  expect(events(stage, 'message_failed')).toHaveLength(5)
  expect((await web.say(amina, '0')).text).toMatch(menu)
  expect((await web.say(amina, '4')).text).toContain(`${member}`)
})

test('put aside for a trouble that passes, it is answered through the outbox, once', async () => {
  const { stage, web } = await stageOfTest()
  const phone = newPhone()
  await join(web, phone)
  const form = formOf(phone, 'SHIFT 8 1900 300')
  const heal = await poison(stage, form.MessageSid ?? '')
  expect((await web.post(form)).twiml).toBe(emptyTwiml)
  await heal()
  expect(await retryDue(web.counter, 20)).toBe(1)
  expect((await web.post(form)).twiml).toBe(emptyTwiml)
  await moveClock(stage.db, 600)
  expect(await retryDue(web.counter, 20)).toBe(0)
  expect(await stage.posted()).toMatchObject([
    { class: 'answer', text: expect.stringMatching(/^Saved: /), inboundSid: form.MessageSid },
  ])
  expect(await inbound(stage, form.MessageSid ?? '')).toMatchObject({ state: 'handled', body: null })
  expect(await stage.db.selectFrom('reports').select('version').execute()).toEqual([{ version: 1 }])
})

test('a STOP that was put aside is confirmed all the same', async () => {
  const { stage, web } = await stageOfTest()
  const phone = newPhone()
  await join(web, phone)
  const form = formOf(phone, 'please stop texting me')
  const heal = await poison(stage, form.MessageSid ?? '')
  await web.post(form)
  await heal()
  await retryDue(web.counter, 20)
  await enrolSenders(stage.db, stage.charter)
  await claim(stage.db, `sms:${bySms}`, { ...stage.charter.quiet, timezone: 'Asia/Kolkata' }, 9)
  expect(await stage.posted()).toMatchObject([{ class: 'answer', state: 'sending' }])
})

test('a stranger whose first message is given up hears the apology too', async () => {
  const { stage, web } = await stageOfTest()
  const form = formOf(newPhone(), 'hello')
  await poison(stage, form.MessageSid ?? '')
  expect((await web.post(form)).twiml).toBe(emptyTwiml)
  await giveAllUp(stage, web)
  expect(await stage.posted()).toMatchObject([{ text: expect.stringMatching(/^Sorry, something/) }])
  expect((await web.say(form.From ?? '', 'hello')).text).toMatch(/Your language/)
})

test('one that cannot be read any more ends, and stands in nobody else’s way', async () => {
  const { stage, web } = await stageOfTest()
  const forms = [formOf(newPhone(), 'hello'), formOf(newPhone(), 'hello')]
  const heals = []
  for (const form of forms) heals.push(await poison(stage, form.MessageSid ?? ''))
  for (const form of forms) await web.post(form)
  for (const heal of heals) await heal()
  const [damaged, whole] = forms.map((form) => form.MessageSid ?? '')
  await sql`update inbound set body = set_byte(body, 30, get_byte(body, 30) # 1) where sid = ${damaged}`.execute(
    stage.db,
  )
  expect(await retryDue(web.counter, 20)).toBe(2)
  expect(await inbound(stage, whole ?? '')).toMatchObject({ state: 'handled' })
  await giveAllUp(stage, web)
  expect(await inbound(stage, damaged ?? '')).toMatchObject({ state: 'given_up', body: null })
  expect(events(stage, 'message_given_up')).toMatchObject([{ sid: damaged, told: false }])
  expect(await stage.posted()).toHaveLength(1)
})

test('who is locked elsewhere is put aside in time and answered later, exactly once', async () => {
  const { stage, web } = await stageOfTest({ COOPLINE_STEP_MS: '400' })
  const phone = newPhone()
  await join(web, phone)
  const form = formOf(phone, 'SHIFT 8 1900 300')
  await holdMember(stage, { phone }, async () => {
    const since = performance.now()
    expect((await web.post(form)).twiml).toBe(emptyTwiml)
    expect(performance.now() - since).toBeLessThan(1_500)
    expect((await web.post(form)).twiml).toBe(emptyTwiml)
    expect(await retryDue(web.counter, 20)).toBe(1)
  })
  expect(await inbound(stage, form.MessageSid ?? '')).toMatchObject({ state: 'received', tries: 1 })
  await moveClock(stage.db, 5)
  const both = await Promise.all([retryDue(web.counter, 20), retryDue(web.counter, 20)])
  expect(both.toSorted()).toEqual([0, 1])
  expect((await web.post(form)).twiml).toBe(emptyTwiml)
  expect(await stage.posted()).toMatchObject([{ text: expect.stringMatching(/^Saved: /) }])
  expect(await stage.db.selectFrom('reports').select('version').execute()).toEqual([{ version: 1 }])
})

test('nor does it wait for ever where the clock of the machine is set back meanwhile', async () => {
  const { stage, web } = await stageOfTest({ COOPLINE_STEP_MS: '400' })
  const phone = newPhone()
  await join(web, phone)
  await holdMember(stage, { phone }, async () => {
    const said = web.say(phone, 'MENU')
    await sleep(100)
    setClockBack()
    expect(await Promise.race([said, sleep(3_000)])).toMatchObject({ twiml: emptyTwiml })
  })
})

test('a session sealed with a key that this process lacks waits for one that has it', async () => {
  const { stage, web } = await stageOfTest({ REDIS_URL: '' })
  const phone = newPhone()
  const member = await join(web, phone)
  await talk(web, phone, ['REPORT'])
  const { snapshot } = await stage.db
    .selectFrom('contacts')
    .select('snapshot')
    .where('member_id', '=', member)
    .executeTakeFirstOrThrow()
  const set = (bytes: Buffer | null) =>
    stage.db.updateTable('contacts').set({ snapshot: bytes }).where('member_id', '=', member).execute()
  await set(ofMissingKey(snapshot))
  const second = await stage.open({ REDIS_URL: '' })
  const { twiml, sid } = await second.say(phone, '8')
  expect(twiml).toBe(emptyTwiml)
  await giveAllUp(stage, second)
  expect(await inbound(stage, sid)).toMatchObject({ state: 'received', tries: 0 })
  expect(events(stage, 'key_missing').length).toBeGreaterThan(0)
  await set(snapshot)
  await moveClock(stage.db, 60)
  expect(await retryDue(second.counter, 20)).toBe(1)
  expect(await stage.posted()).toMatchObject([{ text: expect.stringMatching(/^All fares/) }])
})

test('a message sealed with a key that the worker lacks waits for that key, however long', async () => {
  const { stage, web } = await stageOfTest({ REDIS_URL: '' })
  const phone = newPhone()
  await join(web, phone)
  const form = formOf(phone, 'MENU')
  const sid = form.MessageSid ?? ''
  const heal = await poison(stage, sid)
  await web.post(form)
  await heal()
  const set = (bytes: Buffer | null) =>
    stage.db.updateTable('inbound').set({ body: bytes }).where('sid', '=', sid).execute()
  const { body } = await inbound(stage, sid)
  await set(ofMissingKey(body))
  await giveAllUp(stage, web)
  expect(await inbound(stage, sid)).toMatchObject({ state: 'received', tries: 0 })
  await set(body)
  await moveClock(stage.db, 60)
  expect(await retryDue(web.counter, 20)).toBe(1)
  expect(await stage.posted()).toMatchObject([{ text: expect.stringMatching(menu) }])
})
