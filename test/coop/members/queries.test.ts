// Members on a real Postgres: invited from a list, listed, known by their addresses.
import { expect, test } from 'vitest'
import { addressOn } from '../../../src/coop/members/address.ts'
import { addressIndex, personIndex, sealAddress, unsealAddress } from '../../../src/coop/members/contact_keys.ts'
import { importMembers, listMembers } from '../../../src/coop/members/queries.ts'
import { drivers } from '../stage.ts'
import { peopleStage } from './people.ts'

const { stage, keys, contact, memberRow } = await peopleStage()

const invited = ['+447700900501', '+447700900502'].map((phone, at) => ({
  line: at + 2,
  phone,
  language: at ? ('hi' as const) : ('en' as const),
}))

test('invites each once, also twice at once and again', async () => {
  const twice = await Promise.all([1, 2].map(() => importMembers(stage.db, keys, drivers, invited)))
  expect(twice.map((each) => each.invited).reduce((sum, each) => sum + each, 0)).toBe(2)
  expect(await importMembers(stage.db, keys, drivers, invited)).toEqual({ invited: 0, known: 2 })
  const listed = await listMembers(stage.db, 'drivers', { addressesWith: keys })
  expect(listed.map(({ state, language, addresses }) => ({ state, language, addresses }))).toEqual([
    { state: 'invited', language: 'en', addresses: ['sms:+447700900501'] },
    { state: 'invited', language: 'hi', addresses: ['sms:+447700900502'] },
  ])
})

test('a list without keys shows no address', async () => {
  const [first] = await listMembers(stage.db, 'drivers')
  expect(first).toMatchObject({ channels: ['sms'], stopped: [] })
  expect(first?.addresses).toBeUndefined()
})

test('a channel on which the carrier has a STOP of hers is listed apart', async () => {
  const [member = 0] = await stage.join(1)
  const blocked = await contact(member, '+447700900541')
  await contact(member, '+447700900541', 'whatsapp')
  await stage.db.updateTable('contacts').set({ blocked_at: new Date() }).where('id', '=', blocked).execute()
  const listed = await listMembers(stage.db, 'drivers', { only: [member] })
  expect(listed).toEqual([expect.objectContaining({ number: member, channels: ['whatsapp'], stopped: ['sms'] })])
})

test('who has texted before is invited on the address that she texted from', async () => {
  const stranger = await contact(null, '+447700900503', 'whatsapp')
  const again = { line: 2, phone: '+447700900503', language: 'en' as const }
  expect(await importMembers(stage.db, keys, drivers, [again])).toEqual({ invited: 1, known: 0 })
  const row = await stage.db.selectFrom('contacts').selectAll().where('id', '=', stranger).executeTakeFirstOrThrow()
  expect(await memberRow(row.member_id ?? 0)).toMatchObject({ state: 'invited' })
})

test('an address is the same person on both channels, and another at another co-op', () => {
  const [sms, whatsapp] = [addressOn('sms', '+447700900531'), addressOn('whatsapp', '+447700900531')]
  expect(personIndex(keys, 'drivers', sms)).toEqual(personIndex(keys, 'drivers', whatsapp))
  expect(addressIndex(keys, 'drivers', sms)).not.toEqual(addressIndex(keys, 'drivers', whatsapp))
  expect(personIndex(keys, 'drivers', sms)).not.toEqual(personIndex(keys, 'market', sms))
  expect(unsealAddress(keys, sealAddress(keys, whatsapp))).toBe(whatsapp)
})
