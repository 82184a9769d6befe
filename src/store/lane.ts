// One connection on which batches run, one after the other: statements go out together and their answers are awaited
// together. It knows transactions and nothing of messages.
import pg from 'pg'
import { connection } from './database.ts'
import { newRound, nothingPrepared, type Round } from './round.ts'
import { type Statement, statement } from './statement.ts'

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

const commit = statement('commit', 'commit')
const rollback = statement('rollback', 'rollback')

/** Opens a lane; `lost` is called once when its connection has gone. */
export async function openLane(url: string, lost: (error: Error) => void): Promise<Lane> {
  const client = new pg.Client(connection(url, { options: `${planning} ${limits}` }))
  client.on('error', lost)
  await client.connect()
  const { ask, rollBack } = untilFailed(askingIn(client))
  return {
    ask: async <Row>(statement: Statement<Row>, values: readonly unknown[] = []) =>
      (await ask(statement, values)).rows as Row[],
    commit: async () => {
      const { command } = await ask(commit, [])
      if (command !== 'COMMIT') throw new NotCommitted(`Postgres answered ${command} to a commit`)
    },
    rollback: rollBack,
    close: () => client.end(),
  }
}

/**
 * Asks nothing more of a transaction that has failed, until it is rolled back: what would fail by it, or be committed
 * without it. Whoever asks is told the first failure, which is the cause.
 */
function untilFailed(asking: Round['ask']) {
  let first: Error | undefined
  const ask: Round['ask'] = async (statement, values) => {
    if (first) throw first
    try {
      return await asking(statement, values)
    } catch (error) {
      first ??= error instanceof Error ? error : new Error(String(error))
      throw first
    }
  }
  const rollBack = async () => {
    await asking(rollback, [])
    first = undefined
  }
  return { ask, rollBack }
}

/** All that is asked in one go, or while a round is under way, is one round. */
function askingIn(client: pg.Client): Round['ask'] {
  const prepared = nothingPrepared((oid) => client.getTypeParser(oid, 'text'))
  let next: Round | undefined
  let isUnderWay = false
  const send = () => {
    if (!next || isUnderWay) return
    const round = next
    next = undefined
    isUnderWay = true
    round.close()
    client.query(round)
  }
  const goOn = () => {
    isUnderWay = false
    send()
  }
  return (statement, values) => {
    if (!next) {
      next = newRound(prepared, goOn)
      // After all that goes on from the same answer: the commit goes with the last writes.
      process.nextTick(send)
    }
    return next.ask(statement, values)
  }
}
