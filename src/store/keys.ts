// The key directory: one index key, and numbered seal keys of which the highest seals and all of them unseal. It lies
// outside the database and its backups. A key that is added reaches the processes that run; none is ever printed.
import { createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Db } from './database.ts'
import { makeFolder } from './servers/folder.ts'

export interface Keys {
  readonly index: KeyObject
  /** By version, 1 to 255: those that have been read so far. */
  readonly seal: ReadonlyMap<number, KeyObject>
  /** The one that seals: the newest at the start of this process. */
  readonly newest: number
  /** Looks in the directory for seal keys that are new there, at most once in two seconds; it never throws. */
  reread(): void
}

export class KeyError extends Error {}

const indexFile = 'index.key'
const sealFile = (version: number) => `seal-${version}.key`

/** Reads the directory; a `KeyError` says which file is missing or damaged and what to do. */
export function readKeys(folder: string): Keys {
  if (!hasKeys(folder)) {
    throw new KeyError(
      `No keys in ${folder}. Make them once with "npm run coopline -- keys make", then back them up.`,
    )
  }
  const versions = versionsIn(folder)
  if (versions.length === 0) throw new KeyError(`No seal key in ${folder}. Restore seal-1.key from your backup.`)
  if (!existsSync(path.join(folder, indexFile)))
    throw new KeyError(
      `No index key in ${folder}. Restore ${indexFile} from your backup: without it nobody is known.`,
    )
  const seal = new Map(versions.map((version) => [version, readKey(path.join(folder, sealFile(version)))]))
  const index = readKey(path.join(folder, indexFile))
  return { index, seal, newest: Math.max(...versions), reread: rereading(folder, seal) }
}

/** Whether there is any key in the directory, which need not be there; a `KeyError` where it is none. */
export function hasKeys(folder: string): boolean {
  if (!existsSync(folder)) return false
  if (!statSync(folder).isDirectory())
    throw new KeyError(`${folder} is a file: COOPLINE_KEYS must name a directory.`)
  return existsSync(path.join(folder, indexFile)) || versionsIn(folder).length > 0
}

const versionsIn = (folder: string): number[] =>
  readdirSync(folder)
    .flatMap((name) => /^seal-(\d{1,3})\.key$/.exec(name)?.[1] ?? [])
    .map(Number)

const rereadEveryMs = 2_000

function rereading(folder: string, seal: Map<number, KeyObject>): () => void {
  let last = Number.NEGATIVE_INFINITY
  return () => {
    if (performance.now() - last < rereadEveryMs) return
    last = performance.now()
    try {
      for (const version of versionsIn(folder)) {
        if (!seal.has(version)) seal.set(version, readKey(path.join(folder, sealFile(version))))
      }
    } catch {
      // The directory is away, or a key is being written just now: whoever misses a key says so.
    }
  }
}

// A key object, since Node looks twice at every key that is mere bytes: at each seal that costs as much as sealing.
function readKey(file: string): KeyObject {
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
  if (key.length === 32) return createSecretKey(key)
  throw new KeyError(`${file} is damaged: it holds ${key.length} bytes, not 32. Restore it from your backup.`)
}

/** Makes a new directory of keys; refuses one that has keys already. */
export function makeKeys(folder: string): Keys {
  if (hasKeys(folder)) throw new KeyError(`${folder} has keys already; none were made.`)
  makeFolder(folder)
  writeKey(path.join(folder, sealFile(1)))
  writeKey(path.join(folder, indexFile))
  return readKeys(folder)
}

/** Adds a seal key, which seals from the next start of each process on, in any order; all of them unseal. */
export function rotateKeys(folder: string): Keys {
  const { newest } = readKeys(folder)
  if (newest >= 255) throw new KeyError(`${folder} has 255 seal keys, the most that there can be.`)
  writeKey(path.join(folder, sealFile(newest + 1)))
  return readKeys(folder)
}

const writeKey = (file: string) =>
  writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })

/** The keys of this database, read and held against it; a `KeyError` says what is wrong and what to do. */
export async function keysOf(db: Db, folder: string): Promise<Keys> {
  if (!hasKeys(folder)) await refuseUnkeyed(db, folder)
  const keys = readKeys(folder)
  await checkKeys(db, keys, folder)
  return keys
}

/** Throws a `KeyError` where this database was sealed with keys that are all gone: new ones would not open it. */
export async function refuseUnkeyed(db: Db, folder: string): Promise<void> {
  const known = await db.selectFrom('keys').select('name').execute()
  if (known.length === 0) return
  throw new KeyError(
    `The keys in ${folder} are gone, and this database was sealed with them. Restore them from your backup: ` +
      'without them no address can be read.',
  )
}

/** Remembers new keys in the database, and throws a `KeyError` where one that it knows is gone or another. */
export async function checkKeys(db: Db, keys: Keys, folder: string): Promise<void> {
  const all = await db.selectFrom('keys').selectAll().execute()
  const here = fingerprintsOf(keys, all)
  for (const known of all) {
    if (here.get(known.name)?.equals(known.fingerprint)) continue
    const what = here.has(known.name) ? 'is another than' : 'is missing that'
    throw new KeyError(
      `${known.name}.key in ${folder} ${what} this database was sealed with. ` +
        'Restore it from your backup of the keys: without it addresses cannot be read.',
    )
  }
  for (const { name } of all) here.delete(name)
  if (here.size === 0) return
  await db
    .insertInto('keys')
    .values([...here].map(([name, print]) => ({ name, fingerprint: print })))
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
}

/** The keys that are here, looked for once more where one of these is not among them. */
function fingerprintsOf(keys: Keys, known: readonly { readonly name: string }[]): Map<string, Buffer> {
  const here = fingerprints(keys)
  if (known.every(({ name }) => here.has(name))) return here
  keys.reread()
  return fingerprints(keys)
}

const fingerprints = (keys: Keys): Map<string, Buffer> =>
  new Map([
    ['index', fingerprint(keys.index)],
    ...[...keys.seal].map(([version, key]) => [`seal-${version}`, fingerprint(key)] as const),
  ])

const fingerprint = (key: KeyObject): Buffer =>
  createHash('sha256').update('coopline key ').update(key.export()).digest()
