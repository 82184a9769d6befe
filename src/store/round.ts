// Several statements that go to Postgres in one write and come back in one: what a round trip costs is paid once.
// Postgres runs them in their order, each with a look of its own at the data, and after one that fails none.
// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
import type { Duplex } from 'node:stream'
import type pg from 'pg'
import { type Cell, writeArray } from './arrays.ts'
import { newPage, type Page, putByte, putBytes, putInt16, putInt32, putMeasured, putText, written } from './page.ts'
import type { Statement } from './statement.ts'

interface Asked {
  readonly statement: Statement<unknown>
  readonly rows: object[]
  resolve(answer: Answer): void
  reject(error: Error): void
}

export interface Answer {
  readonly rows: object[]
  /** What Postgres says that it did: INSERT 0 1, COMMIT. */
  readonly command: string
}

interface Field {
  readonly name: string
  read(text: string): unknown
}

type Described = { readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[] }

type ParserOf = (oid: number) => (text: string) => unknown

/** What the rounds of one connection share. */
export interface Prepared {
  /** The fields of the rows of each statement that it has prepared. */
  readonly fields: Map<string, readonly Field[]>
  /** One round is written and closed before the next is begun. */
  readonly page: Page
  readonly parserOf: ParserOf
  /** How long an answer may take in milliseconds, until the connection is taken for lost. */
  readonly answerMs: number
  /** The line to Postgres, once a round went over it. */
  line?: Duplex
}

// Postgres ends a statement long before, see the limits of a lane: a server that is gone without a word does not.
const longestAnswerMs = 20_000

/** A connection that has prepared nothing yet. */
export const nothingPrepared = (parserOf: ParserOf, answerMs = longestAnswerMs): Prepared => ({
  fields: new Map(),
  page: newPage(),
  parserOf,
  answerMs,
})

/** Filled by `ask`, closed, then handed to the client of the connection as a query. */
export interface Round extends pg.Submittable {
  /** A value that cannot be written fails the whole round, and nothing of it is sent. */
  ask(statement: Statement<unknown>, values: readonly unknown[]): Promise<Answer>
  /** Nothing more is asked in this round: the next may be begun. */
  close(): void
}

/** Begins a round; `ended` is called once it is answered, or has failed. */
export function newRound(prepared: Prepared, ended = () => {}): Round {
  const asked: Asked[] = []
  let broken: Error | undefined
  let bytes: Buffer | undefined
  prepared.page.at = 0
  return {
    ask: (statement, values) =>
      new Promise((resolve, reject) => {
        asked.push({ statement, rows: [], resolve, reject })
        try {
          write(prepared, statement, values)
        } catch (error) {
          broken ??= new Error(`Statement ${statement.name}: ${error instanceof Error ? error.message : error}`)
        }
      }),
    close: () => {
      putBytes(prepared.page, sync)
      bytes = Buffer.from(written(prepared.page))
    },
    // The client of pg takes an error that this returns for the answer.
    submit: ({ stream }: pg.Connection) => {
      if (broken || !bytes) return broken ?? new Error('a round was sent before it was closed')
      stream.write(bytes)
      prepared.line = stream
      return undefined
    },
    ...hearing(prepared, asked, ended),
  }
}

/** What the client of pg calls as the answers come. */
function hearing(prepared: Prepared, asked: Asked[], ended: () => void) {
  const { fields: known, parserOf } = prepared
  const waits = watch(prepared)
  let at = 0
  const current = (): Asked => {
    const each = asked[at]
    if (!each) throw new Error('Postgres answered more statements than it was asked')
    return each
  }
  const handleError = (error: Error) => {
    clearTimeout(waits)
    // None of these need be prepared: some were not looked at any more.
    for (const { statement, reject } of asked.splice(at)) {
      known.delete(statement.name)
      reject(error)
    }
    ended()
  }
  return {
    handleError,
    handleRowDescription: ({ fields }: Described) => {
      const shape = fields.map(({ name, dataTypeID }) => ({ name, read: parserOf(dataTypeID) }))
      known.set(current().statement.name, shape)
    },
    handleDataRow: ({ fields: texts }: { fields: readonly (string | null)[] }) => {
      const { statement, rows } = current()
      rows.push(rowOf(known.get(statement.name) ?? [], texts))
    },
    handleCommandComplete: ({ text }: { text: string }) => {
      const { rows, resolve } = current()
      at++
      resolve({ rows, command: text })
    },
    handleReadyForQuery: () => {
      clearTimeout(waits)
      if (at < asked.length) handleError(new Error('Postgres left statements unanswered'))
      else ended()
    },
  }
}

// From when it is begun: it may stand behind a round whose end never comes.
const watch = (prepared: Prepared): NodeJS.Timeout =>
  setTimeout(() => {
    prepared.line?.destroy(new Error(`timeout: Postgres has not answered within ${prepared.answerMs} ms`))
  }, prepared.answerMs)

function rowOf(fields: readonly Field[], texts: readonly (string | null)[]): object {
  const row: Record<string, unknown> = {}
  for (let at = 0; at < fields.length; at++) {
    const [field, text] = [fields[at] as Field, texts[at] ?? null]
    row[field.name] = text === null ? null : field.read(text)
  }
  return row
}

function write({ page, fields }: Prepared, statement: Statement<unknown>, values: readonly unknown[]): void {
  const known = fields.get(statement.name)
  if (!known) writeParse(page, statement)
  writeBind(page, statement, values)
  if (!known) putBytes(page, describe)
  putBytes(page, execute)
  if (!known) fields.set(statement.name, [])
}

const nul = 0
const [text, binary] = [0, 1]
const describe = Buffer.from('D\0\0\0\u0006P\0', 'latin1')
const execute = Buffer.from('E\0\0\0\u0009\0\0\0\0\0', 'latin1')
const sync = Buffer.from('S\0\0\0\u0004', 'latin1')

function writeMessage(page: Page, kind: string, write: () => void): void {
  putText(page, kind)
  putMeasured(page, write, true)
}

function writeString(page: Page, value: string): void {
  putText(page, value)
  putByte(page, nul)
}

// It may be there of a round that failed before its answer came; closing what is not there is no error.
function writeParse(page: Page, { name, text }: Statement<unknown>): void {
  writeMessage(page, 'C', () => writeString(page, `S${name}`))
  writeMessage(page, 'P', () => {
    writeString(page, name)
    writeString(page, text)
    putInt16(page, 0)
  })
}

function writeBind(page: Page, { name, columns }: Statement<unknown>, values: readonly unknown[]): void {
  writeMessage(page, 'B', () => {
    writeString(page, '')
    writeString(page, name)
    putInt16(page, values.length)
    for (const value of values) putInt16(page, Array.isArray(value) || Buffer.isBuffer(value) ? binary : text)
    putInt16(page, values.length)
    values.forEach((value, at) => {
      writeValue(page, columns[at], value)
    })
    putInt16(page, 1)
    putInt16(page, text)
  })
}

function writeValue(page: Page, column: string | undefined, value: unknown): void {
  if (value === null || value === undefined) putInt32(page, -1)
  else if (Array.isArray(value)) putMeasured(page, () => writeArray(page, column, value as Cell[]))
  else if (Buffer.isBuffer(value)) putMeasured(page, () => putBytes(page, value))
  else putMeasured(page, () => putText(page, value instanceof Date ? value.toISOString() : String(value)))
}
