// Postgres without room to write: the carrier is told to come again, nothing of the message is kept, and once there is
// room the same webhook acts, once.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type ExchangeStage, formOf, join, newPhone, stageOfTest } from '../exchange/stage.ts'

// As Postgres says it when a file cannot be extended.
async function fillDisk({ db }: ExchangeStage): Promise<() => Promise<unknown>> {
  await sql`create function no_room() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$`.execute(db)
  await sql`create trigger no_room before insert on inbound execute function no_room()`.execute(db)
  return () => sql`drop function no_room() cascade`.execute(db)
}

test('a full disk: 503, an error in the log, no partial effect; with room again the message acts once', async () => {
  const { stage, web } = await stageOfTest({ REDIS_URL: '', COOPLINE_STEP_MS: '400' })
  const phone = newPhone()
  await join(web, phone)
  const makeRoom = await fillDisk(stage)
  const form = formOf(phone, 'SHIFT 8.5 1900 300')
  expect((await web.post(form)).status).toBe(503)
  expect(stage.logs).toContainEqual(expect.objectContaining({ event: 'request_failed' }))
  expect(JSON.stringify(stage.logs)).not.toMatch(/1900|4477/)
  expect(await stage.db.selectFrom('reports').selectAll().execute()).toEqual([])
  await makeRoom()
  const [first, again] = [await web.post(form), await web.post(form)]
  expect(first.text).toContain('Saved')
  expect(again.text).toBe(first.text)
  expect(await stage.db.selectFrom('reports').selectAll().execute()).toHaveLength(1)
})
