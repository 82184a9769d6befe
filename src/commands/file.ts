// A file that an organiser names: its text, and what is wrong in it as an editor can jump to it.
import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import type { Misread } from '../coop/charter/yaml.ts'
import { CommandError } from './place.ts'

/** The text of a file that an organiser named. */
export function textOf(file: string): string {
  const bytes = bytesOf(file)
  const line = lineNotUtf8(bytes)
  if (line === undefined) return bytes.toString('utf8')
  throw new CommandError(`${file} is not UTF-8 (line ${line}): save it as UTF-8, so that its letters stay whole.`)
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    throw new CommandError(`There is no file ${file} that can be read. Check the path.`)
  }
}

/** The first line that is not UTF-8, counted from 1: no letter of several bytes holds the byte that ends a line. */
function lineNotUtf8(bytes: Buffer): number | undefined {
  if (isText(bytes)) return undefined
  const lines = bytes.toString('latin1').split('\n')
  return lines.findIndex((line) => !isText(Buffer.from(line, 'latin1'))) + 1
}

// No text holds a zero; in UTF-16 every second byte of a Latin text is one.
const isText = (bytes: Buffer): boolean => isUtf8(bytes) && !bytes.includes(0)

/** Mistakes as an editor can jump to them, and whether there may be more. */
export function saidOf(file: string, { mistakes, isShapeOnly }: Misread): string {
  const said = mistakes.map(({ line, path, message }) => `${file}:${line}: ${path ? `${path} ` : ''}${message}`)
  return [...said, ...(isShapeOnly ? [notLookedAt] : [])].join('\n')
}

const notLookedAt =
  'Once that is put right, check again: what its fields say together (texts, words, ranges and the like) comes after.'
