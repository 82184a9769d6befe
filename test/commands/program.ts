// Runs the program as a person would, in processes of their own; and single commands in this one, since most of what a
// command takes is the start of its process.
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { vi } from 'vitest'
import { run as runWords } from '../../src/commands/program.ts'
import { compiled } from '../stage/compiled.ts'

const main = path.join(import.meta.dirname, '../../src/main.ts')

export interface Said {
  readonly code: number
  readonly out: string
  readonly error: string
}

type Env = Readonly<Record<string, string>>

/** Only what is given: a setting of whoever runs the tests must not count. */
const environment = (env: Env) => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  ...compiled,
  ...env,
})

/** Runs a command to its end in this process, which sees nothing of its environment and of what it says. */
export async function command(env: Env, ...words: string[]): Promise<Said> {
  const said = { out: '', error: '' }
  const hear = (name: keyof typeof said, end: string) => (text: unknown) => {
    said[name] += `${text}${end}`
    return true
  }
  const [outer, codeBefore] = [process.env, process.exitCode]
  const spies = [
    vi.spyOn(console, 'log').mockImplementation(hear('out', '\n')),
    vi.spyOn(console, 'error').mockImplementation(hear('error', '\n')),
    vi.spyOn(process.stdout, 'write').mockImplementation(hear('out', '')),
  ]
  process.env = environment(env)
  process.exitCode = 0
  try {
    const isDone = await runWords(words)
    return { code: isDone ? Number(process.exitCode) : 1, ...said }
  } finally {
    process.env = outer
    process.exitCode = codeBefore
    for (const spy of spies) spy.mockRestore()
  }
}

/** Runs a command to its end in a process of its own. */
export function coopline(env: Env, ...words: string[]): Promise<Said> {
  const child = spawn(process.execPath, [main, ...words], {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return ended(child)
}

function ended(child: ChildProcess): Promise<Said> {
  const said = { out: '', error: '' }
  child.stdout?.on('data', (text) => {
    said.out += text
  })
  child.stderr?.on('data', (text) => {
    said.error += text
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, ...said })))
}

export interface Running {
  readonly pid: number
  readonly end: Promise<Said>
  /** Resolves when it has said this. */
  says(what: RegExp): Promise<string>
  kill(signal: NodeJS.Signals): void
}

/** Starts a command that runs on. */
export function run(env: Env, ...words: string[]): Running {
  const child = spawn(process.execPath, [main, ...words], {
    env: environment(env),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const end = ended(child)
  let out = ''
  child.stdout?.on('data', (text) => {
    out += text
  })
  const says = async (what: RegExp) => {
    let over: Said | undefined
    void end.then((said) => {
      over = said
    })
    while (!what.test(out)) {
      if (over) throw new Error(`It ended with ${over.code}: ${over.out} ${over.error}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return out
  }
  return { pid: child.pid ?? 0, end, says, kill: (signal) => void child.kill(signal) }
}

/** The starts and stops of a process in its log, with the role that it says; each names a version. */
export function eventsOf(log: string, pid: number): string[] {
  const lines = log.split('\n').filter((line) => line.startsWith('{'))
  const entries = lines.map((line): Record<string, unknown> => JSON.parse(line))
  return entries
    .filter((entry) => entry.pid === pid && /^\d+\.\d+\.\d+/.test(String(entry.version)))
    .map(({ event, role }) => `${event} ${role}`)
}
