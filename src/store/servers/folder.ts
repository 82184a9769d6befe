// Folders that we keep things in, and what is said where one is not ours to use.
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Makes a folder and those above it, for their owner only. One by one: under /proc Node never ends to make all. */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) return
  makeFolder(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(folder)) throw error
  }
}

const isFolder = (folder: string): boolean => statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false

/** Whether the system refused us a file because it is somebody else's. */
export const isForbidden = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM')

/** What is said of a file or folder that is somebody else's. */
export const forbidden = (what: string): string =>
  `${what} is another user's: run Coopline as that user, or set COOPLINE_DATA to a folder of your own.`
