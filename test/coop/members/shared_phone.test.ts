// The line lets one member be at an address so far; the tables carry more, and what reads a member's addresses heeds it.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { eraseMember } from '../../../src/coop/members/erase_queries.ts'
import { mergeMembers } from '../../../src/coop/members/merge_queries.ts'
import { listMembers } from '../../../src/coop/members/queries.ts'
import { peopleStage } from './people.ts'

const { stage, contact } = await peopleStage()

/** Two members at one phone, where the first speaks. */
async function sharedPhone(phone: string) {
  const [first = 0, second = 0] = await stage.join(2)
  const id = await contact(first, phone)
  await stage.db.insertInto('member_contacts').values({ member_id: second, contact_id: id }).execute()
  return { first, second, id }
}

const speaks = async (id: number) =>
  (await stage.db.selectFrom('contacts').select('member_id').where('id', '=', id).execute())[0]?.member_id
const reached = async (id: number) =>
  (
    await sql<{ member_id: number }>`
      select member_id from member_contacts where contact_id = ${id} order by member_id`.execute(stage.db)
  ).rows.map(({ member_id }) => member_id)

test('whoever speaks at an address is reached there, until it is gone', async () => {
  const [one = 0, two = 0] = await stage.join(2)
  const [hers, nobodys] = [await contact(one, '+447700900551'), await contact(null, '+447700900552')]
  expect([await reached(hers), await reached(nobodys)]).toEqual([[one], []])
  await stage.db.updateTable('contacts').set({ member_id: two }).where('id', 'in', [hers, nobodys]).execute()
  expect([await reached(hers), await reached(nobodys)]).toEqual([[one, two], [two]])
  await stage.db.deleteFrom('contacts').where('id', 'in', [hers, nobodys]).execute()
  expect([await reached(hers), await reached(nobodys)]).toEqual([[], []])
})

test('both who share a phone are listed with it', async () => {
  const { first, second } = await sharedPhone('+447700900553')
  expect(await listMembers(stage.db, 'drivers', { only: [first, second] })).toMatchObject([
    { number: first, channels: ['sms'] },
    { number: second, channels: ['sms'] },
  ])
})

test('who is erased leaves a shared phone to the other, with its address', async () => {
  const { first, second, id } = await sharedPhone('+447700900554')
  expect(await eraseMember(stage.db, undefined, 'drivers', first)).toMatchObject({ addresses: [] })
  expect([await speaks(id), await reached(id)]).toEqual([second, [second]])
  expect(await eraseMember(stage.db, undefined, 'drivers', second)).toMatchObject({ addresses: [{}] })
  expect([await speaks(id), await reached(id)]).toEqual([undefined, []])
})

test('who is merged is reached at the shared phone under the number that stays; the other speaks on', async () => {
  const { first, second, id } = await sharedPhone('+447700900555')
  const [keep = 0] = await stage.join(1)
  await contact(keep, '+447700900556')
  expect(await mergeMembers(stage.db, 'drivers', keep, second)).toMatchObject({ addresses: 1 })
  expect([await speaks(id), await reached(id)]).toEqual([first, [first, keep]])
})
