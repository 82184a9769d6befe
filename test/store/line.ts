// A line to the test's Postgres that a test can hold, watch and cut: a proxy on a socket of its own.
import { rmSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import { openWire, type Wire } from '../stage/cut_line.ts'
import { testFolder } from '../stage/folder.ts'

/** Opens a line to the database at `url`; `at` is the database by this line. It ends with the test. */
export async function openLine(url: string): Promise<{ wire: Wire; at: string }> {
  const folder = testFolder()
  const real = new URL(url)
  const target = { path: `${real.searchParams.get('host')}/.s.PGSQL.5432` }
  const wire = await openWire({ path: `${folder}/.s.PGSQL.5432` }, () => target)
  onTestFinished(async () => {
    await wire.close()
    rmSync(folder, { recursive: true, force: true })
  })
  real.searchParams.set('host', folder)
  return { wire, at: real.href }
}
