// Reads the repository as text: its source files, what each imports, how long its functions are. Only the house's own
// test uses it.
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')

export interface SourceFile {
  /** From the top of the repository: `src/exchange/batch.ts`. */
  readonly name: string
  readonly lines: readonly string[]
  readonly imports: readonly Import[]
}
export interface Import {
  /** The imported file from the top, or the name of a package. */
  readonly from: string
  readonly typeOnly: boolean
}

/** The files that match, each with its imports. */
export const sources = (pattern: string): SourceFile[] =>
  globSync(pattern, { cwd: root })
    .sort()
    .map((name) => read(name))

function read(name: string): SourceFile {
  const text = readFileSync(path.join(root, name), 'utf8')
  return { name, lines: text.trimEnd().split('\n'), imports: importsOf(name, text) }
}

const statement = /^(?:import|export)\s+(type\s+)?([^;'"]*?)\s*from\s+'([^']+)'/gm

function importsOf(name: string, text: string): Import[] {
  return [...text.matchAll(statement)].map(([, type, names = '', from = '']) => ({
    from: from.startsWith('.') ? path.join(path.dirname(name), from) : from,
    typeOnly: type !== undefined || /^\{\s*(type [^,}]+,?\s*)+\}$/.test(names),
  }))
}

// A function that is one expression has no block, and no way to grow long.
const opening = /^(\s*)(?:export )?(?:async )?(?:function\b.*[{(]|const \w+ = .*=> \{)$/

/** Functions of a formatted file with the number of their lines: a block ends where its indentation comes back. */
export function functionsOf({ lines }: SourceFile): { line: number; length: number }[] {
  return lines.flatMap((text, at) => {
    const indent = opening.exec(text)?.[1]
    if (indent === undefined) return []
    const end = lines.findIndex((line, later) => later > at && line.startsWith(`${indent}}`))
    return end < 0 ? [] : { line: at + 1, length: end - at + 1 }
  })
}
