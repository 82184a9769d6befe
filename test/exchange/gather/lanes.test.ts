// What two lanes and a process that remembers must not change: each person's messages act once and in their order,
// under the locks of whoever she is now, whatever becomes of the connections.
import { mkdirSync, rmSync } from 'node:fs'
import { sql } from 'kysely'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { verifyLedger } from '../../../src/coop/consents/queries.ts'
import { eraseMember } from '../../../src/coop/members/erase_queries.ts'
import { mergeMembers } from '../../../src/coop/members/merge_queries.ts'
import type { TextMessage } from '../../../src/exchange/message.ts'
import { openWire, type Verdict } from '../../stage/cut_line.ts'
import { testFolder } from '../../stage/folder.ts'
import { messageOf } from '../batch/one_batch.ts'
import { formOf, join, many, newPhone, talk, twoWebs, type Web } from '../stage.ts'

const { stage, web, other } = await twoWebs()
afterEach(() => void stage.logs.splice(0))

const shift = (fares: number) => `SHIFT 8 ${900 + fares} 30`
const ofConnections = ['lane_lost', 'batch_again', 'postgres_connection_lost']
const troubles = () => stage.logs.filter(({ event }) => !ofConnections.includes(event))

const numberSaid = async (by: Web, from: string) =>
  Number(/number (\d+)/.exec((await by.say(from, 'JOIN')).text)?.[1])

const contactsOf = (member: number) =>
  stage.db.selectFrom('contacts').select(['id', 'version']).where('member_id', '=', member).execute()

const reportsOf = (member: number) =>
  stage.db
    .selectFrom('reports')
    .select(['version', 'message_id'])
    .where('member_id', '=', member)
    .orderBy('version')
    .execute()

const messageFrom = (phone: string, text: string): Promise<TextMessage> => messageOf(web, formOf(phone, text))

async function endBackends(): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
    and pid <> pg_backend_pid() and query <> '' and application_name = 'coopline'`
    .execute(stage.db)
    .catch(() => undefined)
}

test.for([0, 4])(
  'one person’s messages act in their order, her clock between them, %i times without lanes',
  async (ends) => {
    const phones = many(3, newPhone)
    const members = await Promise.all(phones.map((phone) => join(web, phone)))
    const sent = await Promise.all(
      phones.map((phone) => Promise.all(many(15, (at) => messageFrom(phone, shift(at + 1))))),
    )
    const all = many(15, (at) => sent.flatMap((messages) => messages[at] ?? [])).flat()
    const answers = all.flatMap((message) => [
      web.counter.gather.submit(message),
      web.counter.gather.submit({
        kind: 'clock',
        charter: message.charter,
        sender: message.sender,
        found: undefined,
      }),
    ])
    for (let end = 0; end < ends; end++) {
      await answers[end * 15]
      await endBackends()
    }
    expect(new Set((await Promise.all(answers)).map(({ end }) => end))).toEqual(new Set(['answered']))
    for (const [at, member] of members.entries()) {
      const order = (await reportsOf(member)).map((row) => row.message_id)
      expect(order).toEqual(sent[at]?.map(({ sid }) => sid))
    }
    expect(troubles()).toEqual([])
  },
)

test('two addresses that become one member: those who remember two are right again at once', async () => {
  const [phone, second] = [newPhone(), newPhone()]
  const [keep, gone] = [await join(web, phone), await join(web, second)]
  await talk(other, second, ['MENU'])
  await mergeMembers(stage.db, 'drivers', keep, gone)
  const said = await Promise.all(
    many(24, (at) => (at % 3 ? web : other).say(at % 2 ? phone : second, shift(at + 1))),
  )
  expect(said.map(({ text }) => text.slice(0, 4)).filter((text) => text !== 'Save' && text !== 'Corr')).toEqual([])
  expect((await reportsOf(keep)).map(({ version }) => version)).toEqual(many(24, (at) => at + 1))
  expect(await reportsOf(gone)).toEqual([])
  expect([await numberSaid(web, phone), await numberSaid(web, second), await numberSaid(other, second)]).toEqual([
    keep,
    keep,
    keep,
  ])
  expect(await contactsOf(gone)).toEqual([])
  await Promise.all(
    [phone, second, `whatsapp:${phone}`].map((from, at) => talk(at % 2 ? web : other, from, [`ON ${at + 1}`, '1'])),
  )
  expect(await verifyLedger(stage.db, 'drivers')).toMatchObject({ broken: [] })
  expect(troubles()).toEqual([])
})

test('an erased member whom a process remembers is a stranger to it, and joins under a new number', async () => {
  const phone = newPhone()
  const erased = await join(web, phone)
  await talk(web, phone, ['REPORT', '8'])
  await eraseMember(stage.db, stage.keys, 'drivers', erased)
  const number = await join(web, phone)
  expect(number).not.toBe(erased)
  expect(await contactsOf(erased)).toEqual([])
  expect(await contactsOf(number)).toMatchObject([{ version: 3 }])
  expect(troubles()).toEqual([])
})

test('who joins on one process is a member on the other, which remembers her as none', async () => {
  const [phone, twin] = [newPhone(), newPhone()]
  for (const from of [phone, twin]) await web.say(from, 'hello')
  await web.say(`whatsapp:${twin}`, 'hello')
  await Promise.all([phone, twin].map((from) => talk(other, from, ['1', '1'])))
  const said = await Promise.all([phone, `whatsapp:${twin}`, twin].map((from) => web.say(from, 'ON 1')))
  expect(said.map(({ text }) => text)).toEqual(many(3, () => expect.stringMatching(/Share/)))
  const number = await numberSaid(web, twin)
  expect(await numberSaid(web, `whatsapp:${twin}`)).toBe(number)
  expect(await contactsOf(number)).toHaveLength(2)
  expect(troubles()).toEqual([])
})

test('what cannot be written, by Postgres or by us, puts aside its own message and no other', async () => {
  const phones = many(6, newPhone)
  const members = await Promise.all(phones.map((phone) => join(web, phone)))
  await Promise.all(phones.slice(4).map((phone) => web.say(phone, 'ON 1')))
  const full = 2 ** 31 - 1
  await sql`update contacts set version = ${full} where member_id = ${members[0]}`.execute(stage.db)
  const notice = web.parts.charters.byId('drivers')?.purposes[0]?.notice
  if (!notice) throw new Error('no purpose')
  const { version } = notice
  Object.assign(notice, { version: 1.5 })
  onTestFinished(() => void Object.assign(notice, { version }))
  const said = await Promise.all(phones.map((phone, at) => web.say(phone, at > 3 ? '1' : shift(8))))
  const aside = ['', 'Save', 'Save', 'Save', '', '']
  expect(said.map(({ status, text }) => [status, text.slice(0, 4)])).toEqual(aside.map((text) => [200, text]))
  const reasons = stage.logs
    .filter(({ event }) => event === 'message_put_aside')
    .map(({ sid, reason }) => [sid, reason])
  expect(Object.fromEntries(reasons)).toEqual({
    [said[0]?.sid ?? '']: 'error: integer out of range',
    [said[4]?.sid ?? '']: expect.stringContaining('a cell is no whole number'),
    [said[5]?.sid ?? '']: expect.stringContaining('a cell is no whole number'),
  })
  expect((await web.say(phones[1] ?? '', shift(9))).text).toMatch(/^Corrected/)
})

async function openLine() {
  const folder = testFolder()
  mkdirSync(folder, { recursive: true })
  const url = new URL(stage.databaseUrl)
  const target = { path: `${url.searchParams.get('host')}/.s.PGSQL.5432` }
  const wire = await openWire({ path: `${folder}/.s.PGSQL.5432` }, () => target)
  onTestFinished(async () => {
    await wire.close()
    rmSync(folder, { recursive: true, force: true })
  })
  url.searchParams.set('host', folder)
  return { wire, url: url.href }
}

test('a line that is cut in any round: each message acts once and is answered', async () => {
  const { wire, url } = await openLine()
  const wired = await stage.open({ DATABASE_URL: url })
  const phones = many(12, newPhone)
  const members = await Promise.all(phones.map((phone) => join(wired, phone)))
  let pieces = 0
  wire.watch((): Verdict => {
    pieces++
    if (pieces > 24 || pieces % 3 > 0) return 'pass'
    return pieces % 2 ? 'cut_before' : 'cut_after'
  })
  const said = await Promise.all(
    phones.map(async (phone) => [await wired.say(phone, shift(8)), await wired.say(phone, shift(9))]),
  )
  wire.watch(() => 'pass')
  expect(said.flat().map(({ status, text }) => [status, text.slice(0, 4)])).toEqual(
    phones.flatMap(() => [
      [200, 'Save'],
      [200, 'Corr'],
    ]),
  )
  expect(pieces).toBeGreaterThan(9)
  for (const member of members) {
    expect((await reportsOf(member)).map(({ version }) => version)).toEqual([1, 2])
    expect(await contactsOf(member)).toMatchObject([{ version: 5 }])
  }
  expect(stage.logs.filter(({ event }) => event === 'lane_lost').length).toBeGreaterThan(0)
  expect(troubles()).toEqual([])
})
