// Rounds of statements on a real Postgres: what goes out as binary columns comes back as it was, and a statement that
// fails leaves the connection fit for the next round.
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connection } from '../../src/store/database.ts'
import { newRound, nothingPrepared, type Prepared } from '../../src/store/round.ts'
import { type Statement, statement } from '../../src/store/statement.ts'
import { testDatabase } from '../stage/servers.ts'

let client: pg.Client
let drop: () => Promise<void>
let prepared: Prepared

beforeAll(async () => {
  const database = await testDatabase()
  drop = database.drop
  client = new pg.Client(connection(database.url))
  await client.connect()
  prepared = nothingPrepared((oid) => client.getTypeParser(oid, 'text'))
})
afterAll(async () => {
  await client.end()
  await drop()
})

type Asked = readonly [Statement<unknown>, readonly unknown[]]

async function ask(...all: readonly Asked[]): Promise<PromiseSettledResult<object[]>[]> {
  const round = newRound(prepared)
  const answers = all.map(([each, values]) => round.ask(each, values).then(({ rows }) => rows))
  round.close()
  client.query(round)
  return Promise.allSettled(answers)
}

const values = (result: PromiseSettledResult<object[]> | undefined) =>
  result?.status === 'fulfilled' ? result.value : result?.reason.message

const text = fc.string({ unit: 'binary' }).map((each) => each.replaceAll('\0', '').toWellFormed())
const columns = {
  bigint: fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
  int: fc.integer(),
  smallint: fc.integer({ min: -32_768, max: 32_767 }),
  float8: fc.double({ noNaN: true }),
  boolean: fc.boolean(),
  text,
  bytea: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  jsonb: fc.dictionary(text, fc.integer()).map((each) => JSON.stringify(each)),
  timestamptz: fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
  date: fc
    .date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
    .map((each) => each.toISOString().slice(0, 10)),
}

test.for(Object.entries(columns))('a column of %s comes back as it was', async ([type, cells]) => {
  const echo = statement<{ cell: unknown }>(`echo_${type}`, `select unnest($1::${type}[]) as cell`)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option<unknown>(cells as fc.Arbitrary<unknown>)), async (column) => {
      const [rows] = await ask([echo, [column]])
      const read = type === 'jsonb' ? column.map((cell) => cell && JSON.parse(String(cell))) : column
      expect(values(rows)).toEqual(read.map((cell) => ({ cell })))
    }),
    { numRuns: 40 },
  )
})

test('a column longer than the page it is written on', async () => {
  const long = statement('long', 'select length(($1::text[])[2]) as length')
  expect(values((await ask([long, [['a', 'é'.repeat(200_000)]]]))[0])).toEqual([{ length: 200_000 }])
})

const one = statement('one', 'select 1 as one')
const broken = statement('broken', 'select 1 / $1::int as half')
const two = statement('two', 'select 2 as two')

test('what stands before a failure is answered, what stands behind it fails with it', async () => {
  const results = await ask([one, []], [broken, [0]], [two, []])
  expect(results.map(values)).toEqual([[{ one: 1 }], 'division by zero', 'division by zero'])
  expect((await ask([one, []], [broken, [1]], [two, []])).map(values)).toEqual([
    [{ one: 1 }],
    [{ half: 1 }],
    [{ two: 2 }],
  ])
})

test('a failed row takes the commit with it', async () => {
  const [begin, commit, rollback] = ['begin', 'commit', 'rollback'].map((word) => statement(word, word))
  if (!begin || !commit || !rollback) throw new Error('three words')
  const results = await ask([begin, []], [broken, [0]], [commit, []])
  expect(results.map(values)).toEqual([[], 'division by zero', 'division by zero'])
  const failed = statement('failed', 'select 3 as three')
  expect((await ask([failed, []])).map(values)[0]).toMatch(/current transaction is aborted/)
  expect((await ask([rollback, []], [failed, []])).map(values)).toEqual([[], [{ three: 3 }]])
})

test('a column without a type is refused where it is declared or sent', async () => {
  expect(() => statement('odd', 'select $1::money[]')).toThrow('no column of type money')
  const bare = statement('bare', 'select $1 as cell')
  const refused = expect.stringMatching(/^Statement bare: a column has no declared type: cast its parameter/)
  expect((await ask([one, []], [bare, [[1]]], [two, []])).map(values)).toEqual([refused, refused, refused])
  expect((await ask([one, []], [two, []])).map(values)).toEqual([[{ one: 1 }], [{ two: 2 }]])
})

test('a round that is begun while another waits for its turn leaves that one as it was', async () => {
  const rounds = [one, two].map((each) => {
    const round = newRound(prepared)
    const rows = round.ask(each, []).then((answer) => answer.rows)
    round.close()
    return { round, rows }
  })
  for (const { round } of rounds) client.query(round)
  expect(await Promise.all(rounds.map(({ rows }) => rows))).toEqual([[{ one: 1 }], [{ two: 2 }]])
})
