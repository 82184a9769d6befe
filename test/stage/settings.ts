// How the servers of a test run differ from a member's: quick, since no test outlives a power cut, and with room for
// several processes at once. A killed process loses nothing by it; only a machine would.
import type { Settings } from '../../src/store/servers/postgres.ts'

export const quickPostgres: Settings = { fsync: 'off', full_page_writes: 'off', max_connections: '200' }

/** DEBUG lets a fault test make Redis hang or crash. */
export const quickRedis: Settings = { databases: '1024', 'enable-debug-command': 'local' }

/** The url of another number of the same Redis. */
export function numberedRedis(url: string, number: number): string {
  const numbered = new URL(url)
  numbered.pathname = `/${number}`
  return numbered.href
}
