// What a run costs: CPU time of each process group and of the machine, stolen time, and memory, from /proc. On another
// system than Linux there is none, and the bench says so.
import { readdirSync, readFileSync } from 'node:fs'
import os from 'node:os'

export type Group = 'app' | 'postgres' | 'redis' | 'load'

/** The pids of the groups; each counts with all that it started. */
export type Watched = Readonly<Record<Group, number>>

interface Reading {
  readonly at: number
  /** Seconds of CPU time. */
  readonly cpu: Readonly<Record<Group, number>>
  readonly busy: number
  readonly stolen: number
}

export interface Usage {
  /** Cores in use. */
  readonly cores: Readonly<Record<Group, number>>
  /** Cores that the host gave to others. */
  readonly steal: number
  /** Cores that processes of this machine used which the bench did not start. */
  readonly foreign: number
}

const tick = 100

/** Reads now; `usageBetween` tells what was used from one reading to the next. */
export function read(watched: Watched): Reading {
  const parents = parentsOf()
  const seconds = (pid: number) => [pid, ...below(parents, pid)].reduce((sum, each) => sum + cpuOf(each), 0)
  const [, user = 0, nice = 0, system = 0, , , irq = 0, soft = 0, steal = 0] = machine()
  const load = process.cpuUsage()
  return {
    at: performance.now(),
    cpu: {
      app: seconds(watched.app),
      postgres: seconds(watched.postgres),
      redis: seconds(watched.redis),
      load: (load.user + load.system) / 1e6,
    },
    busy: (user + nice + system + irq + soft) / tick,
    stolen: steal / tick,
  }
}

/** What was used between two readings. */
export function usageBetween(from: Reading, till: Reading): Usage {
  const seconds = (till.at - from.at) / 1000
  const cores = (group: Group) => (till.cpu[group] - from.cpu[group]) / seconds
  const used = { app: cores('app'), postgres: cores('postgres'), redis: cores('redis'), load: cores('load') }
  const known = used.app + used.postgres + used.redis + used.load
  return {
    cores: used,
    steal: (till.stolen - from.stolen) / seconds,
    foreign: Math.max(0, (till.busy - from.busy) / seconds - known),
  }
}

/** Memory of a process in MB: now, and the most that it ever had. */
export function memoryOf(pid: number): { now: number; most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (name: string) => (Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) * 1024) / 1e6
  return { now: megabytes('VmRSS'), most: megabytes('VmHWM') }
}

export const machineSaid = (): string =>
  `${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown'}, ${Math.round(os.totalmem() / 1e9)} GB, Node ${process.version}`

const machine = (): number[] =>
  (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/).map((word) => Number(word))

// Own time and that of children that have ended and been waited for.
function cpuOf(pid: number): number {
  return (
    statOf(pid)
      .slice(11, 15)
      .reduce((sum, ticks) => sum + Number(ticks), 0) / tick
  )
}

/** The fields after the program's name, which may hold blanks: the state first, the parent second. */
function statOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  } catch {
    return []
  }
}

function parentsOf(): Map<number, number> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return new Map(pids.map((pid) => [Number(pid), Number(statOf(Number(pid))[1])]))
}

function below(parents: ReadonlyMap<number, number>, pid: number): number[] {
  const children = [...parents].flatMap(([child, parent]) => (parent === pid ? child : []))
  return children.flatMap((child) => [child, ...below(parents, child)])
}
