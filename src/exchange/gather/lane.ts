// One connection on which batches run, one after the other: statements go out together and their answers are awaited
// together. It knows transactions and nothing of messages.
import net from 'node:net'
import pg from 'pg'
import { connection } from '../../store/database.ts'
import type { Statement } from '../../store/statement.ts'

export interface Lane {
  /** Sends a statement; all that are sent in one go share one write. */
  ask<Row>(statement: Statement<Row>, values?: readonly unknown[]): Promise<Row[]>
  /** Sends `commit` and makes sure that it was one: Postgres answers ROLLBACK to the commit of a failed transaction. */
  commit(): Promise<void>
  rollback(): Promise<void>
  close(): Promise<void>
}

export class NotCommitted extends Error {}

// A plan made while a table was empty stays; these leave the planner only the one that is right at every size.
const planning =
  '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off ' +
  '-c plan_cache_mode=force_generic_plan'
const limits = '-c lock_timeout=2s -c statement_timeout=5s -c idle_in_transaction_session_timeout=10s'

/** Opens a lane; `lost` is called once when its connection has gone. */
export async function openLane(url: string, lost: (error: Error) => void): Promise<Lane> {
  const socket = new net.Socket()
  const settings = { options: `${planning} ${limits}`, stream: () => socket }
  const client = new pg.Client({ ...connection(url, settings), pipeline: true })
  client.on('error', lost)
  await client.connect()
  const together = corking(socket)
  return {
    ask: async <Row>(statement: Statement<Row>, values: readonly unknown[] = []): Promise<Row[]> => {
      together()
      const { rows } = await client.query({ name: statement.name, text: statement.text, values: [...values] })
      return rows as Row[]
    },
    commit: async () => {
      together()
      const { command } = await client.query('commit')
      if (command !== 'COMMIT') throw new NotCommitted(`Postgres answered ${command} to a commit`)
    },
    rollback: async () => void (await client.query('rollback')),
    close: () => client.end(),
  }
}

// Each query would be a write of its own, and a write costs more than most of what a statement does to us.
function corking(socket: net.Socket): () => void {
  let corked = false
  return () => {
    if (corked) return
    corked = true
    socket.cork()
    queueMicrotask(() => {
      corked = false
      socket.uncork()
    })
  }
}
