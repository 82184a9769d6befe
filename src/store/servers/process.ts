// A process of this machine by pid and start time, so that a pid given out again is never taken for the one before.
// It reads what the system says of processes and ends those it is handed; it starts none.
import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

/** One life of one pid. */
export const Process = z.object({ pid: z.int().positive(), since: z.string().min(1) })
export type Process = z.infer<typeof Process>

const onLinux = process.platform === 'linux'

/** The process that has this pid now, or undefined where none has or only its corpse is left. */
export function processOf(pid: number): Process | undefined {
  const since = onLinux ? sinceOnLinux(pid) : sinceByPs(pid)
  return since ? { pid, since } : undefined
}

/** This process itself. */
export function thisProcess(): Process {
  const self = processOf(process.pid)
  if (!self) throw new Error(`The system does not say when process ${process.pid} began (/proc or ps is missing).`)
  return self
}

/** Whether that same process still runs. */
export function lives(one: Process): boolean {
  return processOf(one.pid)?.since === one.since
}

/** Whether any process has this pid: asked without `ps`, so also as often as once a second. */
export function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Another account's process may not be asked, but it is there.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

/** Whether the process with this pid works in this folder, as Postgres does in its data and Redis in its own. */
export function worksIn(pid: number, folder: string): boolean {
  if (!onLinux) return cwdByLsof(pid)?.includes(`n${folder}\n`) ?? false
  const cwd = attempt(() => readlinkSync(`/proc/${pid}/cwd`))
  if (cwd !== undefined) return cwd === folder
  // A container's root may not look into another user's process; its arguments are open to all.
  const words = attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.split('\0')
  return words?.includes(folder) ?? false
}

/** Ends a process: each signal in turn, with the milliseconds it is given to obey before the next. */
export async function end(one: Process, ...steps: readonly (readonly [NodeJS.Signals, number])[]): Promise<void> {
  for (const [signal, patience] of steps) {
    if (!lives(one)) return
    attempt(() => process.kill(one.pid, signal))
    if (await died(one, patience)) return
  }
  throw new Error(`Process ${one.pid} does not end, not even by ${steps.at(-1)?.[0]}. End it by hand.`)
}

async function died(one: Process, patience: number): Promise<boolean> {
  const until = performance.now() + patience
  while (performance.now() < until) {
    if (!lives(one)) return true
    await sleep(10)
  }
  return !lives(one)
}

// ps writes when a process began by the zone and the language of the moment, which may change while it runs.
const quiet: ExecFileSyncOptionsWithStringEncoding = {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
  env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', TZ: 'UTC', LC_ALL: 'C' },
}

function sinceOnLinux(pid: number): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  // The second field, the name in brackets, may hold spaces and brackets of its own.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (!fields || fields[0] === 'Z' || fields[0] === 'X') return undefined
  return `${bootOf()}:${fields[19]}`
}

function sinceByPs(pid: number): string | undefined {
  return attempt(() => execFileSync('ps', ['-o', 'lstart=', '-p', `${pid}`], quiet))?.trim() || undefined
}

function cwdByLsof(pid: number): string | undefined {
  return attempt(() => execFileSync('lsof', ['-a', '-d', 'cwd', '-p', `${pid}`, '-Fn'], quiet))
}

function bootOf(): string {
  return attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? ''
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
