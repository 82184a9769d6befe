// Columns of values as Postgres' own binary arrays: no hex, no quoting, nothing to escape. A statement of the path
// takes a column for each of its parameters, and as text they cost more than most of what it does.
import {
  type Page,
  putByte,
  putBytes,
  putDouble,
  putInt16,
  putInt32,
  putInt64,
  putMeasured,
  putText,
} from './page.ts'

/** What may stand in a column. A bigint may come as its digits, bytes in hex; a day is YYYY-MM-DD, JSON its text. */
export type Cell = string | number | boolean | Buffer | Date | null | undefined

interface ElementType {
  readonly oid: number
  write(page: Page, cell: never): void
}

const element = <C extends Cell>(oid: number, write: (page: Page, cell: C) => void): ElementType => ({ oid, write })

const msOf2000 = Date.UTC(2000, 0, 1)
const dayMs = 86_400_000

const types: ReadonlyMap<string, ElementType> = new Map([
  ['bigint', element(20, (page, cell: number | string) => putInt64(page, BigInt(cell)))],
  ['int', element(23, (page, cell: number) => putInt32(page, whole(cell)))],
  ['smallint', element(21, (page, cell: number) => putInt16(page, whole(cell)))],
  ['float8', element(701, (page, cell: number) => putDouble(page, cell))],
  ['boolean', element(16, (page, cell: boolean) => putByte(page, cell ? 1 : 0))],
  ['text', element(25, (page, cell: string) => putText(page, cell))],
  ['bytea', element(17, (page, cell: Buffer | string) => putBytes(page, cell))],
  ['jsonb', element(3802, writeJson)],
  ['timestamptz', element(1184, (page, cell: Date) => putInt64(page, BigInt(cell.getTime() - msOf2000) * 1000n))],
  [
    'date',
    element(1082, (page, day: string) =>
      putInt32(page, whole((Date.parse(`${day}T00:00:00Z`) - msOf2000) / dayMs)),
    ),
  ],
])

// A buffer takes what is no number for zero, and cuts off what is behind the point.
function whole(cell: number): number {
  if (!Number.isInteger(cell)) throw new Error('a cell is no whole number, or no day')
  return cell
}

function writeJson(page: Page, cell: string): void {
  const version = 1
  putByte(page, version)
  putText(page, cell)
}

/** Whether a column of this type can be written: the name as it stands in a cast, without its brackets. */
export const isColumnType = (name: string): boolean => types.has(name)

const absent = -1

/** Writes a column as a one-dimensional array of this type; throws where a cell is none of it. */
export function writeArray(page: Page, name: string | undefined, cells: readonly Cell[]): void {
  const type = types.get(name ?? '')
  if (!type) throw new Error(`a column has no declared type: cast its parameter in the statement, as in $1::text[]`)
  putInt32(page, cells.length === 0 ? 0 : 1)
  putInt32(page, 1)
  putInt32(page, type.oid)
  if (cells.length === 0) return
  putInt32(page, cells.length)
  putInt32(page, 1)
  for (const cell of cells) {
    if (cell === null || cell === undefined) putInt32(page, absent)
    else putMeasured(page, () => type.write(page, cell as never))
  }
}
