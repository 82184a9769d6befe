// Small JSON files for the owner's eyes only, read by other processes of the same machine.
// They are replaced whole: a reader sees the old record or the new one, never half of one.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { z } from 'zod'
import { forbidden, isForbidden } from './folder.ts'

/** Writes a record in place of the one before. */
export function writeRecord(file: string, record: unknown): void {
  const draft = `${file}.${process.pid}`
  rmSync(draft, { force: true })
  writeFileSync(draft, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(draft, file)
}

/** Reads a record; undefined where there is none, or none that is understood. Another user's is an error. */
export function readRecord<T>(file: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    if (isForbidden(error)) throw new Error(forbidden(file), { cause: error })
    return undefined
  }
}
