// Whom a charter leaves out is counted: by language, and by what its senders lead to.
import { expect, test } from 'vitest'
import { leftOutBy } from '../../../src/coop/members/left_out_queries.ts'
import { drivers } from '../stage.ts'
import { peopleStage } from './people.ts'

const { stage, contact } = await peopleStage()
const only = (channel: string) => drivers.senders.filter(({ address }) => address.startsWith(`${channel}:`))

test('members of a language that is gone, and those to whom no sender leads', async () => {
  const [byBoth = 0, bySms = 0, byWhatsapp = 0, left = 0] = await stage.join(4)
  await contact(byBoth, '+447700900521')
  await contact(byBoth, '+447700900521', 'whatsapp')
  await contact(bySms, '+447700900522')
  await contact(byWhatsapp, '+447700900523', 'whatsapp')
  await contact(left, '+447700900524')
  await stage.db.updateTable('members').set({ language: 'hi' }).where('id', 'in', [bySms, left]).execute()
  await stage.db.updateTable('members').set({ state: 'left' }).where('id', '=', left).execute()
  const none = { speakers: [], unreached: 0 }

  expect(await leftOutBy(stage.db, drivers)).toEqual(none)
  expect(await leftOutBy(stage.db, { ...drivers, senders: only('sms') })).toEqual(none)
  expect(await leftOutBy(stage.db, { ...drivers, senders: only('whatsapp'), languages: ['en'] })).toEqual({
    speakers: [{ language: 'hi', count: 1 }],
    unreached: 1,
  })
})
