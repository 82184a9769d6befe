// A Postgres that one machine starts for itself: real Postgres from npm, durable, on a Unix socket only.
// It outlives a killed starter, and the next start ends it and lets the data recover; it never touches a living one's.
import { execFile } from 'node:child_process'
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Account, chooseAccount } from './account.ts'
import { findBinaries } from './binaries.ts'
import { end, lives, type Process, processOf } from './process.ts'
import {
  endOrphan,
  leaveFolder,
  privateFolder,
  type Seat,
  type Server,
  sitting,
  socketFolder,
  startApart,
  takeFolder,
} from './server.ts'

/** Postgres' settings by name, over our own for a small machine. */
export type Settings = Readonly<Record<string, string>>

const settings: Settings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '60',
  shared_buffers: '128MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // A parameter can be a phone number, sealed or not: none is ever written to the log.
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
  fsync: 'on',
  synchronous_commit: 'on',
}

const farewell = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const

/** Starts Postgres on the data in this folder, made new where there are none; database and user are `coopline`. */
export async function startPostgres(folder: string, options: { settings?: Settings } = {}): Promise<Server> {
  const place = privateFolder(folder)
  const chosen = { ...settings, ...options.settings }
  const binaries = findBinaries(place)
  const account = await chooseAccount(place, binaries)
  const run: Run = { folder: place, account, settings: chosen, env: environment(binaries.libraries) }
  if (!existsSync(join(account.home, 'data', 'PG_VERSION'))) await makeData(run)
  return serve(run)
}

interface Run {
  readonly folder: string
  readonly account: Account
  readonly settings: Settings
  readonly env: NodeJS.ProcessEnv
}

/** Nothing of our environment reaches Postgres: a PGDATA or PGOPTIONS of the operator is not meant for this one. */
function environment(libraries: readonly string[]): NodeJS.ProcessEnv {
  const search = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
    LC_ALL: 'C',
    TZ: 'UTC',
    // What a statement took is taken again by the next: giving it back to the system in between costs a tenth of all.
    MALLOC_TOP_PAD_: String(4 * 2 ** 20),
    MALLOC_TRIM_THRESHOLD_: String(64 * 2 ** 20),
    ...(libraries.length > 0 && { [search]: libraries.join(':') }),
  }
}

/** Makes the data beside their place and moves them there once whole: a killed first start leaves no half of them. */
async function makeData(run: Run): Promise<void> {
  const { home } = run.account
  const draft = join(home, 'data.new')
  rmSync(draft, { recursive: true, force: true })
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const trust = ['--username=coopline', '--auth-local=trust', '--auth-host=reject']
  const sync = run.settings.fsync === 'off' ? ['--no-sync'] : []
  await finish(run, 'initdb', [`--pgdata=${draft}`, ...locale, ...trust, ...sync, '--no-instructions'])
  const quick = run.settings.fsync === 'off' ? ['-c', 'fsync=off'] : []
  await finish(run, 'postgres', ['--single', ...quick, '-D', draft, 'postgres'], 'create database coopline\n')
  renameSync(draft, join(home, 'data'))
}

/** Runs one of Postgres' programs to its end. */
function finish(run: Run, program: string, args: readonly string[], input = ''): Promise<void> {
  const [command, rest] = commandOf(run, program, args)
  const { uid } = run.account
  const how = { env: run.env, cwd: run.account.home, ...(uid !== undefined && { uid, gid: uid }) }
  return new Promise((resolve, reject) => {
    const child = execFile(command, rest, how, (error, _out, complaint) => {
      if (error) reject(refusal(run, complaint || error.message))
      else resolve()
    })
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}

function commandOf(run: Run, program: string, args: readonly string[]): [string, string[]] {
  const [command, ...rest] = [...run.account.before, join(run.account.native, 'bin', program), ...args]
  return [command ?? program, rest]
}

/** Starts the server, again for as long as what is left of a killed one is still in its way. */
async function serve(run: Run): Promise<Server> {
  const seat = postgresSeat(run.folder)
  const until = performance.now() + 15_000
  for (;;) {
    await endOrphan(seat)
    const outcome = await launch(run, seat)
    if (typeof outcome !== 'string') return outcome
    if (!inTheWay.test(outcome) || performance.now() > until) throw refusal(run, outcome)
    await sleep(100)
  }
}

const inTheWay = /pre-existing shared memory block|lock file "[^"]*" already exists/

/** Where the Postgres of this folder works; its data may lie elsewhere, behind a link. */
export function postgresSeat(folder: string): Seat {
  const cwd = realpathSync(join(folder, 'data'))
  return { name: 'Postgres', folder: realpathSync(folder), cwd, pidFile: join(cwd, 'postmaster.pid'), farewell }
}

/** One attempt: a running server, or what it wrote before it ended. */
async function launch(run: Run, seat: Seat): Promise<Server | string> {
  const sockets = socketFolder(run.account.home, '.s.PGSQL.5432.lock')
  forgetStalePid(seat)
  takeFolder(run.folder, sockets)
  const began = logSize(run)
  const postgres = await spawnServer(run, seat, sockets.folder)
  if (!(await ready(postgres, seat))) {
    leaveFolder(run.folder, sockets)
    return readFileSync(logOf(run)).subarray(began).toString().trim()
  }
  const host = encodeURIComponent(sockets.folder)
  const stop = async () => {
    await end(postgres, ...farewell)
    leaveFolder(run.folder, sockets)
  }
  const { note } = run.account
  const url = `postgres://coopline@localhost:5432/coopline?host=${host}`
  return { url, pid: postgres.pid, ...(note && { note }), stop }
}

/** Postgres takes any living process for its predecessor, and its predecessor's "ready" is not its own. */
function forgetStalePid(seat: Seat): void {
  if (!sitting(seat)) rmSync(seat.pidFile, { force: true })
}

async function spawnServer(run: Run, seat: Seat, sockets: string): Promise<Process> {
  const chosen = { ...run.settings, unix_socket_directories: sockets }
  const args = Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [command, rest] = commandOf(run, 'postgres', ['-D', seat.cwd, ...args])
  const log = openSync(logOf(run), constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND, 0o600)
  try {
    const child = await startApart(command, rest, {
      log,
      cwd: run.account.home,
      env: run.env,
      uid: run.account.uid,
    })
    const pid = child.pid ?? 0
    return processOf(pid) ?? { pid, since: 'gone' }
  } finally {
    closeSync(log)
  }
}

/** Waits until Postgres says in its own pid file that it is ready; recovery may take what it takes. False: it ended. */
async function ready(postgres: Process, { pidFile }: Seat): Promise<boolean> {
  while (lives(postgres)) {
    if (statusIn(pidFile)?.startsWith('ready')) return true
    await sleep(10)
  }
  return false
}

function statusIn(pidFile: string): string | undefined {
  return existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split('\n')[7] : undefined
}

function refusal(run: Run, complaint: string): Error {
  const last = complaint.trim().split('\n').slice(-5).join('\n')
  return new Error(
    `Postgres does not start on ${run.folder} (log: ${logOf(run)}). Its words:\n${last}\n` +
      'Or bring a Postgres of your own with DATABASE_URL.',
  )
}

const logOf = (run: Run) => join(run.folder, 'postgres.log')
const logSize = (run: Run) => (existsSync(logOf(run)) ? statSync(logOf(run)).size : 0)
