// The key directory: one index key, and numbered seal keys of which the highest seals and all of them unseal. It lies
// outside the database and its backups. A key that is added reaches the processes that run; none is ever printed.
import { createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Db } from './database.ts'

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
  if (!existsSync(path.join(folder, indexFile))) {
    throw new KeyError(
      `No keys in ${folder}. Make them once with "npm run coopline -- keys make", then back them up.`,
    )
  }
  const versions = versionsIn(folder)
  if (versions.length === 0) throw new KeyError(`No seal key in ${folder}. Restore seal-1.key from your backup.`)
  const seal = new Map(versions.map((version) => [version, readKey(path.join(folder, sealFile(version)))]))
  const index = readKey(path.join(folder, indexFile))
  return { index, seal, newest: Math.max(...versions), reread: rereading(folder, seal) }
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
  if (existsSync(path.join(folder, indexFile))) throw new KeyError(`${folder} has keys already; none were made.`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
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
