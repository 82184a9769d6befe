// Several statements that go to Postgres in one write and come back in one: what a round trip costs is paid once.
// Postgres runs them in their order, each with a look of its own at the data, and after one that fails none.
// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
import type pg from 'pg'
import { type Cell, writeArray } from './arrays.ts'
import { Page } from './page.ts'
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

/** What the rounds of one connection share. */
export class Prepared {
  /** The fields of the rows of each statement that it has prepared. */
  readonly fields = new Map<string, readonly Field[]>()
  /** One round is written and sent before the next is begun. */
  readonly page = new Page()
  readonly parserOf: (oid: number) => (text: string) => unknown

  constructor(parserOf: (oid: number) => (text: string) => unknown) {
    this.parserOf = parserOf
  }
}

/** One round: filled by `ask`, then handed to the client of the connection as a query. */
export class Round implements pg.Submittable {
  readonly #asked: Asked[] = []
  readonly #prepared: Prepared
  #at = 0
  #broken: Error | undefined

  constructor(prepared: Prepared) {
    this.#prepared = prepared
    prepared.page.clear()
  }

  /** A value that cannot be written fails the whole round, and nothing of it is sent. */
  ask(statement: Statement<unknown>, values: readonly unknown[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ statement, rows: [], resolve, reject })
      try {
        this.#write(statement, values)
      } catch (error) {
        this.#broken ??= new Error(`Statement ${statement.name}: ${error instanceof Error ? error.message : error}`)
      }
    })
  }

  #write(statement: Statement<unknown>, values: readonly unknown[]): void {
    const { page, fields } = this.#prepared
    const isFresh = !fields.has(statement.name)
    if (isFresh) writeParse(page, statement)
    writeBind(page, statement, values)
    if (isFresh) page.bytes(describe)
    page.bytes(execute)
    fields.set(statement.name, fields.get(statement.name) ?? [])
  }

  /** Sends the round; the client of pg takes an error that this returns for the answer. */
  submit(connection: pg.Connection): Error | undefined {
    if (this.#broken) return this.#broken
    this.#prepared.page.bytes(sync)
    // A copy: the stream may keep it for a while.
    connection.stream.write(Buffer.from(this.#prepared.page.written))
    return undefined
  }

  // The rest is what the client of pg calls as the answers come.

  handleRowDescription({ fields }: Described): void {
    const { parserOf } = this.#prepared
    const shape = fields.map(({ name, dataTypeID }) => ({ name, read: parserOf(dataTypeID) }))
    this.#prepared.fields.set(this.#current().statement.name, shape)
  }

  handleDataRow({ fields: texts }: { fields: readonly (string | null)[] }): void {
    const { statement, rows } = this.#current()
    const fields = this.#prepared.fields.get(statement.name) ?? []
    const row: Record<string, unknown> = {}
    for (let at = 0; at < fields.length; at++) {
      const [field, text] = [fields[at] as Field, texts[at] ?? null]
      row[field.name] = text === null ? null : field.read(text)
    }
    rows.push(row)
  }

  handleCommandComplete({ text }: { text: string }): void {
    const { rows, resolve } = this.#current()
    this.#at++
    resolve({ rows, command: text })
  }

  handleReadyForQuery(): void {
    if (this.#at < this.#asked.length) this.handleError(new Error('Postgres left statements unanswered'))
  }

  handleError(error: Error): void {
    // None of these need be prepared: some were not looked at any more.
    for (const { statement, reject } of this.#asked.splice(this.#at)) {
      this.#prepared.fields.delete(statement.name)
      reject(error)
    }
  }

  #current(): Asked {
    const current = this.#asked[this.#at]
    if (!current) throw new Error('Postgres answered more statements than it was asked')
    return current
  }
}

const nul = 0
const [text, binary] = [0, 1]
const describe = Buffer.from('D\0\0\0\u0006P\0', 'latin1')
const execute = Buffer.from('E\0\0\0\u0009\0\0\0\0\0', 'latin1')
const sync = Buffer.from('S\0\0\0\u0004', 'latin1')

function writeMessage(page: Page, kind: string, write: () => void): void {
  page.text(kind)
  page.measured(write, true)
}

function writeString(page: Page, value: string): void {
  page.text(value)
  page.byte(nul)
}

// It may be there of a round that failed before its answer came; closing what is not there is no error.
function writeParse(page: Page, { name, text }: Statement<unknown>): void {
  writeMessage(page, 'C', () => writeString(page, `S${name}`))
  writeMessage(page, 'P', () => {
    writeString(page, name)
    writeString(page, text)
    page.int16(0)
  })
}

function writeBind(page: Page, { name, columns }: Statement<unknown>, values: readonly unknown[]): void {
  writeMessage(page, 'B', () => {
    writeString(page, '')
    writeString(page, name)
    page.int16(values.length)
    for (const value of values) page.int16(Array.isArray(value) || Buffer.isBuffer(value) ? binary : text)
    page.int16(values.length)
    values.forEach((value, at) => {
      writeValue(page, columns[at], value)
    })
    page.int16(1)
    page.int16(text)
  })
}

function writeValue(page: Page, column: string | undefined, value: unknown): void {
  if (value === null || value === undefined) page.int32(-1)
  else if (Array.isArray(value)) page.measured(() => writeArray(page, column, value as Cell[]))
  else if (Buffer.isBuffer(value)) page.measured(() => page.bytes(value))
  else page.measured(() => page.text(value instanceof Date ? value.toISOString() : String(value)))
}
