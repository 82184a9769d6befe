// A database as an older Coopline left it.
import { promises as fs } from 'node:fs'
import path from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import pino from 'pino'
import { openPool } from '../../src/store/database.ts'
import { emptyDatabase, type TestDatabase } from '../stage/servers.ts'

/** A database with all migrations up to the last of then. */
export async function databaseOf(last: string): Promise<TestDatabase> {
  const database = await emptyDatabase()
  await migrateTo(database.url, last)
  return database
}

async function migrateTo(url: string, name: string): Promise<void> {
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: openPool(url, 1, pino({ level: 'silent' }), 0) }),
  })
  const migrationFolder = path.join(import.meta.dirname, '../../migrations')
  const migrator = new Migrator({ db, provider: new FileMigrationProvider({ fs, path, migrationFolder }) })
  const { error } = await migrator.migrateTo(name)
  await db.destroy()
  if (error) throw error
}
