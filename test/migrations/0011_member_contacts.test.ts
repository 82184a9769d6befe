// A database from before addresses could be shared: each member is reached where she speaks.
import { sql } from 'kysely'
import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase, openPool } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrate.ts'
import { databaseOf } from './old_database.ts'

test('each member is reached at every address of hers', async () => {
  const { url, drop } = await databaseOf('0010_broadcast_texts')
  const db = openDatabase(openPool(url, 1, pino({ level: 'silent' })))
  onTestFinished(async () => {
    await db.destroy()
    await drop()
  })
  await sql`
    insert into contacts (id, coop_id, address_index, person_index, address, channel, member_id)
    select id, 'drivers', sha256(id::text::bytea), '', '', 'sms', member from (values (1, 101), (2, 101), (3, null))
      as contact (id, member)`.execute(db)
  expect((await migrate(url)).applied[0]).toBe('0011_member_contacts')
  const { rows } = await sql`select member_id, contact_id from member_contacts order by contact_id`.execute(db)
  expect(rows).toEqual([
    { member_id: 101, contact_id: 1 },
    { member_id: 101, contact_id: 2 },
  ])
})
