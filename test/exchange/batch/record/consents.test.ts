// The ledger of consent: one chain for each member, with the words that she read, and nothing in it is ever changed.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { noticeHash } from '../../../../src/coop/charter/notice.ts'
import { rereadCharter } from '../../../../src/coop/charter/read.ts'
import { verifyChain } from '../../../../src/coop/consents/ledger.ts'
import { readLedger, verifyLedger } from '../../../../src/coop/consents/queries.ts'
import { fileOf } from '../../../coop/charter/example.ts'
import { join, newPhone, talk, twoWebs } from '../../stage.ts'

const { stage, web, other } = await twoWebs()

test('is one unbroken chain for each member over many batches, channels and processes', async () => {
  const phones = Array.from({ length: 12 }, newPhone)
  const ids = await Promise.all(phones.map((phone) => join(web, phone)))
  for (let round = 0; round < 3; round++) {
    await Promise.all(
      phones.map(async (phone, at) => {
        const [by, from] = [(at + round) % 2 ? web : other, (at + round) % 3 ? phone : `whatsapp:${phone}`]
        for (let purpose = 1; purpose <= 3; purpose++) {
          await talk(by, from, [`ON ${purpose}`, purpose === 3 && round === 0 ? '2' : '1'])
          if (round < 2) await by.say(from, `OFF ${purpose}`)
        }
      }),
    )
  }
  expect(await verifyLedger(stage.db, 'drivers')).toMatchObject({ broken: [] })
  for (const id of ids) {
    const events = await readLedger(stage.db, id)
    expect(events.map(({ n }) => n)).toEqual(events.map((_, at) => at + 1))
    expect(events.map(({ action }) => action)).toEqual([
      ...['given', 'withdrawn', 'given', 'withdrawn', 'refused'],
      ...['given', 'withdrawn', 'given', 'withdrawn', 'given', 'withdrawn'],
      ...['given', 'given', 'given'],
    ])
    expect(new Set(events.map(({ receipt }) => receipt)).size).toBe(events.length)
    expect(verifyChain(events.toSpliced(4, 1)).broken).toBe(6)
  }
})

test('names the message, the channel and the words that she said yes to', async () => {
  const phone = newPhone()
  const id = await join(web, phone)
  await web.say(`whatsapp:${phone}`, 'ON 2')
  const { sid, text } = await web.say(`whatsapp:${phone}`, '1')
  const [event] = await readLedger(stage.db, id)
  expect(event).toMatchObject({
    ...{ purpose: 'city-study', action: 'given', channel: 'whatsapp', language: 'en' },
    ...{ message_id: sid, notice_version: 2, notice_hash: expect.any(Buffer) },
  })
  expect(text).toContain(event?.receipt)
})

test('a yes is kept under the words of the language that each read, also of two at once', async () => {
  const [english, hindi] = [newPhone(), newPhone()]
  const ids = [await join(web, english)]
  const { text: welcome } = await talk(web, hindi, ['hello', '2', '1'])
  ids.push(Number(/नंबर (\d+)/.exec(welcome)?.[1]))
  for (const said of ['ON 2', '1']) await Promise.all([web.say(english, said), web.say(hindi, said)])
  const purpose = rereadCharter(fileOf('drivers'), 1).purposes.find(({ id }) => id === 'city-study')
  if (!purpose) throw new Error('the drivers have the study')
  const kept = await Promise.all(ids.map((id) => readLedger(stage.db, id)))
  expect(kept.map(([event]) => event?.notice_hash.toString('hex'))).toEqual([
    noticeHash(purpose, 'en'),
    noticeHash(purpose, 'hi'),
  ])
})

test.each([
  'update consent_events set language = language',
  'delete from consent_events',
  'truncate consent_events',
])('what stands in it stays: %s is refused', async (statement) => {
  const phone = newPhone()
  const id = await join(web, phone)
  await talk(web, phone, ['ON 1', '1'])
  const before = await readLedger(stage.db, id)
  await expect(sql.raw(statement).execute(stage.db)).rejects.toThrow('the consent ledger is append-only')
  expect(await readLedger(stage.db, id)).toEqual(before)
})
