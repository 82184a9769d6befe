// A co-op with keys, and what its members can have: addresses, consents, reports.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll } from 'vitest'
import { beginning, type LedgerEvent, nextEvent } from '../../../src/coop/consents/ledger.ts'
import { addressOn, type Channel } from '../../../src/coop/members/address.ts'
import { addressIndex, personIndex, sealAddress } from '../../../src/coop/members/contact_keys.ts'
import { closeVote } from '../../../src/coop/votes/queries.ts'
import { makeKeys } from '../../../src/store/keys.ts'
import { lockWaits } from '../../stage/lock_waits.ts'
import { coopStage } from '../stage.ts'

/** A stage for a whole file of tests: it ends with the last of them. */
export async function peopleStage() {
  const folder = mkdtempSync(path.join(tmpdir(), 'coopline-keys-'))
  const keys = makeKeys(path.join(folder, 'keys'))
  const stage = await coopStage()
  afterAll(async () => {
    await stage.end()
    rmSync(folder, { recursive: true })
  })

  async function contact(member: number | null, phone: string, channel: Channel = 'sms'): Promise<number> {
    const address = addressOn(channel, phone)
    const { id } = await stage.db
      .insertInto('contacts')
      .values({
        coop_id: 'drivers',
        address_index: addressIndex(keys, 'drivers', address),
        person_index: personIndex(keys, 'drivers', address),
        address: sealAddress(keys, address),
        channel,
        member_id: member,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  }

  const memberRow = (id: number) =>
    stage.db.selectFrom('members').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

  async function consents(member: number, ...purposes: string[]): Promise<void> {
    const events: LedgerEvent[] = []
    for (const [at, purpose] of purposes.entries()) {
      events.push(
        nextEvent(events.at(-1) ?? beginning, {
          member_id: member,
          coop_id: 'drivers',
          action: 'given',
          purpose,
          notice_version: 1,
          notice_hash: Buffer.alloc(32, 7),
          language: 'en',
          channel: 'sms',
          message_id: `SM${member}-${at}`,
          receipt: `C-${member}-${at}`,
          at: new Date(1_700_000_000_123 + at),
        }),
      )
    }
    await stage.db.insertInto('consent_events').values(events).execute()
  }

  const report = (member: number, key: string, version: number, made: number) =>
    stage.db
      .insertInto('reports')
      .values({
        member_id: member,
        form: 'shift',
        key,
        version,
        coop_id: 'drivers',
        week: '2026-11-23',
        cell: '',
        values: JSON.stringify({ gross: made }),
        figures: JSON.stringify({}),
        made_at: new Date(made),
        pool_at: new Date(made),
        message_id: `SMr${member}-${made}`,
      })
      .execute()

  async function waiting(count: number): Promise<void> {
    while ((await lockWaits(stage.db)) < count) await new Promise((after) => setTimeout(after, 5))
  }

  /** Closes a vote in the middle of a change of members which also changes reports; gives what was counted. */
  async function countedAmid(change: () => Promise<unknown>, slug: string): Promise<readonly number[] | undefined> {
    const { changing, closing } = await stage.db.transaction().execute(async (trx) => {
      await sql`lock table reports in share mode`.execute(trx)
      const changing = change()
      await waiting(1)
      const closing = closeVote(stage.db, { coop: 'drivers', slug, by: 'suman' })
      await Promise.race([closing, waiting(2)])
      return { changing, closing }
    })
    await changing
    return (await closing).outcome?.counts
  }

  return { stage, keys, contact, memberRow, consents, report, countedAmid }
}
