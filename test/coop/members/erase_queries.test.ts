// A member who is erased: nothing leads to her, and what was counted stays counted.
import { expect, test } from 'vitest'
import { readLedger } from '../../../src/coop/consents/queries.ts'
import { addressOn } from '../../../src/coop/members/address.ts'
import { personIndex } from '../../../src/coop/members/contact_keys.ts'
import { eraseMember } from '../../../src/coop/members/erase_queries.ts'
import { closeVote, openVote } from '../../../src/coop/votes/queries.ts'
import { keepReplies } from '../../stage/replies.ts'
import { cast, drivers, motion } from '../stage.ts'
import { peopleStage } from './people.ts'

const { stage, keys, contact, memberRow, consents, report, countedAmid } = await peopleStage()

test('nothing leads to her any more; what was counted stays counted', async () => {
  const [gone = 0] = await stage.join(1)
  const phone = '+447700900521'
  const id = await contact(gone, phone)
  await consents(gone, 'pay-medians')
  await report(gone, '2026-11-23', 1, 1000)
  for (const slug of ['closed-one', 'open-one']) {
    await openVote(stage.db, { charter: drivers, motion: motion(slug), measure: () => 1 })
    const ballot = {
      coop: 'drivers',
      proposal: slug,
      member: gone,
      option: 1,
      castAt: new Date(),
      messageId: 'SM1',
    }
    await cast(stage.db, ballot)
  }
  const closed = await closeVote(stage.db, { coop: 'drivers', slug: 'closed-one', by: 'suman' })
  const inbound = { coop_id: 'drivers', contact_id: id, received_at: new Date(), body: null }
  const reply = { reply_box: await keepReplies(stage.db, keys, ['Kept']), reply_at: 0 }
  await stage.db
    .insertInto('inbound')
    .values([
      { ...inbound, ...reply, sid: 'SM-erased-1', state: 'handled', confirm_by: new Date(), next_try_at: null },
      {
        ...inbound,
        sid: 'SM-erased-2',
        state: 'received',
        body: Buffer.of(2),
        contact_id: null,
        person_index: personIndex(keys, 'drivers', addressOn('sms', phone)),
        turn: 1,
        confirm_by: null,
        next_try_at: null,
      },
    ])
    .execute()

  expect(await eraseMember(stage.db, keys, 'drivers', gone)).toMatchObject({ addresses: [{}], reports: 1 })

  expect(await memberRow(gone)).toMatchObject({ state: 'erased', joined_at: null, erasure_asked_at: null })
  expect(await stage.db.selectFrom('contacts').where('id', '=', id).selectAll().execute()).toEqual([])
  expect(await stage.db.selectFrom('reports').where('member_id', '=', gone).selectAll().execute()).toEqual([])
  const left = await stage.db.selectFrom('inbound').where('sid', 'like', 'SM-erased%').selectAll().execute()
  for (const row of left)
    expect(row).toMatchObject({ body: null, reply_box: null, contact_id: null, confirm_by: null })
  expect(await stage.db.selectFrom('replies').selectAll().execute()).toEqual([])
  const ballots = await stage.db.selectFrom('ballots').select('message_id').where('member_id', '=', gone).execute()
  expect(ballots).toEqual([{ message_id: '' }])
  expect(await readLedger(stage.db, gone)).toHaveLength(1)
  expect(closed.outcome?.counts).toEqual([1, 0, 0])
  const open = await closeVote(stage.db, { coop: 'drivers', slug: 'open-one', by: 'suman' })
  expect(open.outcome?.counts).toEqual([0, 0, 0])
  await expect(eraseMember(stage.db, keys, 'drivers', gone)).rejects.toThrow('erased')
})

test('a vote that is closed while she is erased waits for that, and counts what is left of it', async () => {
  const [gone = 0, other = 0] = await stage.join(2)
  await contact(gone, '+447700900522')
  await openVote(stage.db, { charter: drivers, motion: motion('erased-amid'), measure: () => 1 })
  const ballot = { coop: 'drivers', proposal: 'erased-amid', castAt: new Date(), messageId: 'SM1' }
  await cast(stage.db, { ...ballot, member: gone, option: 1 }, { ...ballot, member: other, option: 2 })
  const erase = () => eraseMember(stage.db, keys, 'drivers', gone)
  expect(await countedAmid(erase, 'erased-amid')).toEqual([0, 1, 0])
})
