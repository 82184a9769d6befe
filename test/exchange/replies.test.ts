// The replies of a batch lie in one seal: each repeat gets its own of them to the byte, wherever it is asked, until it
// is forgotten or erased, and no erasure takes the reply of another.
import { rmSync } from 'node:fs'
import { sql } from 'kysely'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { eraseMember } from '../../src/coop/members/erase_queries.ts'
import { putAside } from '../../src/exchange/aside/put_aside.ts'
import { forget } from '../../src/exchange/worker/retention.ts'
import { lookForUnconfirmed } from '../../src/messaging/callbacks/unconfirmed.ts'
import { makeKeys, rotateKeys } from '../../src/store/keys.ts'
import { unsealReplies } from '../../src/store/reply_box.ts'
import { emptyTwiml } from '../../src/twilio/twiml.ts'
import { command } from '../commands/program.ts'
import { testFolder } from '../stage/folder.ts'
import { lockWaits } from '../stage/lock_waits.ts'
import { inbound } from './aside/stage.ts'
import { inOneBatch, messageOf, textOf } from './batch/one_batch.ts'
import { type Form, formOf, join, many, newPhone, twoWebs, until } from './stage.ts'

const { stage, web, other } = await twoWebs()
afterEach(() => {
  expect(stage.logs.splice(0)).toEqual([])
})

interface Talker {
  readonly member: number
  readonly form: Form
  readonly said: string
}
function pick(talkers: readonly Talker[], at: number): Talker {
  const talker = talkers[at]
  if (!talker) throw new Error(`nobody talked at ${at}`)
  return talker
}
const sidOf = ({ form }: Talker): string => form.MessageSid ?? ''
const boxOf = async (talker: Talker) => (await inbound(stage, sidOf(talker))).reply_box

let shifts = 0
/** Members who each say something in one batch; no answer is another's, nor of another batch. */
async function batchOf(count: number): Promise<Talker[]> {
  const phones = many(count, newPhone)
  const members = await Promise.all(phones.map((phone) => join(web, phone)))
  const forms = phones.map((phone) => formOf(phone, `SHIFT 8 ${1900 + shifts++} 300`))
  const said = await inOneBatch(web, forms)
  expect(new Set(said).size).toBe(count)
  const talkers = forms.map((form, at) => ({ form, member: members[at] ?? 0, said: said[at] ?? '' }))
  expect(new Set(await Promise.all(talkers.map(boxOf))).size).toBe(1)
  return talkers
}

const erase = (talker: Talker) => eraseMember(stage.db, stage.keys, 'drivers', talker.member)
const repeats = (talkers: readonly Talker[], at = web) =>
  inOneBatch(
    at,
    talkers.map(({ form }) => form),
  )
const boxes = () => stage.db.selectFrom('replies').selectAll().orderBy('id').execute()
const textsKept = async () => (await boxes()).flatMap(({ sealed }) => unsealReplies(stage.keys, sealed))
/** The texts of some, and silence for the others. */
const saidBut = (talkers: readonly Talker[], ...gone: readonly Talker[]) =>
  talkers.map((talker) => (gone.includes(talker) ? '' : talker.said))

describe('a repeat', () => {
  test('of one among many gets the same bytes, by another process and after a restart', async () => {
    const talkers = await batchOf(30)
    const [first, middle] = [pick(talkers, 0), pick(talkers, 17)]
    const twiml = (await web.post(middle.form)).twiml
    expect(twiml).toContain(`>${middle.said}</Message>`)
    expect((await other.post(middle.form)).twiml).toBe(twiml)
    expect((await (await stage.open()).post(middle.form)).twiml).toBe(twiml)
    expect((await web.post(first.form)).text).toBe(first.said)
  })

  test('of all of a box, in one batch with new messages and repeats of another box', async () => {
    const [talkers, others] = [await batchOf(20), await batchOf(3)]
    const fresh = formOf(newPhone(), 'hello')
    const forms = [...others.map(({ form }) => form), fresh, ...talkers.map(({ form }) => form)]
    const texts = await inOneBatch(other, forms)
    expect(texts.toSpliced(others.length, 1)).toEqual([...others, ...talkers].map(({ said }) => said))
    expect(texts[others.length]).toMatch(/^Welcome/)
  })

  test('of a message that was not answered is not answered, and a batch without answers makes no box', async () => {
    const phones = many(2, newPhone)
    const before = (await boxes()).length
    const silent = phones.map((phone) => formOf(phone, 'STOP'))
    expect(await inOneBatch(web, silent)).toEqual(['', ''])
    expect((await boxes()).length).toBe(before)
    const mixed = [formOf(newPhone(), 'STOP'), formOf(newPhone(), 'hello'), formOf(newPhone(), 'STOP')]
    const said = await inOneBatch(web, mixed)
    expect(said).toEqual(['', expect.stringMatching(/^Welcome/), ''])
    expect(await inOneBatch(other, mixed)).toEqual(said)
    expect((await boxes()).length).toBe(before + 1)
  })

  test('that is put aside, since it came late, gets its answer too', async () => {
    const one = pick(await batchOf(2), 1)
    const { pool, log } = web.parts
    const answer = await putAside({ pool, keys: stage.keys, log }, await messageOf(web, one.form), 'late', 0)
    expect(textOf(answer)).toBe(one.said)
    expect(stage.logs.splice(0)).toMatchObject([{ event: 'message_put_aside' }])
  })
})

describe('an erasure', () => {
  test('takes her replies alone: the others’ repeats are the same to the byte, hers silent', async () => {
    const talkers = await batchOf(5)
    const gone = pick(talkers, 1)
    const before = await Promise.all(talkers.map(({ form }) => web.post(form)))
    const hers = (await textsKept()).filter((text) => text.includes(` ${gone.member} `) || text === gone.said)
    expect(hers.length).toBeGreaterThan(1)
    await erase(gone)
    const kept = await textsKept()
    expect(hers.filter((text) => kept.includes(text))).toEqual([])
    expect(await repeats(talkers, other)).toEqual(saidBut(talkers, gone))
    const after = await Promise.all(talkers.map(({ form }) => web.post(form)))
    expect(after.map(({ twiml }) => twiml)).toEqual(
      before.map(({ twiml }, at) => (talkers[at] === gone ? emptyTwiml : twiml)),
    )
  })

  test('of two at once in the same boxes, beside repeats of the others', async () => {
    const talkers = await batchOf(12)
    const [one, two] = [pick(talkers, 3), pick(talkers, 9)]
    const rest = talkers.filter((each) => each !== one && each !== two)
    const box = (await boxOf(one)) ?? 0
    const { erased, asked } = await stage.db.transaction().execute(async (trx) => {
      await trx.selectFrom('replies').select('id').where('id', '=', box).forUpdate().execute()
      const erased = Promise.all([erase(one), erase(two)])
      await until('both wait for it', async () => (await lockWaits(stage.db)) >= 2)
      return { erased, asked: await repeats(rest) }
    })
    await erased
    expect(asked).toEqual(saidBut(rest))
    expect(await repeats(talkers)).toEqual(saidBut(talkers, one, two))
    const kept = await textsKept()
    expect([one.said, two.said].filter((text) => kept.includes(text))).toEqual([])
  })

  test('of everyone in a box leaves no box', async () => {
    const talkers = await batchOf(2)
    const id = await boxOf(pick(talkers, 0))
    for (const each of talkers) await erase(each)
    expect((await boxes()).map((box) => box.id)).not.toContain(id)
    expect(await repeats(talkers)).toEqual(['', ''])
  })

  test('is not refused for a lost key: what does not open goes whole, and the command says so', async () => {
    const talkers = await batchOf(3)
    const gone = pick(talkers, 0)
    const rotated = `${testFolder()}/keys`
    makeKeys(rotated)
    rotateKeys(rotated)
    rmSync(`${rotated}/seal-1.key`)
    onTestFinished(() => rmSync(rotated, { recursive: true, force: true }))
    expect(await textsKept()).toContain(gone.said)
    const env = { DATABASE_URL: stage.databaseUrl, COOPLINE_KEYS: rotated }
    const said = await command(env, 'member', 'erase', `${gone.member}`, '--yes')
    expect(said).toMatchObject({ code: 0, out: expect.stringContaining('is erased') })
    expect(said.error).toMatch(/did not open \d+ box/)
    expect(await repeats(talkers)).toEqual(['', '', ''])
    expect(await textsKept()).not.toContain(gone.said)
  })

  test('by the command leaves the others’ replies, with a key that the processes do not know yet', async () => {
    const talkers = await batchOf(3)
    const gone = pick(talkers, 1)
    rotateKeys(stage.keyFolder)
    const env = { DATABASE_URL: stage.databaseUrl, COOPLINE_KEYS: stage.keyFolder }
    const said = await command(env, 'member', 'erase', `${gone.member}`, '--yes')
    expect(said).toMatchObject({ code: 0, error: '' })
    expect((await boxes()).some(({ sealed }) => sealed[0] === 2)).toBe(true)
    expect(await repeats(talkers, other)).toEqual(saidBut(talkers, gone))
  })

  test('without a key directory takes every box that holds a reply of hers', async () => {
    const talkers = await batchOf(2)
    const gone = pick(talkers, 0)
    const env = { DATABASE_URL: stage.databaseUrl, COOPLINE_KEYS: `${testFolder()}/none` }
    const said = await command(env, 'member', 'erase', `${gone.member}`, '--yes')
    expect(said).toMatchObject({ code: 0, error: expect.stringMatching(/did not open/) })
    expect(await repeats(talkers)).toEqual(['', ''])
  })
})

test('after a week its box is gone: a repeat gets silence, and nobody looks for the answer any more', async () => {
  const talkers = await batchOf(4)
  const one = pick(talkers, 0)
  const week = sql<Date>`made_at - interval '8 days'`
  await stage.db.updateTable('replies').set({ made_at: week }).execute()
  await sql`update inbound set confirm_by = received_at where confirm_by is not null`.execute(stage.db)
  expect(await inbound(stage, sidOf(one))).toMatchObject({ confirm_by: expect.any(Date) })
  await forget(stage.db)
  expect(await boxes()).toEqual([])
  expect(await repeats(talkers)).toEqual(['', '', '', ''])
  expect((await web.post(one.form)).twiml).toBe(emptyTwiml)
  await lookForUnconfirmed(web.counter.desk)
  expect(await inbound(stage, sidOf(one))).toMatchObject({ confirm_by: null })
  expect(await stage.posted()).toEqual([])
  await erase(one)
})
