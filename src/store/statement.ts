// A statement of the message's path: prepared once on each connection under its name. The type of its rows is declared
// beside it and is held to the database by the tests that run it.
export interface Statement<Row> {
  readonly name: string
  readonly text: string
  /** Never set: it carries the type of the rows. */
  readonly row?: Row
}

/** Declares a statement; `Row` is what one row of its result is. */
export const statement = <Row = Record<string, never>>(name: string, text: string): Statement<Row> => ({
  name,
  text,
})

/** An instant of the database as milliseconds since 1970: cheaper to read than a date. */
export const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`
