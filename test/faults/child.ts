// A real process of ours, web or worker, started as an operator starts it; what it writes is kept for the test to
// read.
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { compiled } from '../stage/compiled.ts'

const main = path.join(import.meta.dirname, '../../src/main.ts')

export interface Child {
  readonly role: 'web' | 'worker'
  readonly pid: number
  /** Where a web process listens. */
  readonly port: number
  /** All that it has written so far. */
  log(): string
  signal(name: NodeJS.Signals): void
  /** Resolves when it has ended, with the signal or the exit code. */
  readonly ended: Promise<string>
  hasEnded(): boolean
  /** Asks it to stop, and waits. */
  stop(): Promise<string>
}

export interface Launch {
  readonly role: 'web' | 'worker'
  readonly env: Readonly<Record<string, string>>
  /** Words for node itself, before the program. */
  readonly node?: readonly string[]
}

/** Starts a process and waits until it says that it has started. */
export async function startChild({ role, env, node = [] }: Launch): Promise<Child> {
  const child = spawn(process.execPath, [...node, main, role], {
    env: { PATH: process.env.PATH ?? '', ...compiled, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const written: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => written.push(`${chunk}`))
  const log = () => written.join('')
  const ended = endOf(child)
  const port = await started(role, child, log, ended)
  const signal = (name: NodeJS.Signals) => void child.kill(name)
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  const stop = async () => {
    if (!hasEnded()) child.kill('SIGTERM')
    return await ended
  }
  return { role, pid: child.pid ?? 0, port, log, signal, ended, hasEnded, stop }
}

const endOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? String(code))))

async function started(
  role: string,
  child: ChildProcess,
  log: () => string,
  ended: Promise<string>,
): Promise<number> {
  const said = new RegExp(`"event":"started","role":"${role}"[^\\n]*?(?:"port":(\\d+))?\\}`)
  const { promise, resolve } = Promise.withResolvers<number>()
  const look = () => {
    const found = said.exec(log())
    if (found) resolve(Number(found[1] ?? 0))
  }
  child.stdout?.on('data', look)
  const early = ended.then((how) => {
    throw new Error(`The ${role} ended (${how}) before it had started: ${log()}`)
  })
  return await Promise.race([promise, early])
}
