// One running Coopline per data folder: who runs on it, and where the phone and the command line find it.
// A claim is never taken from a living process, and a dead one's never needs a hand.
import { linkSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { lives, Process, thisProcess } from './servers/process.ts'
import { readRecord, writeRecord } from './servers/record.ts'
import { privateFolder } from './servers/server.ts'

const Running = z.object({
  ...Process.shape,
  url: z.url(),
  databaseUrl: z.string(),
  redisUrl: z.string().exactOptional(),
  keys: z.string(),
  carrierUrl: z.url().exactOptional(),
  authToken: z.string().exactOptional(),
})

/** What a running instance says of itself to the other programs of its owner. */
export type Running = z.infer<typeof Running>

/** The right to run on a data folder, until released or until this process ends. */
export interface Claim {
  /** Lets `phone` and `coopline` find this instance. */
  announce(running: Omit<Running, 'pid' | 'since'>): void
  release(): void
}

/** Claims a data folder for this process; an error where another living process runs on it. */
export function claimInstance(folder: string): Claim {
  const place = privateFolder(folder)
  const self = thisProcess()
  const mine = takeTurn(place, self)
  rmSync(announcement(place), { force: true })
  return {
    announce: (running) => writeRecord(announcement(place), Running.parse({ ...running, ...self })),
    release: () => {
      if (!readRecord(turnFile(place, mine), Process)) return
      rmSync(announcement(place), { force: true })
      writeRecord(turnFile(place, mine), { released: true })
    },
  }
}

/** The instance that runs on this data folder now, if any. */
export function findInstance(folder: string): Running | undefined {
  const running = readRecord(announcement(folder), Running)
  return running && lives(running) ? running : undefined
}

/**
 * Turns are numbered files; the highest is in force while its process lives. Linking the next can succeed for one
 * claimer only, and the highest file always stays: so two that find the same dead one never both follow it.
 */
function takeTurn(folder: string, self: Process): number {
  const draft = join(folder, `.turn.${process.pid}`)
  writeRecord(draft, self)
  try {
    for (;;) {
      const last = lastTurn(folder)
      const holder = readRecord(turnFile(folder, last), Process)
      if (holder && lives(holder)) throw new Error(occupied(folder, holder))
      if (linked(draft, turnFile(folder, last + 1)) && confirmed(folder, last + 1)) return last + 1
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

/** A claimer that slept while others came and went may have linked a number that was passed long ago. */
function confirmed(folder: string, turn: number): boolean {
  if (lastTurn(folder) !== turn) {
    rmSync(turnFile(folder, turn), { force: true })
    return false
  }
  for (const earlier of turns(folder)) if (earlier < turn) rmSync(turnFile(folder, earlier), { force: true })
  return true
}

function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function turns(folder: string): number[] {
  return readdirSync(folder).flatMap((name) => /^turn\.(\d+)$/.exec(name)?.slice(1).map(Number) ?? [])
}

function occupied(folder: string, { pid }: Process): string {
  return (
    `Coopline already runs on ${folder} (pid ${pid}). Use that one, stop it first, ` +
    'or start this one on another folder with COOPLINE_DATA.'
  )
}

const lastTurn = (folder: string) => Math.max(0, ...turns(folder))
const turnFile = (folder: string, turn: number) => join(folder, `turn.${turn}`)
const announcement = (folder: string) => join(folder, 'running.json')
