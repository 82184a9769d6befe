// What a message establishes is in the tables once it is answered: each fact with its one row, under the right person.
import { describe, expect, test } from 'vitest'
import { readLedger } from '../../../../src/coop/consents/queries.ts'
import { readAddress } from '../../../../src/coop/members/address.ts'
import { addressIndex } from '../../../../src/coop/members/contact_keys.ts'
import { moveClock, standClock } from '../../../../src/store/clock.ts'
import { emptyTwiml } from '../../../../src/twilio/twiml.ts'
import { exchangeStage, type Form, join, newPhone, talk, twoWebs } from '../../stage.ts'

const { stage, web, other } = await twoWebs()

const contact = (from: string, at = stage) => {
  const address = readAddress(from.startsWith('whatsapp:') ? from : `sms:${from}`)
  if (!address) throw new Error('no address')
  return at.db
    .selectFrom('contacts')
    .selectAll()
    .where('address_index', '=', addressIndex(at.keys, 'drivers', address))
    .executeTakeFirst()
}
const member = (id: number, at = stage) =>
  at.db.selectFrom('members').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const silenced = async (id: number, at = stage) => (await member(id, at)).suppressed_at !== null
const blocked = async (from: string, at = stage) => (await contact(from, at))?.blocked_at != null

describe('no more messages', () => {
  const byCarrier: Form = { OptOutType: 'STOP' }

  test.each([{}, byCarrier])('STOP where the carrier answers: her wish, its block, and silence', async (more) => {
    const phone = newPhone()
    const id = await join(web, phone)
    expect((await web.say(phone, 'STOP', more)).twiml).toBe(emptyTwiml)
    expect([await silenced(id), await blocked(phone)]).toEqual([true, true])
    const first = (await member(id)).suppressed_at
    expect((await web.say(phone, 'Stop', more)).twiml).toBe(emptyTwiml)
    // What she was answered in between is not sent any more either.
    expect((await member(id)).suppressed_at?.getTime()).toBeGreaterThan(first?.getTime() ?? 0)
    expect((await web.say(phone, 'UNSTOP')).twiml).toBe(emptyTwiml)
    expect([await silenced(id), await blocked(phone)]).toEqual([false, false])
  })

  test('a sentence where the carrier answers words: we answer, and it has blocked nothing', async () => {
    const phone = newPhone()
    const id = await join(web, phone)
    expect((await web.say(phone, 'please stop texting me')).text).toMatch(/sends you nothing more/)
    expect([await silenced(id), await blocked(phone)]).toEqual([true, false])
  })

  test('STOP by WhatsApp, where nobody answers for us', async () => {
    const phone = `whatsapp:${newPhone()}`
    const id = await join(web, phone)
    expect((await web.say(phone, 'STOP')).text).toMatch(/sends you nothing more/)
    expect([await silenced(id), await blocked(phone)]).toEqual([true, false])
    expect((await web.say(phone, 'START')).text).toMatch(/are on again\.$/)
    expect(await silenced(id)).toBe(false)
  })

  test('START by WhatsApp does not lift what the carrier blocks by SMS, and says so', async () => {
    const phone = newPhone()
    const id = await join(web, phone)
    await web.say(`whatsapp:${phone}`, 'MENU')
    await web.say(phone, 'STOP')
    expect((await web.say(`whatsapp:${phone}`, 'START')).text).toMatch(/For SMS too, text START by SMS/)
    expect([await silenced(id), await blocked(phone)]).toEqual([false, true])
    await web.say(phone, 'START')
    expect(await blocked(phone)).toBe(false)
  })

  test('a stranger who begins with STOP is known to be blocked, and lifts it with any of its words', async () => {
    const phone = newPhone()
    expect((await web.say(phone, 'STOP')).twiml).toBe(emptyTwiml)
    expect(await blocked(phone)).toBe(true)
    expect((await web.say(phone, 'YES')).twiml).toBe(emptyTwiml)
    expect(await blocked(phone)).toBe(false)
    await join(web, phone)
  })

  test('a sender whose carrier answers nothing: we do, and nothing is blocked', async () => {
    const plain = await exchangeStage((source) =>
      source.replace('rate: 10, carrier_answers: true', 'rate: 10, carrier_answers: false'),
    )
    try {
      const its = await plain.open()
      const phone = newPhone()
      const id = await join(its, phone)
      expect((await its.say(phone, 'STOP')).text).toMatch(/sends you nothing more/)
      expect([await silenced(id, plain), await blocked(phone, plain)]).toEqual([true, false])
      expect((await its.say(phone, 'START')).text).toMatch(/are on again/)
      expect(await silenced(id, plain)).toBe(false)
      // The co-op switched the carrier's own answers on and did not tell its charter.
      expect((await its.say(phone, 'STOP', byCarrier)).twiml).toBe(emptyTwiml)
      expect([await silenced(id, plain), await blocked(phone, plain)]).toEqual([true, true])
      expect((await its.say(phone, 'START', { OptOutType: 'START' })).twiml).toBe(emptyTwiml)
      expect([await silenced(id, plain), await blocked(phone, plain)]).toEqual([false, false])
    } finally {
      await plain.end()
    }
  })

  test('neither her membership nor her consents change by it', async () => {
    const phone = newPhone()
    const id = await join(web, phone)
    await talk(web, phone, ['ON 1', '1', 'STOP'])
    expect((await member(id)).state).toBe('active')
    expect((await readLedger(stage.db, id)).map(({ action }) => action)).toEqual(['given'])
  })
})

describe('membership', () => {
  test('who leaves and joins again keeps her number, her consents and both dates', async () => {
    const phone = newPhone()
    const id = await join(web, phone)
    const joined = (await member(id)).joined_at
    await talk(web, phone, ['ON 1', '1', 'LEAVE', '1'])
    expect(await member(id)).toMatchObject({ state: 'left', left_at: expect.any(Date) })
    await moveClock(stage.db, 60)
    expect((await talk(web, phone, ['JOIN', '1'])).text).toContain(`member ${id} of`)
    const again = await member(id)
    expect(again).toMatchObject({ state: 'active', left_at: null })
    expect(again.joined_at?.getTime()).toBeGreaterThan(joined?.getTime() ?? 0)
    expect(await readLedger(stage.db, id)).toHaveLength(1)
  })

  test('a language chosen before joining is the member’s, on every address', async () => {
    const phone = newPhone()
    expect((await talk(web, phone, ['hello', '2'])).text).toMatch(/सारथी/)
    await web.say(phone, '1')
    const id = (await contact(phone))?.member_id ?? 0
    expect((await member(id)).language).toBe('hi')
    expect((await web.say(`whatsapp:${phone}`, 'JOIN')).text).toMatch(/[\u0900-\u097f]/)
    await talk(web, `whatsapp:${phone}`, ['EN'])
  })

  test('joining makes her other address hers too', async () => {
    const phone = newPhone()
    await web.say(`whatsapp:${phone}`, 'hello')
    expect((await contact(`whatsapp:${phone}`))?.member_id).toBeNull()
    const id = await join(web, phone)
    expect((await contact(`whatsapp:${phone}`))?.member_id).toBe(id)
  })
})

// Two hours later it is still the same day there.
const noonTomorrow = () => new Date((Math.floor(Date.now() / 86_400_000) + 1) * 86_400_000 + 6.5 * 3_600_000)

describe('reports', () => {
  const versions = (id: number) =>
    stage.db
      .selectFrom('reports')
      .select(['version', 'values', 'message_id'])
      .where('member_id', '=', id)
      .orderBy('version')
      .execute()

  test('a correction is another version, and UNDO brings the earlier one back', async () => {
    const phone = newPhone()
    const id = await join(web, phone)
    const first = await web.say(phone, 'SHIFT 8 1900 300')
    expect((await web.say(phone, 'SHIFT 8 1900 300')).text).toMatch(/Nothing has changed/)
    const second = await other.say(phone, 'SHIFT 9 2000 300')
    expect((await versions(id)).map((row) => [row.version, row.message_id])).toEqual([
      [1, first.sid],
      [2, second.sid],
    ])
    expect((await web.say(phone, 'UNDO')).text).toMatch(/earlier report stands again/)
    expect((await web.say(phone, 'SHIFT 8 1900 300')).text).toMatch(/Nothing has changed/)
    expect((await web.say(phone, 'SHIFT 7 1000 300')).text).toMatch(/^Corrected/)
    expect((await versions(id)).map(({ version }) => version)).toEqual([1, 2])
    await talk(web, phone, ['UNDO'])
    expect((await web.say(phone, 'UNDO')).text).toMatch(
      /^Report taken back: \w{3} \d{1,2} \w{3}\. Nothing of it was shared/,
    )
    expect(await versions(id)).toEqual([])
    expect((await web.say(phone, 'UNDO')).text).toMatch(/nothing to take back/)
  })

  test('what has joined the pool stays; a later correction of it can be taken back', async () => {
    const phone = newPhone()
    const id = await join(web, phone)
    await standClock(stage.db, noonTomorrow())
    await web.say(phone, 'SHIFT 8 1900 300')
    await moveClock(stage.db, 2 * 3600 + 60)
    expect((await web.say(phone, 'UNDO')).text).toMatch(/nothing to take back/)
    expect((await web.say(phone, 'SHIFT 9 2000 300')).text).toMatch(/^Corrected/)
    expect((await web.say(phone, 'UNDO')).text).toMatch(/earlier report stands again/)
    expect((await web.say(phone, 'UNDO')).text).toMatch(/nothing to take back/)
    expect((await versions(id)).map(({ version }) => version)).toEqual([1])
  })
})
