// Members on a real Postgres: invited from a list, merged, erased.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { beginning, type LedgerEvent, nextEvent } from '../../../src/coop/consents/ledger.ts'
import { readLedger, verifyLedger } from '../../../src/coop/consents/queries.ts'
import { addressOn, type Channel } from '../../../src/coop/members/address.ts'
import { addressIndex, personIndex, sealAddress, unsealAddress } from '../../../src/coop/members/contact_keys.ts'
import { eraseMember } from '../../../src/coop/members/erase_queries.ts'
import { mergeMembers } from '../../../src/coop/members/merge_queries.ts'
import { importMembers, listMembers } from '../../../src/coop/members/queries.ts'
import { countBallots } from '../../../src/coop/votes/ballot_queries.ts'
import { closeVote, openVote } from '../../../src/coop/votes/queries.ts'
import { type Keys, makeKeys } from '../../../src/store/keys.ts'
import { keepReplies } from '../../stage/replies.ts'
import { type CoopStage, cast, coopStage, drivers, motion } from '../stage.ts'

let stage: CoopStage
let keys: Keys
const folder = mkdtempSync(path.join(tmpdir(), 'coopline-keys-'))

beforeAll(async () => {
  keys = makeKeys(path.join(folder, 'keys'))
  stage = await coopStage()
})
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

describe('import', () => {
  const invited = ['+447700900501', '+447700900502'].map((phone, at) => ({
    line: at + 2,
    phone,
    language: at ? ('hi' as const) : ('en' as const),
  }))

  test('invites each once, also twice at once and again', async () => {
    const twice = await Promise.all([1, 2].map(() => importMembers(stage.db, keys, drivers, invited)))
    expect(twice.map((each) => each.invited).reduce((sum, each) => sum + each, 0)).toBe(2)
    expect(await importMembers(stage.db, keys, drivers, invited)).toEqual({ invited: 0, known: 2 })
    const listed = await listMembers(stage.db, 'drivers', keys)
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
    const listed = (await listMembers(stage.db, 'drivers')).find(({ number }) => number === member)
    expect(listed).toMatchObject({ channels: ['whatsapp'], stopped: ['sms'] })
  })

  test('who has texted before is invited on the address that she texted from', async () => {
    const stranger = await contact(null, '+447700900503', 'whatsapp')
    const again = { line: 2, phone: '+447700900503', language: 'en' as const }
    expect(await importMembers(stage.db, keys, drivers, [again])).toEqual({ invited: 1, known: 0 })
    const row = await stage.db
      .selectFrom('contacts')
      .selectAll()
      .where('id', '=', stranger)
      .executeTakeFirstOrThrow()
    expect(await memberRow(row.member_id ?? 0)).toMatchObject({ state: 'invited' })
  })
})

describe('merge', () => {
  test('ballots, reports, consents, addresses', async () => {
    const [keep = 0, gone = 0] = await stage.join(2)
    await contact(keep, '+447700900511')
    await contact(gone, '+447700900512', 'whatsapp')
    await consents(keep, 'pay-medians')
    await consents(gone, 'pay-medians', 'city-study')
    await openVote(stage.db, { charter: drivers, motion: motion('merged'), measure: () => 1 })
    const ballot = { coop: 'drivers', proposal: 'merged', messageId: 'SM1' }
    await cast(
      stage.db,
      { ...ballot, member: keep, option: 1, castAt: new Date(1000) },
      { ...ballot, member: gone, option: 2, castAt: new Date(2000) },
    )
    await report(keep, '2026-11-23', 1, 3000)
    await report(gone, '2026-11-23', 1, 1000)
    await report(gone, '2026-11-24', 1, 2000)

    expect(await mergeMembers(stage.db, 'drivers', keep, gone)).toEqual({ addresses: 1 })

    expect(await countBallots(stage.db, { coop: 'drivers', slug: 'merged', options: 3 })).toEqual([0, 1, 0])
    const reports = await stage.db
      .selectFrom('reports')
      .select(['member_id', 'key', 'version', 'values'])
      .orderBy('key')
      .orderBy('version')
      .execute()
    expect(reports).toEqual([
      { member_id: keep, key: '2026-11-23', version: 1, values: { gross: 1000 } },
      { member_id: keep, key: '2026-11-23', version: 2, values: { gross: 3000 } },
      { member_id: keep, key: '2026-11-24', version: 1, values: { gross: 2000 } },
    ])
    expect((await readLedger(stage.db, keep)).map(({ action }) => action)).toEqual(['given'])
    const ended = (await readLedger(stage.db, gone)).map(({ action, message_id }) => `${action} ${message_id}`)
    expect(ended.slice(2)).toEqual([`withdrawn merged into ${keep}`, `withdrawn merged into ${keep}`])
    expect(await verifyLedger(stage.db, 'drivers')).toMatchObject({ broken: [] })
    expect(await memberRow(gone)).toMatchObject({ state: 'left' })
    const listed = (await listMembers(stage.db, 'drivers')).find(({ number }) => number === keep)
    expect(listed?.channels.toSorted()).toEqual(['sms', 'whatsapp'])
    await expect(mergeMembers(stage.db, 'drivers', keep, gone)).rejects.toThrow('no address')
  })

  test('an earlier ballot of the one who goes does not replace the later of the one who stays', async () => {
    const [keep = 0, gone = 0] = await stage.join(2)
    await contact(keep, '+447700900513')
    await contact(gone, '+447700900514')
    await openVote(stage.db, { charter: drivers, motion: motion('merged-2'), measure: () => 1 })
    const ballot = { coop: 'drivers', proposal: 'merged-2', messageId: 'SM1' }
    await cast(
      stage.db,
      { ...ballot, member: keep, option: 1, castAt: new Date(2000) },
      { ...ballot, member: gone, option: 2, castAt: new Date(1000) },
    )
    await mergeMembers(stage.db, 'drivers', keep, gone)
    const { outcome } = await closeVote(stage.db, { coop: 'drivers', slug: 'merged-2', by: 'suman' })
    expect(outcome?.counts).toEqual([1, 0, 0])
  })

  test('silence holds whichever number asked for it', async () => {
    const [keep = 0, gone = 0] = await stage.join(2)
    await contact(keep, '+447700900515')
    await contact(gone, '+447700900516')
    await stage.db
      .updateTable('members')
      .set({ suppressed_at: new Date(5) })
      .where('id', '=', gone)
      .execute()
    await mergeMembers(stage.db, 'drivers', keep, gone)
    expect((await memberRow(keep)).suppressed_at).toEqual(new Date(5))
    const [later = 0] = await stage.join(1)
    await contact(later, '+447700900517')
    await stage.db
      .updateTable('members')
      .set({ suppressed_at: new Date(9) })
      .where('id', '=', later)
      .execute()
    await mergeMembers(stage.db, 'drivers', keep, later)
    expect((await memberRow(keep)).suppressed_at).toEqual(new Date(9))
  })

  test('an unknown number, or one number twice, is refused', async () => {
    const [keep = 0] = await stage.join(1)
    expect(() => mergeMembers(stage.db, 'drivers', keep, keep)).toThrow('two numbers')
    await expect(mergeMembers(stage.db, 'drivers', keep, 999_999)).rejects.toThrow('no member 999999')
    await expect(mergeMembers(stage.db, 'market', keep, 999_999)).rejects.toThrow(`no member ${keep}`)
  })
})

describe('erase', () => {
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
    const ballots = await stage.db
      .selectFrom('ballots')
      .select('message_id')
      .where('member_id', '=', gone)
      .execute()
    expect(ballots).toEqual([{ message_id: '' }])
    expect(await readLedger(stage.db, gone)).toHaveLength(1)
    expect(closed.outcome?.counts).toEqual([1, 0, 0])
    const open = await closeVote(stage.db, { coop: 'drivers', slug: 'open-one', by: 'suman' })
    expect(open.outcome?.counts).toEqual([0, 0, 0])
    await expect(eraseMember(stage.db, keys, 'drivers', gone)).rejects.toThrow('erased')
  })
})

test('an address is the same person on both channels, and another at another co-op', () => {
  const [sms, whatsapp] = [addressOn('sms', '+447700900531'), addressOn('whatsapp', '+447700900531')]
  expect(personIndex(keys, 'drivers', sms)).toEqual(personIndex(keys, 'drivers', whatsapp))
  expect(addressIndex(keys, 'drivers', sms)).not.toEqual(addressIndex(keys, 'drivers', whatsapp))
  expect(personIndex(keys, 'drivers', sms)).not.toEqual(personIndex(keys, 'market', sms))
  expect(unsealAddress(keys, sealAddress(keys, whatsapp))).toBe(whatsapp)
})
