// Which account Postgres runs under, since it refuses root: ours where we are not root; else a user namespace in which
// root is nobody, with nothing to copy or hand over; else, where the system forbids those, the account nobody itself.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Binaries } from './binaries.ts'

/** How Postgres' programs are started, and where they keep what only that account may read. */
export interface Account {
  readonly home: string
  readonly native: string
  readonly uid: number | undefined
  /** The words before a command. */
  readonly before: readonly string[]
  readonly note?: string
}

const nobody = 65534
const namespace = ['/usr/bin/unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`] as const
const varLib = '/var/lib/coopline'

/** Chooses the account for this folder; data that one account began stay with it. */
export async function chooseAccount(folder: string, binaries: Binaries): Promise<Account> {
  const own = { home: folder, native: binaries.native, uid: undefined, before: [] }
  if (process.getuid?.() !== 0) return accountName() === undefined ? { ...own, before: namespace } : own
  const owner = existsSync(join(folder, 'data')) ? statSync(join(folder, 'data')).uid : undefined
  const allowed = owner !== nobody && (await namespacesAllowed())
  if (allowed) return { ...own, before: namespace }
  if (owner === 0) throw new Error(lockedOut(folder))
  return asNobody(folder, binaries)
}

/** The name of our account; none in a container that runs under a number alone, which initdb refuses. */
export function accountName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}

async function namespacesAllowed(): Promise<boolean> {
  const [command, ...args] = namespace
  return promisify(execFile)(command, [...args, 'true']).then(
    () => true,
    () => false,
  )
}

function lockedOut(folder: string): string {
  return (
    `The data in ${folder} were written through a user namespace, which this system now forbids to root. ` +
    `Allow user namespaces (util-linux' unshare), or run Coopline as another user and give it that folder.`
  )
}

/** Nobody can reach neither root's node_modules nor a 0700 home: both programs and data move to /var/lib. */
function asNobody(folder: string, binaries: Binaries): Account {
  const native = copyPrograms(binaries)
  const home = join(varLib, createHash('sha256').update(folder).digest('hex').slice(0, 16))
  mkdirSync(home, { recursive: true, mode: 0o700 })
  chmodSync(home, 0o700)
  chownSync(home, nobody, nobody)
  // A later start must find the same data, whatever it may do then.
  rmSync(join(folder, 'data'), { force: true })
  symlinkSync(join(home, 'data'), join(folder, 'data'))
  const note = `User namespaces are forbidden to root here: Postgres runs as uid ${nobody}, its data are in ${home}.`
  return { home, native, uid: nobody, before: [], note }
}

function copyPrograms({ native, version, libraries }: Binaries): string {
  const copy = join(varLib, `postgres-${version}`)
  if (existsSync(copy)) return copy
  mkdirSync(varLib, { recursive: true, mode: 0o755 })
  const draft = `${copy}.${process.pid}`
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true })
  if (libraries[0]) cpSync(libraries[0], join(draft, 'lib'), { recursive: true, dereference: true })
  renameSync(draft, copy)
  return copy
}
