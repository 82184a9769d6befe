// Reads a charter's file: a charter, or what is wrong in it with its line. It touches no file and no database.
import { type Charter, charterShape } from './charter.ts'
import { charterRules, type Known } from './rules.ts'
import { successionRules } from './succession.ts'
import { type Misread, readYaml } from './yaml.ts'

/** What a charter is read against: what the program knows, and every charter of this co-op that was ever in force. */
export interface Reading extends Known {
  readonly earlier?: (id: string) => readonly Charter[]
}

/** Reads a charter's YAML, or says what is wrong in its shape or, where that holds, in what its fields say together. */
export function readCharter(source: string, reading: Reading): { readonly charter: Charter } | Misread {
  const read = readYaml<Charter>(source, charterShape, (charter, isCut) => {
    const earlier = reading.earlier?.(charter.id) ?? []
    return [...charterRules(charter, reading, isCut), ...successionRules(earlier, charter)]
  })
  return 'value' in read ? { charter: read.value } : read
}

/** Reads a charter that was applied before; throws where the program's shape has moved away from it. */
export function rereadCharter(source: string, version: number): Charter {
  const read = readYaml<Charter>(source, charterShape, () => [])
  if ('value' in read) return read.value
  const [, coop = 'without an id'] = /^id: *(\S+)/m.exec(source) ?? []
  const [first] = read.mistakes
  throw new Error(
    `Charter ${coop}, version ${version}, does not fit this program: ` +
      `line ${first?.line}, ${first?.path} ${first?.message}. ` +
      'Apply a corrected charter, or run the program that applied it',
  )
}
