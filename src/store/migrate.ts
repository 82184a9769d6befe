// Brings a database's tables up to date: numbered migrations, forward only, all or none. Runs on a connection of its
// own, since the lock that keeps two of them apart belongs to a session.
import { promises as fs } from 'node:fs'
import path from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import { openLog } from '../log.ts'
import { openPool } from './database.ts'

const migrationFolder = path.join(import.meta.dirname, '../../migrations')

export interface Migrated {
  readonly applied: readonly string[]
}

/** Applies what is missing and names it; throws what Postgres said of the migration that failed. */
export async function migrate(url: string): Promise<Migrated> {
  return withMigrator(url, async (migrator) => {
    const { error, results = [] } = await migrator.migrateToLatest()
    if (error) throw error
    return {
      applied: results.filter((result) => result.status === 'Success').map((result) => result.migrationName),
    }
  })
}

/** The names of migrations that this program has and the database lacks. */
export const pendingMigrations = (url: string): Promise<string[]> =>
  withMigrator(url, async (migrator) =>
    (await migrator.getMigrations())
      .filter((migration) => !migration.executedAt)
      .map((migration) => migration.name),
  )

async function withMigrator<T>(url: string, use: (migrator: Migrator) => Promise<T>): Promise<T> {
  // A connection that is lost fails the statement under way: there is nothing to add in a log. An index of a large
  // table takes what it takes.
  const pool = openPool(url, 1, openLog('silent'), 0)
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    return await use(new Migrator({ db, provider: new FileMigrationProvider({ fs, path, migrationFolder }) }))
  } finally {
    await db.destroy()
  }
}
