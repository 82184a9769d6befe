// Reads a charter's file: a charter, or what is wrong in it with its line. It touches no file and no database.
import type { z } from 'zod'
import { type Charter, charterShape } from './charter.ts'
import { charterRules, type Known } from './rules.ts'
import { successionRules } from './succession.ts'
import { type Misread, readYaml } from './yaml.ts'

/** What a charter is read against: what the program knows, and every charter of this co-op that was ever in force. */
export interface Reading extends Known {
  readonly earlier?: (id: string) => readonly Charter[]
}

const fileShape = charterShape.extend({
  currency_digits: charterShape.shape.currency_digits.removeDefault().optional(),
})

/** Digits that a file leaves to its currency: those in force, or else those that the currency has. */
const withDigits = (file: z.infer<typeof fileShape>, before: Charter | undefined): Charter => ({
  ...file,
  currency_digits: file.currency_digits ?? before?.currency_digits ?? digitsOf(file.currency),
})

const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2

/** A charter's file as it is stored: with the digits that it left to its currency, where they are not two. */
export function storedAs(source: string, { currency_digits }: Charter): string {
  if (currency_digits === 2 || writtenDigits.test(source)) return source
  const whole = source.replace(/^currency:.*$/m, (line) => `${line}\ncurrency_digits: ${currency_digits}`)
  if (writtenDigits.test(whole)) return whole
  throw new Error(`Write "currency_digits: ${currency_digits}" into the charter, on a line of its own`)
}

const writtenDigits = /^currency_digits:/m

/** Reads a charter's YAML, or says what is wrong in its shape or, where that holds, in what its fields say together. */
export function readCharter(source: string, reading: Reading): { readonly charter: Charter } | Misread {
  const earlierOf = ({ id }: { id: string }) => reading.earlier?.(id) ?? []
  const shape = fileShape.transform((file) => withDigits(file, earlierOf(file).at(-1)))
  const read = readYaml<Charter>(source, shape, (charter, isCut) => {
    const earlier = earlierOf(charter)
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
