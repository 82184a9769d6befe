// What the servers have in common that one machine starts for itself: a session of their own, a private socket,
// and a note of who started them. A server whose starter is dead is an orphan; a living starter's is never touched.
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { forbidden, isForbidden, makeFolder } from './folder.ts'
import { end, lives, Process, processOf, thisProcess, worksIn } from './process.ts'
import { readRecord, writeRecord } from './record.ts'

/** A server that this process started. */
export interface Server {
  readonly url: string
  readonly pid: number
  /** What the operator should know of how it runs, where that is not the usual way. */
  readonly note?: string
  stop(): Promise<void>
}

/** Where a server works, how it is known there and how it is ended. */
export interface Seat {
  readonly name: string
  /** Holds the note of its starter. */
  readonly folder: string
  /** Its working folder and its own pid file. */
  readonly cwd: string
  readonly pidFile: string
  readonly farewell: readonly (readonly [NodeJS.Signals, number])[]
}

/** Where a server's socket lies; a temporary folder is removed with it. */
export interface Sockets {
  readonly folder: string
  readonly temporary: boolean
}

const Starter = z.object({
  starter: Process,
  sockets: z.object({ folder: z.string(), temporary: z.boolean() }),
})

/** Makes a folder, for its owner only, and gives its true path. */
export function privateFolder(folder: string): string {
  try {
    makeFolder(folder)
  } catch (error) {
    throw new Error(`${folder} cannot be a folder (${error}): mend COOPLINE_DATA, or move what stands there.`)
  }
  try {
    chmodSync(folder, 0o700)
  } catch (error) {
    throw isForbidden(error) ? new Error(forbidden(folder), { cause: error }) : error
  }
  return realpathSync(folder)
}

/** Ends the server of this seat if its starter is dead; an error if its starter lives, or nobody knows who that is. */
export async function endOrphan(seat: Seat): Promise<void> {
  const note = readRecord(noteIn(seat.folder), Starter)
  const server = sitting(seat)
  if (server && (!note || lives(note.starter))) {
    const owner = note ? `started by process ${note.starter.pid}, which still runs` : 'and not started by Coopline'
    throw new Error(
      `${seat.name} already runs in ${seat.folder} (pid ${server.pid}), ${owner}. ` +
        'Stop that one first, or choose another folder.',
    )
  }
  if (server) await end(server, ...seat.farewell)
  if (note) leaveFolder(seat.folder, note.sockets)
}

/** Writes down who starts a server, before it starts, and gives the folder for its socket. */
export function takeFolder(folder: string, sockets: Sockets): void {
  writeRecord(noteIn(folder), { starter: thisProcess(), sockets })
}

/** Takes the note and a short socket folder away again, once the server has ended. */
export function leaveFolder(folder: string, sockets: Sockets): void {
  if (sockets.temporary) rmSync(sockets.folder, { recursive: true, force: true })
  rmSync(noteIn(folder), { force: true })
}

/** The folder itself where a socket's path fits into it and into a URL; else a short private one. */
export function socketFolder(folder: string, name: string): Sockets {
  // The kernel keeps 108 bytes for a socket's path, its closing zero included; macOS keeps 104.
  const fits = Buffer.byteLength(join(folder, name)) <= 103 && /^[\w./+~-]+$/.test(folder)
  if (fits) return { folder, temporary: false }
  const short = Buffer.byteLength(tmpdir()) <= 60 && /^[\w./+~-]+$/.test(tmpdir()) ? tmpdir() : '/tmp'
  return { folder: mkdtempSync(join(short, 'coopline-')), temporary: true }
}

/** Starts a program in a session of its own, where the terminal's Ctrl-C does not reach it; it may outlive us. */
export function startApart(
  command: string,
  args: readonly string[],
  how: { log: number; cwd: string; env: NodeJS.ProcessEnv | undefined; uid?: number | undefined },
): Promise<ChildProcess> {
  const { log, cwd, env, uid } = how
  const identity = uid === undefined ? {} : { uid, gid: uid }
  const child = spawn(command, args, {
    cwd,
    ...(env && { env }),
    ...identity,
    detached: true,
    stdio: ['ignore', log, log],
  })
  child.unref()
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child))
    child.once('error', reject)
  })
}

/** The process that sits in this seat now. */
export function sitting({ cwd, pidFile }: Seat): Process | undefined {
  const pid = pidIn(pidFile)
  if (!pid || !worksIn(pid, cwd)) return undefined
  return processOf(pid)
}

function pidIn(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined
  } catch {
    return undefined
  }
}

const noteIn = (folder: string) => join(folder, 'starter.json')
