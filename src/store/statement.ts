// A statement of the message's path: prepared once on each connection under its name. The type of its rows is declared
// beside it and is held to the database by the tests that run it.
import { isColumnType } from './arrays.ts'

export interface Statement<Row> {
  readonly name: string
  readonly text: string
  /** The type of the cells of each parameter that is a column, as its cast says: `$1::bigint[]`. */
  readonly columns: readonly (string | undefined)[]
  /** Never set: it carries the type of the rows. */
  readonly row?: Row
}

/** Declares a statement; `Row` is what one row of its result is. */
export const statement = <Row = Record<string, never>>(name: string, text: string): Statement<Row> => ({
  name,
  text,
  columns: columnsOf(name, text),
})

function columnsOf(name: string, text: string): (string | undefined)[] {
  const columns: (string | undefined)[] = []
  for (const [, number, type = ''] of text.matchAll(/\$(\d+)::(\w+)\[\]/g)) {
    if (!isColumnType(type)) throw new Error(`Statement ${name}: no column of type ${type} can be written`)
    columns[Number(number) - 1] = type
  }
  return columns
}

/** An instant of the database as milliseconds since 1970: cheaper to read than a date, and to make than a numeric. */
export const ms = (column: string): string => `date_part('epoch', ${column}) * 1000`

/** What `coopline_now()` does, written out: Postgres plans a function anew in each statement that calls it. */
export const nowSql = '(select coalesce(standing_at, clock_timestamp() + shift) from clock)'
