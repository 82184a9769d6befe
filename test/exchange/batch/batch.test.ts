// One transaction for many people: each gets her own answer, once, in her order, whatever befalls the batch or one of
// its messages.

import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { readAddress } from '../../../src/coop/members/address.ts'
import { personIndex } from '../../../src/coop/members/contact_keys.ts'
import { lockNow, memberKey, personKey } from '../../../src/store/locks.ts'
import { emptyTwiml } from '../../../src/twilio/twiml.ts'
import { lockWaits } from '../../stage/lock_waits.ts'
import { formOf, join, many, newPhone, poison, twoWebs } from '../stage.ts'

const { stage, web, other } = await twoWebs()
afterEach(() => void stage.logs.splice(0))

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const events = (event: string) => stage.logs.filter((line) => line.event === event)
const shift = 'SHIFT 8 1900 300'
const personIndexOf = (phone: string) => {
  const address = readAddress(`sms:${phone}`)
  if (!address) throw new Error('no address')
  return personIndex(stage.keys, 'drivers', address)
}
const versionOf = async (phone: string) =>
  (
    await stage.db
      .selectFrom('contacts')
      .select('version')
      .where('person_index', '=', personIndexOf(phone))
      .executeTakeFirst()
  )?.version

test('twenty-one strangers at once become twenty-one members, each with her own number', async () => {
  const phones = many(21, newPhone)
  const numbers = await Promise.all(phones.map((phone) => join(web, phone)))
  expect(new Set(numbers).size).toBe(21)
  const said = await Promise.all(phones.map((phone) => web.say(phone, 'JOIN')))
  expect(said.map(({ text }) => Number(/number (\d+)/.exec(text)?.[1]))).toEqual(numbers)
  expect(stage.logs).toEqual([])
})

test('three messages each of fifty people at once: all are handled, each person’s one after the other', async () => {
  const phones = many(50, newPhone)
  await Promise.all(phones.map((phone) => join(web, phone)))
  const said = await Promise.all(
    phones.flatMap((phone) => many(3, (at) => web.say(phone, `SHIFT ${at + 1} 900 30`))),
  )
  expect(said.filter(({ text }) => text.startsWith('Saved:'))).toHaveLength(50)
  expect(said.filter(({ text }) => text.startsWith('Corrected:'))).toHaveLength(100)
  expect(await Promise.all(phones.map(versionOf))).toEqual(phones.map(() => 6))
})

test('the same message many times at once, over two processes: one effect and the same bytes', async () => {
  const phone = newPhone()
  await join(web, phone)
  const form = formOf(phone, shift)
  const said = await Promise.all(many(10, (at) => (at % 2 ? web : other).post(form)))
  expect(new Set(said.map(({ twiml }) => twiml)).size).toBe(1)
  expect(said[0]?.text).toMatch(/^Saved: /)
  expect(said[0]?.twiml).toContain(`action="https://line.example.org/twilio/status?i=${form.MessageSid}"`)
  expect(await versionOf(phone)).toBe(4)
})

test('who is locked elsewhere waits without a connection, and nobody waits with her', async () => {
  const [held, free] = [newPhone(), newPhone()]
  await join(web, held)
  await join(web, free)
  const waiting = await stage.db.transaction().execute(async (trx) => {
    await lockNow(trx, [personKey(personIndexOf(held))])
    const all = many(12, () => web.say(held, shift))
    for (let at = 0; at < 5; at++) {
      const since = performance.now()
      expect((await web.say(free, 'MENU')).text).toMatch(/^What would/)
      expect(performance.now() - since).toBeLessThan(1_000)
      expect(await lockWaits(stage.db)).toBe(0)
    }
    return { all }
  })
  const said = (await Promise.all(waiting.all)).map(({ text }) => text.slice(0, 4))
  expect(said.filter((text) => text === 'Save')).toHaveLength(1)
  expect(said).not.toContain('')
  expect(stage.logs).toEqual([])
})

test('a member whom a command holds waits too', async () => {
  const phone = newPhone()
  const member = await join(web, phone)
  let answered = false
  const { said } = await stage.db.transaction().execute(async (trx) => {
    await lockNow(trx, [memberKey(member)])
    const said = web.say(phone, 'MENU').finally(() => {
      answered = true
    })
    await pause(100)
    expect(answered).toBe(false)
    return { said }
  })
  expect((await said).text).toMatch(/^What would/)
})

/** A transaction of the test's own. */
async function openCrossing() {
  const client = new pg.Client(stage.databaseUrl)
  await client.connect()
  // Whoever waits first finds the deadlock first: that shall be the batch.
  await client.query("begin; set local deadlock_timeout = '20s'")
  return {
    hold: (phone: string) =>
      client.query('select from contacts where person_index = $1 for update', [personIndexOf(phone)]),
    /** What writes this message waits, with the contacts of its batch in hand. */
    write: (sid: string) =>
      client.query(
        `insert into inbound (sid, coop_id, state, body, person_index, turn, received_at, next_try_at)
         values ($1, 'drivers', 'received', '', '', 1, now(), now())`,
        [sid],
      ),
    end: async () => {
      await client.query('rollback')
      await client.end()
    },
  }
}

test('a batch that another transaction crosses runs again, and each of its messages acts once', async () => {
  const phones = many(5, newPhone)
  for (const phone of phones) await join(web, phone)
  const [one = '', two = '', ...others] = phones
  const [sid, crossed = ''] = [`SM${randomUUID().replaceAll('-', '')}`, others[0]]
  const [before, crossing] = [await openCrossing(), await openCrossing()]
  // While one is held on each lane, the others gather into one batch behind them.
  await before.hold(one)
  await before.hold(two)
  await crossing.write(sid)
  const said = [web.say(one, shift)]
  await pause(100)
  said.push(web.say(two, shift))
  await pause(100)
  said.push(...others.map((phone, at) => web.say(phone, shift, at === 2 ? { MessageSid: sid } : {})))
  await pause(200)
  await before.end()
  await pause(200)
  await crossing.hold(crossed)
  await crossing.end()
  const texts = (await Promise.all(said)).map(({ text }) => text)
  expect(texts.map((text) => text.slice(0, 5))).toEqual(phones.map(() => 'Saved'))
  expect(events('batch_again')).toMatchObject([{ reason: 'deadlock detected', messages: 3 }])
  expect(events('message_put_aside')).toEqual([])
  expect(await Promise.all(phones.map(versionOf))).toEqual(phones.map(() => 4))
})

/** Lets the next `times` commits of handled messages fail with this error, at the commit itself. */
async function failCommits(code: string, times: number): Promise<() => Promise<unknown>> {
  await sql`create sequence passages`.execute(stage.db)
  await sql`create function fail_commit() returns trigger language plpgsql as $$ begin
    if nextval('passages') <= ${sql.lit(times)} then raise exception 'crossed' using errcode = ${sql.lit(code)}; end if;
    return null; end $$`.execute(stage.db)
  await sql`create constraint trigger fail_commit after insert on inbound deferrable initially deferred
    for each row execute function fail_commit()`.execute(stage.db)
  return async () => {
    await sql`drop function fail_commit() cascade`.execute(stage.db)
    await sql`drop sequence passages`.execute(stage.db)
  }
}

test.each(['40P01', '40001', '55P03'])('a commit that fails with %s runs again', async (code) => {
  const phones = many(3, newPhone)
  await Promise.all(phones.map((phone) => join(web, phone)))
  const heal = await failCommits(code, 2)
  const said = await Promise.all(phones.map((phone) => web.say(phone, shift)))
  await heal()
  expect(said.map(({ text }) => text.slice(0, 5))).toEqual(phones.map(() => 'Saved'))
  expect(events('batch_again').length).toBeGreaterThan(0)
  expect(events('message_put_aside')).toEqual([])
  expect(await Promise.all(phones.map(versionOf))).toEqual(phones.map(() => 4))
})

test('whatever fails a whole batch, its messages run one by one, and only the one to blame is put aside', async () => {
  const phones = many(8, newPhone)
  await Promise.all(phones.map((phone) => join(web, phone)))
  const forms = phones.map((phone) => formOf(phone, shift))
  const heal = await poison(stage, forms[3]?.MessageSid ?? '')
  const said = await Promise.all(forms.map((form) => web.post(form)))
  await heal()
  expect(said.map(({ twiml }) => twiml === emptyTwiml)).toEqual(phones.map((_, at) => at === 3))
  expect(events('message_put_aside').map(({ sid }) => sid)).toEqual([forms[3]?.MessageSid])
  expect(await Promise.all(phones.map(versionOf))).toEqual(phones.map((_, at) => (at === 3 ? 3 : 4)))
})

test('nobody is forgotten in the queue, also where each look at the clock finds it a millisecond on', async () => {
  const phone = newPhone()
  const member = await join(web, phone)
  let clock = Date.now()
  const leap = vi.spyOn(Date, 'now').mockImplementation(() => ++clock)
  onTestFinished(() => leap.mockRestore())
  const { said, since } = await stage.db.transaction().execute(async (trx) => {
    await lockNow(trx, [memberKey(member)])
    const said = web.say(phone, 'MENU')
    await pause(50)
    return { said, since: performance.now() }
  })
  expect((await said).text).toMatch(/^What would/)
  expect(performance.now() - since).toBeLessThan(1_000)
})

test('two poisoned ones in a batch are both found', async () => {
  const phones = many(5, newPhone)
  const forms = phones.map((phone) => formOf(phone, 'hello'))
  const heals = [await poison(stage, forms[0]?.MessageSid ?? ''), await poison(stage, forms[4]?.MessageSid ?? '')]
  const said = await Promise.all(forms.map((form) => web.post(form)))
  for (const heal of heals) await heal()
  expect(said.map(({ text }) => text === '')).toEqual([true, false, false, false, true])
})
