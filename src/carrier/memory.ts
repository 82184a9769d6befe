// What the pretend carrier still knows after a restart, as the real one would: when a window was opened, which pair is
// blocked. It keeps pairs of phone and sender by their hashes, so that no number lies in its file.

import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

export interface Memory {
  /** What was noted last under this name. */
  recall(name: string): number | undefined
  note(name: string, value: number): void
}

/** A memory that is as long as its process, or kept in a file: a line for each note, the last of a name counts. */
export function openMemory(file?: string): Memory {
  const known = new Map(file !== undefined && existsSync(file) ? linesOf(file) : [])
  if (file !== undefined) rewrite(file, known)
  return {
    recall: (name) => known.get(hashOf(name)),
    note: (name, value) => {
      const hash = hashOf(name)
      known.set(hash, value)
      if (file !== undefined) appendFileSync(file, lineOf([hash, value]))
    },
  }
}

type Note = readonly [hash: string, value: number]

const hashOf = (name: string): string => createHash('sha256').update(name).digest('hex')
const lineOf = ([hash, value]: Note): string => `${hash} ${value}\n`

// A kill may have cut the last line off.
const whole = /^([0-9a-f]{64}) (\d+)$/

const linesOf = (file: string): Note[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line): Note[] => {
      const [, hash, value] = whole.exec(line) ?? []
      return hash === undefined ? [] : [[hash, Number(value)]]
    })

/** Writes each name once, so that a file which is appended to for months stays small. */
function rewrite(file: string, notes: Iterable<Note>): void {
  const draft = `${file}.new`
  writeFileSync(draft, [...notes].map(lineOf).join(''), { mode: 0o600 })
  renameSync(draft, file)
}
