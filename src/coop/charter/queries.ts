// Charters in Postgres: every version that was ever applied, as its file was. The newest of each co-op is in force.
import { type Kysely, sql } from 'kysely'
import type { Schema } from '../../store/schema.ts'
import type { Applied, Charter } from './charter.ts'
import { charterHash } from './notice.ts'
import { rereadCharter, storedAs } from './read.ts'
import { successionRules } from './succession.ts'

// Of a connection or of a transaction.
type Db = Kysely<Schema>

/** What applying a charter did: a new version, or nothing where the file is that of the version in force. */
export interface Application {
  readonly version: number
  readonly isNew: boolean
}

/** Puts a charter in force. The same file again changes nothing; one that breaks what is recorded is refused. */
export async function applyCharter(db: Db, file: string, charter: Charter): Promise<Application> {
  const source = storedAs(file, charter)
  return await db.transaction().execute(async (transaction) => {
    // Two that apply at once would both take the next number; applying is rare, so the whole table waits.
    await sql`lock table charters in share row exclusive mode`.execute(transaction)
    const newest = await newestRows(transaction)
    const before = newest.find((row) => row.coop_id === charter.id)
    if (before && charterHash(before.source) === charterHash(source))
      return { version: before.version, isNew: false }
    refuseChanges(charter, await earlierCharters(transaction))
    for (const row of newest) if (row.coop_id !== charter.id) refuseSharedSender(charter, applied(row))
    const version = (before?.version ?? 0) + 1
    await transaction.insertInto('charters').values({ coop_id: charter.id, version, source }).execute()
    return { version, isNew: true }
  })
}

/** The charters in force, one of each co-op, by id. */
export async function loadCharters(db: Db): Promise<Applied[]> {
  return (await newestRows(db)).map(applied)
}

/** The file of the charter in force of one co-op, as it was applied. */
export async function charterSource(db: Db, coop: string): Promise<string | undefined> {
  return (await newestRows(db)).find(({ coop_id }) => coop_id === coop)?.source
}

/** Every version of every co-op's charter that this program can still read, the oldest first. */
export async function earlierCharters(db: Db): Promise<Applied[]> {
  const rows = await db.selectFrom('charters').select(['coop_id', 'version', 'source']).orderBy('version').execute()
  return rows.flatMap((row) => {
    try {
      return [applied(row)]
    } catch {
      return []
    }
  })
}

/** The charter in force of one co-op. */
export async function charterOf(db: Db, coop: string): Promise<Applied | undefined> {
  return (await loadCharters(db)).find(({ id }) => id === coop)
}

interface Row {
  readonly coop_id: string
  readonly version: number
  readonly source: string
}

const newestRows = (db: Db): Promise<Row[]> =>
  db
    .selectFrom('charters')
    .distinctOn('coop_id')
    .select(['coop_id', 'version', 'source'])
    .orderBy('coop_id')
    .orderBy('version', 'desc')
    .execute()

function refuseChanges(charter: Charter, earlier: readonly Applied[]): void {
  const own = earlier.filter(({ id }) => id === charter.id)
  const [first] = successionRules(own, charter)
  if (first) throw new Error(`Charter ${charter.id}: ${first.path.join('.')} ${first.message}`)
}

function refuseSharedSender(charter: Charter, other: Applied): void {
  const own = new Set(charter.senders.map(({ address }) => address))
  const shared = other.senders.find(({ address }) => own.has(address))
  if (!shared) return
  throw new Error(
    `Charter ${charter.id} names the sender ${shared.address}, which is ${other.id}'s. Each belongs to one co-op: ` +
      'take it out of one of the two.',
  )
}

// A process reads its charters every few seconds, and they hardly ever change: each is taken apart once.
const readBefore = new Map<string, Applied>()
const mostKept = 100

function applied(row: Row): Applied {
  const name = `${row.version} ${row.source}`
  const known = readBefore.get(name)
  if (known) return known
  if (readBefore.size >= mostKept) readBefore.clear()
  const charter = { ...rereadCharter(row.source, row.version), version: row.version }
  readBefore.set(name, charter)
  return charter
}
