// What a repeat is answered, from the rows of those that came before and the boxes that their replies lie in.
import path from 'node:path'
import pino from 'pino'
import { expect, test } from 'vitest'
import { answersOf } from '../../../src/exchange/batch/known.ts'
import type { BoxRow, KnownRow } from '../../../src/exchange/batch/statements.ts'
import { silence } from '../../../src/exchange/message.ts'
import { makeKeys } from '../../../src/store/keys.ts'
import { sealReplies } from '../../../src/store/reply_box.ts'
import { testFolder } from '../../stage/folder.ts'

const keys = makeKeys(path.join(testFolder(), 'keys'))
const log = pino({ level: 'silent' })
const row = (sid: string, reply_box: number | null, reply_at: number | null): KnownRow => ({
  ...{ sid, reply_box, reply_at, state: 'handled', states_fact: true, person: null },
})
const said = (text: string) => ({ state: 'handled', answer: { end: 'answered', text, statesFact: true } })
const silent = { state: 'handled', answer: silence }

async function answers(rows: readonly KnownRow[], boxes: readonly BoxRow[]) {
  const asked: (readonly number[])[] = []
  const known = await answersOf({ keys, log }, rows, async (ids) => {
    asked.push(ids)
    return boxes.filter(({ id }) => ids.includes(id))
  })
  return { known: Object.fromEntries(known), asked }
}

test('each box is asked for once, and each row gets its own of it', async () => {
  const boxes = [
    { id: 7, sealed: sealReplies(keys, ['a', 'b', 'c']) },
    { id: 8, sealed: sealReplies(keys, ['d']) },
  ]
  const rows = [row('1', 7, 2), row('2', 8, 0), row('3', null, null), row('4', 7, 0)]
  const { known, asked } = await answers(rows, boxes)
  expect(known).toEqual({ 1: said('c'), 2: said('d'), 3: silent, 4: said('a') })
  expect(asked).toEqual([[7, 8]])
})

test('nothing is asked for where no reply was kept', async () => {
  expect(await answers([row('1', null, null)], [])).toEqual({ known: { 1: silent }, asked: [] })
})

test('a box that is gone, a place that is blank and one that never was are silence', async () => {
  const boxes = [{ id: 7, sealed: sealReplies(keys, ['', 'b']) }]
  const { known } = await answers([row('1', 6, 0), row('2', 7, 0), row('3', 7, 2), row('4', 7, 1)], boxes)
  expect(known).toEqual({ 1: silent, 2: silent, 3: silent, 4: said('b') })
})

test('a box that does not open is silence, and the others are answered', async () => {
  const damaged = sealReplies(keys, ['a'])
  damaged[20] = (damaged[20] ?? 0) ^ 1
  const ofNoKey = sealReplies(keys, ['b'])
  ofNoKey[0] = 99
  const boxes = [
    { id: 7, sealed: damaged },
    { id: 8, sealed: ofNoKey },
    { id: 9, sealed: sealReplies(keys, ['c']) },
  ]
  const { known } = await answers([row('1', 7, 0), row('2', 8, 0), row('3', 9, 0)], boxes)
  expect(known).toEqual({ 1: silent, 2: silent, 3: said('c') })
})
