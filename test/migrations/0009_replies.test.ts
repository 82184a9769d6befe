// A database from before replies lay in boxes: what was answered there is answered still, and nothing else is touched.
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { eraseMember } from '../../src/coop/members/erase_queries.ts'
import { migrate } from '../../src/store/migrate.ts'
import { unsealReplies } from '../../src/store/reply_box.ts'
import { seal } from '../../src/store/seal.ts'
import { emptyTwiml } from '../../src/twilio/twiml.ts'
import { inOneBatch } from '../exchange/batch/one_batch.ts'
import { exchangeStage, formOf, join, newPhone } from '../exchange/stage.ts'
import { databaseOf } from './old_database.ts'

test('an old reply is answered still, by its own bytes; and erased with her', async () => {
  const stage = await exchangeStage((source) => source, databaseOf('0008_keys'))
  onTestFinished(() => stage.end())
  const forms = ['Saved: one.', 'Saved: two.', ''].map((text) => ({ text, form: formOf(newPhone(), 'MENU') }))
  for (const { text, form } of forms) {
    const reply = text === '' ? null : seal(stage.keys, text, 'inbound.reply')
    await sql`
      insert into inbound (sid, coop_id, contact_id, state, reply, received_at, states_fact)
      values (${form.MessageSid}, 'drivers', 7, 'handled', ${reply}, coopline_now() - interval '3 days', true)`.execute(
      stage.db,
    )
  }
  const aside = formOf(newPhone(), 'MENU')
  await sql`
    insert into inbound (sid, coop_id, state, body, person_index, turn, received_at)
    values (${aside.MessageSid}, 'drivers', 'received', '\\x01', '\\x02', 1, coopline_now())`.execute(stage.db)

  expect((await migrate(stage.databaseUrl)).applied[0]).toBe('0009_replies')

  const web = await stage.open()
  const [one, two, silent] = forms.map(({ form }) => form)
  if (!one || !two || !silent) throw new Error('nothing was said')
  expect((await web.post(one)).twiml).toContain(`status?i=${one.MessageSid}">Saved: one.</Message>`)
  expect(await inOneBatch(web, [two, silent, one])).toEqual(['Saved: two.', '', 'Saved: one.'])
  const { rows } = await sql`select from replies where made_at < coopline_now() - interval '2 days'`.execute(
    stage.db,
  )
  expect(rows).toHaveLength(2)
  // New boxes go on behind the old ones, and an old one is erased as any other.
  const phone = newPhone()
  const member = await join(web, phone)
  await sql`update inbound set contact_id = (select id from contacts) where sid = ${one.MessageSid}`.execute(
    stage.db,
  )
  await eraseMember(stage.db, stage.keys, 'drivers', member)
  const left = await stage.db.selectFrom('replies').selectAll().execute()
  expect(left.flatMap(({ sealed }) => unsealReplies(stage.keys, sealed))).toEqual(['Saved: two.'])
  expect((await web.post(one)).twiml).toBe(emptyTwiml)
})
