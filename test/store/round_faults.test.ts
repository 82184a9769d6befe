// What befalls a round on its way: a failure at any place, a time-out, a value that cannot be written, a line that is
// cut or falls silent. Each statement ends once, and the connection is fit for the next round or known to be lost.
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { connection } from '../../src/store/database.ts'
import { newRound, nothingPrepared } from '../../src/store/round.ts'
import { type Statement, statement } from '../../src/store/statement.ts'
import { testDatabase } from '../stage/servers.ts'
import { openLine } from './line.ts'

let url: string
let drop: () => Promise<void>
beforeAll(async () => {
  const database = await testDatabase()
  ;({ url, drop } = database)
})
afterAll(() => drop())

type Asked = readonly [Statement<unknown>, readonly unknown[]]

/** A connection of the test's own, at `at`. */
async function open({ at = url, options = '', answerMs = 20_000 } = {}) {
  const client = new pg.Client(connection(at, { options }))
  const lost: string[] = []
  client.on('error', (error) => lost.push(error.message))
  await client.connect()
  onTestFinished(() => client.end())
  const prepared = nothingPrepared((oid) => client.getTypeParser(oid, 'text'), answerMs)
  const ask = async (...all: readonly Asked[]): Promise<unknown[]> => {
    const round = newRound(prepared)
    const answers = all.map(([each, values]) => round.ask(each, values).then(({ rows }) => rows))
    round.close()
    client.query(round)
    const ended = await Promise.allSettled(answers)
    return ended.map((each) => (each.status === 'fulfilled' ? each.value : each.reason.message))
  }
  return { ask, lost, client }
}

const one = statement('one', 'select 1 as one')
const half = statement('half', 'select 1 / $1::int as half')
const rollback = statement('rollback', 'rollback')

test('wherever statements fail, by their text or their values, each ends once and later rounds are right', async () => {
  const { ask } = await open()
  let names = 0
  const kinds = fc.constantFrom('fine', 'again', 'divides', 'unparsed', 'unwritable')
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(kinds, { minLength: 1, maxLength: 5 }), { maxLength: 5 }),
      async (rounds) => {
        for (const kindsOfRound of rounds) {
          const fresh = statement(`fresh_${names++ % 7}`, 'select $1::text as said')
          const asked = {
            fine: [one, []],
            again: [fresh, ['x']],
            divides: [half, [0]],
            unparsed: [statement('unparsed', 'select nothing_of_this_name'), []],
            unwritable: [statement('unwritable', 'select $1::bigint[]'), [[Number.NaN]]],
          } satisfies Record<string, Asked>
          const said = await ask(...kindsOfRound.map((kind): Asked => asked[kind]))
          const failsAt = kindsOfRound.findIndex((kind) => kind === 'divides' || kind === 'unparsed')
          const fails = kindsOfRound.includes('unwritable') ? 0 : failsAt
          const right = { fine: [{ one: 1 }], again: [{ said: 'x' }] }
          const expected = kindsOfRound.map((kind, at) =>
            (fails >= 0 && at >= fails) || !(kind === 'fine' || kind === 'again')
              ? expect.any(String)
              : right[kind],
          )
          expect(said).toEqual(expected)
        }
        expect(await ask([one, []], [half, [1]])).toEqual([[{ one: 1 }], [{ half: 1 }]])
      },
    ),
    { numRuns: 30 },
  )
})

const column = (type: string) => statement(`column_of_${type}`, `select unnest($1::${type}[])::text as cell`)

test.for([
  ['bigint', Number.NaN],
  ['bigint', 1.5],
  ['bigint', '9223372036854775808'],
  ['int', Number.NaN],
  ['int', 1.5],
  ['int', 2 ** 31],
  ['smallint', 40_000],
  ['smallint', Number.NaN],
  ['date', 'tomorrow'],
  ['date', '2026-02-30T'],
  ['timestamptz', new Date(Number.NaN)],
  ['bytea', 'abc'],
  ['bytea', 'no hex'],
  ['text', 5],
] as const)('%s: %s is refused, and nothing else is written in its place', async ([type, cell]) => {
  const { ask } = await open()
  expect(await ask([one, []], [column(type), [[cell]]])).toEqual([
    expect.stringContaining(`Statement column_of_${type}: `),
    expect.stringContaining(`Statement column_of_${type}: `),
  ])
  expect(await ask([column(type), [[null]]])).toEqual([[{ cell: null }]])
})

test('a text that Postgres does not keep is refused by it; half a letter becomes the sign for one', async () => {
  const { ask } = await open()
  expect(await ask([column('text'), [['a\0b']]])).toEqual([expect.stringContaining('invalid byte sequence')])
  expect(await ask([column('text'), [['a\ud83d']]])).toEqual([[{ cell: 'a\ufffd' }]])
  expect(await ask([column('jsonb'), [['{"a":"\\u0000"}']]])).toEqual([expect.stringContaining('Unicode escape')])
})

test('a round of a thousand statements and megabytes comes back whole, and the next on the same page', async () => {
  const { ask } = await open()
  const size = statement('size', 'select sum(length(each)) as size from unnest($1::text[]) as each')
  const many = Array.from({ length: 1_000 }, (_, at): Asked => [size, [Array(at % 40).fill('é'.repeat(200))]])
  expect(await ask(...many)).toEqual(many.map((_, at) => [{ size: at % 40 === 0 ? null : (at % 40) * 200 }]))
  expect(await ask([one, []])).toEqual([[{ one: 1 }]])
})

test.for([
  ['statement_timeout', '-c statement_timeout=50ms', 'select pg_sleep(30)', 'statement timeout'],
  ['lock_timeout', '-c lock_timeout=50ms', 'select pg_advisory_xact_lock(77)', 'lock timeout'],
] as const)(
  '%s in the middle of a round ends what is behind it, and the lane goes on',
  async ([, options, text, why]) => {
    const holder = await open()
    await holder.ask([statement('hold', 'select pg_advisory_lock(77)'), []])
    const { ask, lost } = await open({ options })
    const begin = statement('begin', 'begin')
    const said = await ask([begin, []], [statement('waits', text), []], [one, []])
    expect(said).toEqual([[], expect.stringContaining(why), expect.stringContaining(why)])
    expect(await ask([rollback, []], [one, []])).toEqual([[], [{ one: 1 }]])
    expect(lost).toEqual([])
  },
)

test('a backend that is ended in the middle of a round: what was answered stands, the rest fails once', async () => {
  const { ask, lost, client } = await open()
  const end = statement('end_itself', 'select pg_terminate_backend(pg_backend_pid())')
  const said = await ask([one, []], [end, []], [half, [1]])
  expect(said.slice(1)).toEqual([expect.stringContaining('terminat'), expect.stringContaining('terminat')])
  await expect.poll(() => lost.length).toBeGreaterThan(0)
  expect(await ask([one, []])).toEqual([expect.stringMatching(/not queryable|ended|terminated/)])
  await client.end()
})

test.for(['cut_before', 'cut_after'] as const)('a line that is %s the round fails it once', async (verdict) => {
  const { wire, at } = await openLine(url)
  const { ask, lost } = await open({ at })
  expect(await ask([one, []])).toEqual([[{ one: 1 }]])
  wire.watch(() => verdict)
  expect(await ask([one, []], [half, [1]])).toEqual([expect.any(String), expect.any(String)])
  await expect.poll(() => lost.length).toBeGreaterThan(0)
})

test('a line that falls silent is taken for lost, and what waits behind it ends too', async () => {
  const { wire, at } = await openLine(url)
  const { ask, lost } = await open({ at, answerMs: 200 })
  expect(await ask([one, []])).toEqual([[{ one: 1 }]])
  wire.hold()
  const silent = expect.stringContaining('Postgres has not answered within 200 ms')
  expect(await ask([one, []], [half, [1]])).toEqual([silent, silent])
  expect(lost.length).toBeGreaterThan(0)
})

/** A line whose server is cut off once it has said so many bytes more. */
async function openShortLine() {
  const { wire, at } = await openLine(url)
  let left = Number.POSITIVE_INFINITY
  let said = 0
  wire.hear((piece) => {
    said += piece.length
    left -= piece.length
    return left < 0 ? piece.subarray(0, Math.max(0, piece.length + left)) : undefined
  })
  return {
    at,
    said: () => said,
    cutAfter: (bytes: number) => {
      left = bytes
    },
  }
}

test('an answer that breaks off at any byte: whole statements are answered, the rest fail once', async () => {
  const short = await openShortLine()
  const asked: Asked[] = [
    [one, []],
    [statement('words', "select 'word ' || n as word from generate_series(1, 3) as n"), []],
    [half, [1]],
  ]
  const full = [[{ one: 1 }], [1, 2, 3].map((n) => ({ word: `word ${n}` })), [{ half: 1 }]]
  const whole = await open({ at: short.at })
  const before = short.said()
  expect(await whole.ask(...asked)).toEqual(full)
  const length = short.said() - before
  for (let bytes = 0; bytes < length; bytes += 7) {
    const { ask, lost } = await open({ at: short.at })
    short.cutAfter(bytes)
    const said = await ask(...asked)
    short.cutAfter(Number.POSITIVE_INFINITY)
    const failed = said.findIndex((each) => typeof each === 'string')
    const answered = failed < 0 ? full.length : failed
    expect(said).toEqual(full.map((rows, at) => (at < answered ? rows : expect.any(String))))
    await expect.poll(() => lost.length).toBeGreaterThan(0)
  }
})
