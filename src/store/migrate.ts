// Brings a database's tables up to date: numbered migrations, forward only, all or none. Runs on a connection of its
// own, since the lock that keeps two of them apart belongs to a session.
import { promises as fs } from 'node:fs'
import path from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import { openLog } from '../log.ts'
import { openPool } from './database.ts'
import { migrationFolder } from './pending.ts'

export interface Migrated {
  readonly applied: readonly string[]
}

/** Applies what is missing and names it; throws what Postgres said of the migration that failed. */
export async function migrate(url: string): Promise<Migrated> {
  // A connection that is lost fails the statement under way: there is nothing to add in a log. An index of a large
  // table takes what it takes.
  const pool = openPool(url, 1, openLog('silent'), 0)
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    const provider = new FileMigrationProvider({ fs, path, migrationFolder })
    const { error, results = [] } = await new Migrator({ db, provider }).migrateToLatest()
    if (error) throw error
    const done = results.filter((result) => result.status === 'Success')
    return { applied: done.map((result) => result.migrationName) }
  } finally {
    await db.destroy()
  }
}
