// Which migrations a database lacks, told by their names alone: every process asks it at its start.
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import type { Db } from './database.ts'

export const migrationFolder = path.join(import.meta.dirname, '../../migrations')

/** The names of migrations that this program has and the database lacks, in their order. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  const files = (await readdir(migrationFolder)).filter((file) => file.endsWith('.ts'))
  const names = files.map((file) => path.parse(file).name)
  const applied = new Set(await appliedMigrations(db))
  return names.toSorted().filter((name) => !applied.has(name))
}

// Where Kysely's migrator notes what it has applied, once it has applied anything.
async function appliedMigrations(db: Db): Promise<string[]> {
  const { rows } = await sql<{ any: boolean }>`select to_regclass('kysely_migration') is not null as any`.execute(
    db,
  )
  if (!rows[0]?.any) return []
  const applied = await sql<{ name: string }>`select name from kysely_migration`.execute(db)
  return applied.rows.map(({ name }) => name)
}
