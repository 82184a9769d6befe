// A co-op with members in a database of its own, for the tests of votes and members.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { CompiledQuery, type Kysely } from 'kysely'
import pino from 'pino'
import type { Applied } from '../../src/coop/charter/charter.ts'
import { rereadCharter } from '../../src/coop/charter/read.ts'
import type { Ballot } from '../../src/coop/votes/ballot.ts'
import { ballotColumns, castBallots } from '../../src/coop/votes/ballot_queries.ts'
import { readProposal } from '../../src/coop/votes/proposal_file.ts'
import type { Motion } from '../../src/coop/votes/vote.ts'
import { type Db, openDatabase, openPool } from '../../src/store/database.ts'
import type { Schema } from '../../src/store/schema.ts'
import { testDatabase } from '../stage/servers.ts'

const folder = path.join(import.meta.dirname, '../../flows/charters')

export const drivers: Applied = {
  ...rereadCharter(readFileSync(path.join(folder, 'drivers.yaml'), 'utf8'), 1),
  version: 1,
}

/** A motion as a file of the example co-op would make it. */
export function motion(slug: string, more = 'kind: quick'): Motion {
  const source = `slug: ${slug}\ntitle: { en: Pay text, hi: संदेश }\ntext: { en: Send it?, hi: भेजें? }\n${more}\n`
  const read = readProposal(source, drivers)
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes))
  return { slug, ...read.proposal }
}

/** Writes ballots as a message's transaction does. */
export const cast = (db: Kysely<Schema>, ...ballots: Ballot[]) =>
  db.executeQuery(CompiledQuery.raw(castBallots.text, ballotColumns(ballots)))

export interface CoopStage {
  readonly db: Db
  readonly url: string
  join(count: number): Promise<number[]>
  end(): Promise<void>
}

/** An empty co-op; `join` makes active members and gives their numbers. */
export async function coopStage(): Promise<CoopStage> {
  const { url, drop } = await testDatabase()
  const db = openDatabase(openPool(url, 12, pino({ level: 'silent' })))
  return {
    db,
    url,
    join: (count) => join(db, count),
    end: async () => {
      await db.destroy()
      await drop()
    },
  }
}

async function join(db: Db, count: number): Promise<number[]> {
  const member = { coop_id: 'drivers', state: 'active' as const, language: 'en' as const, joined_at: new Date(0) }
  const rows = await db
    .insertInto('members')
    .values(Array.from({ length: count }, () => member))
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}
