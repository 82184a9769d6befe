// One WhatsApp person under two names, her number and an id without one: once a webhook has shown both she is one
// contact, with one session and one membership, under whichever name she writes.
import { expect, test } from 'vitest'
import { readAddress } from '../../../src/coop/members/address.ts'
import { addressIndex, personIndex } from '../../../src/coop/members/contact_keys.ts'
import { eraseMember } from '../../../src/coop/members/erase_queries.ts'
import { mergeMembers } from '../../../src/coop/members/merge_queries.ts'
import { lockNow, personKey } from '../../../src/store/locks.ts'
import { type Form, join, many, newId, newPhone, twoWebs } from '../stage.ts'

const { stage, web, other } = await twoWebs()

const both = (id: string): Form => ({ ExternalUserId: id.slice('whatsapp:'.length) })
const shown = (phone: string): Form => ({ WaId: phone.slice(1) })
const indexOf = (address: string) => {
  const read = readAddress(address)
  if (!read) throw new Error(`${address} is no address`)
  return addressIndex(stage.keys, 'drivers', read)
}
const contact = (address: string) =>
  stage.db.selectFrom('contacts').selectAll().where('address_index', '=', indexOf(address)).executeTakeFirst()
const memberOf = async (address: string) => (await contact(address))?.member_id
const asked = /^Hours worked/

test('shown together, then under the id alone: the same session and the same member', async () => {
  const [phone, id] = [newPhone(), newId()]
  const member = await join(web, `whatsapp:${phone}`, both(id))
  expect((await web.say(id, 'REPORT')).text).toMatch(asked)
  expect((await web.say(`whatsapp:${phone}`, '8')).text).toMatch(/^All fares/)
  expect((await other.say(id, 'MY')).text).toContain(String(member))
  expect((await contact(id))?.same_as).toBe((await contact(`whatsapp:${phone}`))?.id)
})

test('who joined under the id alone is the same member by her number, on both channels', async () => {
  const [phone, id] = [newPhone(), newId()]
  const member = await join(web, id)
  expect((await web.say(`whatsapp:${phone}`, 'JOIN', both(id))).text).toContain(`number ${member}`)
  expect((await other.say(phone, 'JOIN')).text).toContain(`number ${member}`)
})

test('the question that was open under the id is still open when her number shows', async () => {
  const [phone, id] = [newPhone(), newId()]
  await join(web, id)
  await web.say(id, 'REPORT')
  expect((await web.say(id, '8', shown(phone))).text).toMatch(/^All fares/)
  expect((await other.say(`whatsapp:${phone}`, '1900')).text).toMatch(/^Fuel/)
  const [number, alias] = [await contact(`whatsapp:${phone}`), await contact(id)]
  expect(number?.wake_at).not.toBeNull()
  expect(alias).toMatchObject({ wake_at: null, asking_until: null })
})

test('her number alone, known by SMS: the id becomes a name of that member', async () => {
  const [phone, id] = [newPhone(), newId()]
  const member = await join(web, phone)
  expect((await web.say(id, 'JOIN', shown(phone))).text).toContain(`number ${member}`)
  expect((await web.say(id, 'JOIN')).text).toContain(`number ${member}`)
})

test.each(['sms', 'whatsapp'])('two members, one of them by %s, are left to the organiser', async (channel) => {
  const [phone, id] = [newPhone(), newId()]
  const byNumber = await join(web, channel === 'sms' ? phone : `whatsapp:${phone}`)
  const byId = await join(web, id)
  expect((await web.say(`whatsapp:${phone}`, 'JOIN', both(id))).text).toContain(`number ${byNumber}`)
  expect((await web.say(id, 'JOIN', shown(phone))).text).toContain(`number ${byId}`)
  expect((await web.say(id, 'JOIN')).text).toContain(`number ${byId}`)
  expect((await contact(id))?.same_as).toBeNull()
  expect(stage.logs.filter((line) => line.event === 'two_members_one_person')).toContainEqual(
    expect.objectContaining({ coop: 'drivers', members: [byNumber, byId] }),
  )
})

test('erased and come back by both names, then under the id alone: still one member', async () => {
  const [phone, id] = [newPhone(), newId()]
  const gone = await join(web, `whatsapp:${phone}`, both(id))
  await eraseMember(stage.db, stage.keys, 'drivers', gone)
  const member = await join(web, `whatsapp:${phone}`, both(id))
  expect(member).not.toBe(gone)
  expect((await web.say(id, 'JOIN')).text).toContain(`number ${member}`)
  expect((await contact(id))?.same_as).toBe((await contact(`whatsapp:${phone}`))?.id)
})

test('once the organiser has merged them, the next webhook that shows both links them', async () => {
  const [phone, id] = [newPhone(), newId()]
  const keep = await join(web, `whatsapp:${phone}`)
  const gone = await join(web, id)
  await web.say(id, 'MENU', shown(phone))
  await mergeMembers(stage.db, 'drivers', keep, gone)
  expect((await web.say(id, 'JOIN', shown(phone))).text).toContain(`number ${keep}`)
  expect((await contact(id))?.same_as).toBe((await contact(`whatsapp:${phone}`))?.id)
})

test('two addresses of one merged member in one batch are handled one after the other', async () => {
  const [one, two] = [newPhone(), newPhone()]
  const [keep, gone] = [await join(web, one), await join(web, two)]
  await mergeMembers(stage.db, 'drivers', keep, gone)
  const said = await Promise.all([web.say(one, 'SHIFT 8 1900 300'), web.say(two, 'SHIFT 9 2000 300')])
  expect(said.map(({ text }) => text.slice(0, 5)).toSorted()).toEqual(['Corre', 'Saved'])
})

test('two processes that are shown the same pair at once agree', async () => {
  for (let round = 0; round < 10; round++) {
    const [phone, id] = [newPhone(), newId()]
    const said = await Promise.all([
      web.say(`whatsapp:${phone}`, 'hello', both(id)),
      other.say(id, 'hello', shown(phone)),
      web.say(id, 'hello', shown(phone)),
    ])
    expect(said.map(({ status, text }) => `${status} ${text.slice(0, 4)}`)).not.toContain('200 ')
    const number = await contact(`whatsapp:${phone}`)
    expect(number?.version).toBe(3)
    expect(await contact(id)).toMatchObject({ same_as: number?.id, version: 0 })
  }
})

test('a pair that cannot be linked now is answered all the same, and linked by the next message', async () => {
  const [phone, id] = [newPhone(), newId()]
  const member = await join(web, phone)
  const address = readAddress(id)
  if (!address) throw new Error('no address')
  let said = ''
  await stage.db.transaction().execute(async (trx) => {
    await lockNow(trx, [personKey(personIndex(stage.keys, 'drivers', address))])
    said = (await web.say(id, 'JOIN', shown(phone))).text
  })
  expect(said).toContain(`number ${member}`)
  expect(await contact(id)).toBeUndefined()
  await web.say(id, 'MENU', shown(phone))
  expect(await memberOf(id)).toBeDefined()
  expect((await web.say(id, 'JOIN')).text).toContain(`number ${member}`)
})

test('a pair for which no connection is free is answered in time, and linked by the next message', async () => {
  const [phone, id] = [newPhone(), newId()]
  const member = await join(web, `whatsapp:${phone}`)
  const held = await Promise.all(many(3, () => web.parts.pool.connect()))
  const { text } = await web.say(`whatsapp:${phone}`, 'JOIN', both(id))
  for (const connection of held) connection.release()
  expect(text).toContain(`number ${member}`)
  await web.say(`whatsapp:${phone}`, 'MENU', both(id))
  expect((await web.say(id, 'JOIN')).text).toContain(`number ${member}`)
})

test('an id that is shown with a second number goes with the newer one', async () => {
  const [phone, later, id] = [newPhone(), newPhone(), newId()]
  await web.say(id, 'hello', shown(phone))
  await web.say(id, 'hello', shown(later))
  expect((await contact(id))?.same_as).toBe((await contact(`whatsapp:${later}`))?.id)
})

test('by SMS, then by WhatsApp on the same number: the same member, without a question', async () => {
  const phone = newPhone()
  const member = await join(web, phone)
  expect((await other.say(`whatsapp:${phone}`, 'JOIN')).text).toContain(`number ${member}`)
  expect(await memberOf(`whatsapp:${phone}`)).toBe(member)
})

test('messages that show both names are handled in the order of their arrival', async () => {
  const [phone, id] = [newPhone(), newId()]
  const member = await join(web, `whatsapp:${phone}`, both(id))
  const hours = many(8, (at) => at + 1)
  const said = []
  for (const hour of hours) {
    said.push(web.say(`whatsapp:${phone}`, `SHIFT ${hour} 1900 300`, both(id)))
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await Promise.all(said)
  const reports = stage.db.selectFrom('reports').select(['version', 'values']).where('member_id', '=', member)
  const kept = await reports.orderBy('version').execute()
  expect(kept).toMatchObject(hours.map((hour, at) => ({ version: at + 1, values: { hours: hour * 100 } })))
})
