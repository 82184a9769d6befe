// One connection on which batches run, one after the other: statements go out together and their answers are awaited
// together. It knows transactions and nothing of messages.
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { connection, type Db } from '../../store/database.ts'
import type { Schema } from '../../store/schema.ts'
import type { Statement } from '../../store/statement.ts'

export interface Lane {
  /** Sends a statement; several sent without awaiting share one write. */
  ask<Row>(statement: Statement<Row>, values?: readonly unknown[]): Promise<Row[]>
  /** Sends `commit` and makes sure that it was one: Postgres answers ROLLBACK to the commit of a failed transaction. */
  commit(): Promise<void>
  rollback(): Promise<void>
  /** The same connection for what is rare, in the same transaction. Await all of it before `commit`. */
  readonly db: Db
  close(): Promise<void>
}

export class NotCommitted extends Error {}

// A plan made while a table was empty stays; these leave the planner only the one that is right at every size.
const planning = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off'
const limits = '-c lock_timeout=2s -c statement_timeout=5s -c idle_in_transaction_session_timeout=10s'

/** Opens a lane; `lost` is called once when its connection has gone. */
export async function openLane(url: string, lost: (error: Error) => void): Promise<Lane> {
  const client = new pg.Client({ ...connection(url, { options: `${planning} ${limits}` }), pipeline: true })
  client.on('error', lost)
  await client.connect()
  const ask = async <Row>(statement: Statement<Row>, values: readonly unknown[] = []): Promise<Row[]> => {
    const { rows } = await client.query({ name: statement.name, text: statement.text, values: [...values] })
    return rows as Row[]
  }
  return {
    ask,
    commit: async () => {
      const { command } = await client.query('commit')
      if (command !== 'COMMIT') throw new NotCommitted(`Postgres answered ${command} to a commit`)
    },
    rollback: async () => void (await client.query('rollback')),
    db: databaseOn(client),
    close: () => client.end(),
  }
}

// Kysely wants a pool: this one has the lane's connection and nothing else, and never gives it back.
function databaseOn(client: pg.Client): Db {
  const held = Object.assign(client, { release: () => {} })
  const pool = { connect: async () => held as object as pg.PoolClient, end: async () => {} }
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: pool as object as pg.Pool }) })
}
