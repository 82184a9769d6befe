// What one person writes is answered in the order in which she wrote it, also where a part of it was put aside.
import { expect, test } from 'vitest'
import { wakeDue } from '../../../src/exchange/worker/wake.ts'
import { moveClock } from '../../../src/store/clock.ts'
import { emptyTwiml } from '../../../src/twilio/twiml.ts'
import { holdMember } from '../../faults/hold.ts'
import { formOf, join, many, newId, newPhone, poison, stageOfTest, talk } from '../stage.ts'
import { breakSession, giveAllUp, inbound, retryAll } from './stage.ts'

const menu = /^What would you like/

test('what she writes meanwhile goes behind it; once it is given up the others go on, in their order', async () => {
  const { stage, web } = await stageOfTest({ REDIS_URL: '' })
  const phone = newPhone()
  const member = await join(web, phone)
  await breakSession(stage, member)
  const aside = await web.say(phone, '8')
  await poison(stage, aside.sid)
  const behind = [await web.say(phone, 'REPORT'), await web.say(phone, '8')]
  expect(behind.map(({ twiml }) => twiml)).toEqual([emptyTwiml, emptyTwiml])
  expect(await Promise.all(behind.map(({ sid }) => inbound(stage, sid)))).toMatchObject([
    { tries: 0 },
    { tries: 0 },
  ])
  await giveAllUp(stage, web)
  expect(await inbound(stage, aside.sid)).toMatchObject({ state: 'given_up', person_index: null })
  expect(await retryAll(web)).toBe(2)
  expect((await stage.posted()).map(({ inboundSid }) => inboundSid)).toEqual([
    aside.sid,
    ...behind.map(({ sid }) => sid),
  ])
  expect((await web.say(phone, '8')).text).toMatch(/^All fares/)
})

test('a newer report is never overtaken by an older one that lay aside', async () => {
  const { stage, web } = await stageOfTest()
  const [phone, other] = [newPhone(), newPhone()]
  const member = await join(web, phone)
  await join(web, other)
  const older = formOf(phone, 'SHIFT 8 1900 300')
  const heal = await poison(stage, older.MessageSid ?? '')
  await web.post(older)
  await heal()
  const [newer, hers] = await Promise.all([web.say(phone, 'SHIFT 9 2000 300'), web.say(other, 'SHIFT 8 1900 300')])
  expect(newer.twiml).toBe(emptyTwiml)
  expect(hers.text).toMatch(/^Saved: /)
  expect(await retryAll(web)).toBe(2)
  const reports = stage.db.selectFrom('reports').select(['version', 'values']).where('member_id', '=', member)
  expect(await reports.orderBy('version').execute()).toMatchObject([
    { version: 1, values: { gross: 190_000 } },
    { version: 2, values: { gross: 200_000 } },
  ])
  expect((await web.say(phone, 'MENU')).text).toMatch(menu)
})

test('nor by one that came under her other name', async () => {
  const { stage, web } = await stageOfTest()
  const [phone, id] = [`whatsapp:${newPhone()}`, newId()]
  const member = await join(web, phone, { ExternalUserId: id.slice('whatsapp:'.length) })
  const older = formOf(id, 'SHIFT 8 1900 300')
  const heal = await poison(stage, older.MessageSid ?? '')
  await web.post(older)
  await heal()
  expect((await web.say(phone, 'SHIFT 9 2000 300')).twiml).toBe(emptyTwiml)
  expect(await retryAll(web)).toBe(2)
  const reports = stage.db.selectFrom('reports').select('values').where('member_id', '=', member)
  expect(await reports.orderBy('version').execute()).toMatchObject([
    { values: { gross: 190_000 } },
    { values: { gross: 200_000 } },
  ])
})

test('nor by the one that shows that both names are hers', async () => {
  const { stage, web } = await stageOfTest()
  const [phone, id] = [newPhone(), newId()]
  const member = await join(web, id)
  const older = formOf(id, 'SHIFT 8 1900 300')
  const heal = await poison(stage, older.MessageSid ?? '')
  await web.post(older)
  await heal()
  expect((await web.say(id, 'SHIFT 9 2000 300', { WaId: phone.slice(1) })).twiml).toBe(emptyTwiml)
  expect(await retryAll(web)).toBe(2)
  const reports = stage.db.selectFrom('reports').select('values').where('member_id', '=', member)
  expect(await reports.orderBy('version').execute()).toMatchObject([
    { values: { gross: 190_000 } },
    { values: { gross: 200_000 } },
  ])
})

test('a stranger of whom nothing is kept stands in line too', async () => {
  const { stage, web } = await stageOfTest()
  const form = formOf(newPhone(), 'hello')
  const heal = await poison(stage, form.MessageSid ?? '')
  await web.post(form)
  await heal()
  expect((await web.say(form.From ?? '', '1')).twiml).toBe(emptyTwiml)
  expect(await retryAll(web)).toBe(2)
  expect(await stage.posted()).toMatchObject([
    { text: expect.stringMatching(/Your language/) },
    { text: expect.stringMatching(/Your language/) },
  ])
})

test('a yes that she wrote before the notice reached her counts for nothing: it is put to her once more', async () => {
  const { stage, web } = await stageOfTest({ REDIS_URL: '', COOPLINE_STEP_MS: '150' })
  const phone = newPhone()
  await join(web, phone)
  await holdMember(stage, { phone }, () => talk(web, phone, ['ON 1', '1']))
  expect(await retryAll(web)).toBe(2)
  const given = () => stage.db.selectFrom('consent_events').select('action').execute()
  expect(await given()).toEqual([])
  expect((await stage.posted()).map(({ text }) => text)).toEqual(
    Array(2).fill(expect.stringMatching(/1 Share 2 No$/)),
  )
  await web.say(phone, '1')
  expect(await given()).toEqual([{ action: 'given' }])
})

test('several that are put aside at once are answered in the order of their arrival', async () => {
  const { stage, web } = await stageOfTest({ COOPLINE_STEP_MS: '600' })
  const phone = newPhone()
  await join(web, phone)
  const forms = many(8, (at) => formOf(phone, at % 2 === 0 ? 'MY' : 'MENU'))
  await holdMember(stage, { phone }, async () => {
    const said = []
    for (const form of forms) {
      said.push(web.post(form))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect((await Promise.all(said)).map(({ twiml }) => twiml)).toEqual(forms.map(() => emptyTwiml))
  })
  expect(await retryAll(web)).toBe(8)
  expect((await stage.posted()).map(({ inboundSid }) => inboundSid)).toEqual(
    forms.map(({ MessageSid }) => MessageSid),
  )
})

test('the clock ends no question while her answer to it may lie aside', async () => {
  const { stage, web } = await stageOfTest()
  const phone = newPhone()
  const member = await join(web, phone)
  await web.say(phone, 'REPORT')
  const row = () =>
    stage.db.selectFrom('contacts').select('version').where('member_id', '=', member).executeTakeFirstOrThrow()
  const { version } = await row()
  const answer = formOf(phone, '8')
  const heal = await poison(stage, answer.MessageSid ?? '')
  await web.post(answer)
  await moveClock(stage.db, 61 * 60)
  expect(await wakeDue(web.counter, 20)).toBe(1)
  expect(await row()).toEqual({ version })
  expect(await stage.posted()).toEqual([])
  await heal()
  await retryAll(web)
  await moveClock(stage.db, 61)
  await wakeDue(web.counter, 20)
  expect(await stage.posted()).toMatchObject([{ text: expect.stringMatching(/^All fares/) }])
})
