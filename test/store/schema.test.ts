// Holds the hand-written row types to the database that the migrations make: every table, column, type and null.
import { globSync, readFileSync } from 'node:fs'
import { sql } from 'kysely'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, openPool } from '../../src/store/database.ts'
import { testDatabase } from '../stage/servers.ts'

type Tables = Record<string, Record<string, string>>

const tableBlock = /^ {2}(\w+): \{(?:\n([\s\S]*?)\n {2}\}|([^\n]*)\})/gm

/** The tables as the rooms type them, each column by the kind of its type. */
function declared(): Tables {
  const tables: Tables = {}
  for (const file of [...globSync('src/**/tables.ts'), 'src/store/schema.ts']) {
    for (const [, name = '', block, line] of readFileSync(file, 'utf8').matchAll(tableBlock)) {
      const columns = (block ?? line ?? '').split(/[\n;]/).flatMap((text) => {
        const [, key, type] = /^\s*(\w+): (.+?)\s*$/.exec(text) ?? []
        return key && type ? [[key, kindOf(type)] as const] : []
      })
      tables[name] = Object.fromEntries(columns)
    }
  }
  return tables
}

function kindOf(type: string): string {
  const bare = type.replace(/^Generated<(.*)>$/, '$1')
  const nullable = /\| null$/.test(bare) ? ' or null' : ''
  const base = bare.replace(/ \| null$/, '')
  if (base.startsWith('JSONColumnType')) return `json${nullable}`
  if (/^(number|boolean|Date|Buffer)$/.test(base)) return `${base}${nullable}`
  return `string${nullable}`
}

const kinds: Record<string, string> = {
  bigint: 'number',
  integer: 'number',
  smallint: 'number',
  real: 'number',
  text: 'string',
  date: 'string',
  uuid: 'string',
  interval: 'string',
  boolean: 'boolean',
  bytea: 'Buffer',
  jsonb: 'json',
  'timestamp with time zone': 'Date',
}

let close: () => Promise<void>
let found: Tables
beforeAll(async () => {
  const database = await testDatabase()
  const pool = openPool(database.url, 1, pino({ level: 'silent' }))
  const db = openDatabase(pool)
  const { rows } = await sql<{ table_name: string; column_name: string; data_type: string; is_nullable: string }>`
    select table_name, column_name, data_type, is_nullable from information_schema.columns
    where table_schema = 'public' and table_name not like 'kysely%'`.execute(db)
  found = {}
  for (const row of rows) {
    const kind = `${kinds[row.data_type] ?? row.data_type}${row.is_nullable === 'YES' ? ' or null' : ''}`
    found[row.table_name] = { ...found[row.table_name], [row.column_name]: kind }
  }
  close = async () => {
    await db.destroy()
    await database.drop()
  }
})
afterAll(() => close())

test('every table is typed as it is', () => {
  expect(declared()).toEqual(found)
})
