// Who is erased is gone from every place that a message of hers has reached: what lay aside, addresses that were
// nobody's yet, the sessions in Redis; and what a process remembers of her is nobody's.
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import pino from 'pino'
import { expect, test } from 'vitest'
import { readAddress } from '../../src/coop/members/address.ts'
import { addressIndex, personIndex } from '../../src/coop/members/contact_keys.ts'
import { eraseMember } from '../../src/coop/members/erase_queries.ts'
import { giveUp } from '../../src/exchange/aside/give_up.ts'
import { messageOf, takeDue } from '../../src/exchange/aside/put_aside.ts'
import { retryDue } from '../../src/exchange/aside/retry.ts'
import { forgetSessions } from '../../src/exchange/sessions.ts'
import { senderOf } from '../../src/exchange/webhook/arrival.ts'
import { moveClock } from '../../src/store/clock.ts'
import { withRedis } from '../../src/store/redis.ts'
import { emptyTwiml } from '../../src/twilio/twiml.ts'
import { command } from '../commands/program.ts'
import { giveAllUp } from './aside/stage.ts'
import { bySms, type Form, formOf, join, newId, newPhone, poison, talk, twoWebs, until } from './stage.ts'

const { stage, web, other } = await twoWebs()

const erase = (member: number) => eraseMember(stage.db, stage.keys, 'drivers', member)
const addressOf = (from: string) => {
  const address = readAddress(from.startsWith('whatsapp:') ? from : `sms:${from}`)
  if (!address) throw new Error(`${from} is no address`)
  return address
}
const personOf = (from: string) => personIndex(stage.keys, 'drivers', addressOf(from))
const contactsOf = (...people: string[]) =>
  stage.db
    .selectFrom('contacts')
    .select(['id', 'member_id'])
    .where('person_index', 'in', people.map(personOf))
    .execute()
const inbound = (sid: string) =>
  stage.db.selectFrom('inbound').selectAll().where('sid', '=', sid).executeTakeFirstOrThrow()
const answersTo = (sid: string) =>
  stage.db.selectFrom('outbox').selectAll().where('inbound_sid', '=', sid).execute()
const both = (id: string): Form => ({ ExternalUserId: id.slice('whatsapp:'.length) })

/** Posts a message that lies aside; what it gives heals it. */
async function layAside(form: Form): Promise<() => Promise<unknown>> {
  const heal = await poison(stage, form.MessageSid ?? '')
  expect((await web.post(form)).twiml).toBe(emptyTwiml)
  return heal
}

test('what lies aside of her is given up, and nobody is welcomed', async () => {
  const phone = newPhone()
  const member = await join(web, phone)
  const form = formOf(phone, 'MENU')
  const sid = form.MessageSid ?? ''
  const heal = await layAside(form)
  await erase(member)
  await heal()
  expect(await inbound(sid)).toMatchObject({ state: 'given_up', body: null, person_index: null, contact_id: null })
  await moveClock(stage.db, 600)
  await retryDue(web.counter, 20)
  expect(await contactsOf(phone)).toEqual([])
  expect(await answersTo(sid)).toEqual([])
})

test('what lies aside under her WhatsApp id is given up too', async () => {
  const [phone, id] = [newPhone(), newId()]
  const member = await join(web, `whatsapp:${phone}`, both(id))
  const form = formOf(id, 'MENU')
  await layAside(form)
  await erase(member)
  expect(await inbound(form.MessageSid ?? '')).toMatchObject({ state: 'given_up', body: null })
  expect(await contactsOf(phone, id)).toEqual([])
})

test('a try that is under way when she is erased brings no row of hers back', async () => {
  const phone = newPhone()
  const member = await join(web, phone)
  const form = formOf(phone, 'MENU')
  await layAside(form)
  const [due] = await takeDue(stage.db, 20)
  if (!due) throw new Error('nothing is due')
  const message = messageOf(stage.keys, due, () => stage.charter)
  await erase(member)
  await web.counter.gather.submit(message)
  await giveUp(stage.db, stage.keys, message)
  expect(await contactsOf(phone)).toEqual([])
  expect(await answersTo(due.sid)).toEqual([])
})

test('a clock that is about to wake her when she is erased brings no row of hers back', async () => {
  const phone = newPhone()
  const member = await join(web, phone)
  await talk(web, phone, ['REPORT', '8'])
  const { charter } = stage
  await erase(member)
  const sender = senderOf(stage.keys, charter.id, addressOf(phone), `sms:${bySms}`)
  await web.counter.gather.submit({ kind: 'clock', charter, sender, found: undefined })
  expect(await contactsOf(phone)).toEqual([])
})

test('an address of hers that was nobody’s yet goes with her, and the apology that waits for it', async () => {
  const phone = newPhone()
  const member = await join(web, `whatsapp:${phone}`)
  const form = formOf(phone, 'MENU')
  await layAside(form)
  await giveAllUp(stage, web)
  expect(await contactsOf(phone)).toMatchObject([{ member_id: member }, { member_id: null }])
  expect(await answersTo(form.MessageSid ?? '')).toMatchObject([{ state: 'pending' }])
  expect((await erase(member)).addresses).toHaveLength(2)
  expect(await contactsOf(phone)).toEqual([])
  expect(await answersTo(form.MessageSid ?? '')).toMatchObject([
    { state: 'silenced', body: null, contact_id: null },
  ])
})

test('an id that is another name of such an address goes too', async () => {
  const [phone, id] = [newPhone(), newId()]
  const member = await join(web, phone)
  await layAside(formOf(`whatsapp:${phone}`, 'MENU', both(id)))
  expect(await contactsOf(id)).toHaveLength(1)
  await erase(member)
  expect(await contactsOf(phone, id)).toEqual([])
})

test('the command takes her sessions out of Redis, and says where Redis does not answer', async () => {
  const redis = new Redis(stage.redisUrl)
  const keyOf = (from: string) =>
    `session:{drivers}:${addressIndex(stage.keys, 'drivers', addressOf(from)).toString('hex')}`
  const [phone, neighbour, third] = [newPhone(), newPhone(), newPhone()]
  const member = await join(web, phone)
  await talk(web, phone, ['REPORT', '8'])
  await web.say(`whatsapp:${phone}`, 'MENU')
  await join(web, neighbour)
  const all = [phone, `whatsapp:${phone}`, neighbour].map(keyOf)
  await until('the sessions are in Redis', async () => (await redis.exists(all)) === 3)
  const servers = { DATABASE_URL: stage.databaseUrl, REDIS_URL: stage.redisUrl }
  const env = { ...servers, COOPLINE_KEYS: stage.keyFolder }
  expect(await command(env, 'member', 'erase', `${member}`, '--yes')).toMatchObject({ code: 0, error: '' })
  expect(await Promise.all(all.map((key) => redis.exists(key)))).toEqual([0, 0, 1])
  redis.disconnect()
  const away = { ...env, REDIS_URL: 'redis://127.0.0.1:9' }
  const said = await command(away, 'member', 'erase', `${await join(web, third)}`, '--yes')
  expect(said.out).toContain('is erased: 1 address')
  expect(said.error).toContain('Redis does not answer')
})

test('a session that is written to Redis right after the erasure goes too', async () => {
  const index = addressIndex(stage.keys, 'drivers', addressOf(newPhone()))
  const key = `session:{drivers}:${index.toString('hex')}`
  await withRedis(stage.redisUrl, pino({ level: 'silent' }), async (redis) => {
    const forgotten = forgetSessions(redis, 'drivers', [index])
    await sleep(300)
    await redis.set(key, 'late')
    await forgotten
    expect(await redis.exists(key)).toBe(0)
  })
})

test('another process that remembers her talk goes on with none of it', async () => {
  const phone = newPhone()
  const erased = await join(web, phone)
  await talk(other, phone, ['REPORT', '8'])
  await erase(erased)
  // The same number of messages as the other process remembers, so that only the seal tells the two apart.
  const member = await join(web, phone)
  await talk(web, phone, ['MENU', 'MENU'])
  const said = await other.say(phone, '1900')
  expect(said.text).not.toMatch(/Fuel/)
  expect((await other.say(phone, 'MY')).text).toContain(`${member}`)
  expect(stage.logs.filter(({ event }) => event === 'session_unreadable')).toEqual([])
})
