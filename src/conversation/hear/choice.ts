// Which of the options on offer a member named: by digit, by digit and name, or by whole name where allowed.
// It never matches a prefix, never a near miss, and with two readings it gives none.
import { plainly, politely } from './courtesies.ts'
import { bareNumber, foldDigits } from './digits.ts'
import { foldSpaces, foldWords } from './words.ts'

/** One answer on offer: the digit that chooses it, and the names that mean it. */
export interface Option {
  readonly digit: number
  readonly names: readonly string[]
}

const digitThenName = /^[#(]?(0|[1-9]\d?)(?:\s*[-–—.):=]\s*|\s+)(.*\p{L}.*)$/su

/** The digit of the option that was meant. A vote or a consent is read with 'digits', which refuses bare names. */
export function readChoice(said: string, options: readonly Option[], how: 'digits' | 'names'): number | undefined {
  const text = foldDigits(foldSpaces(said))
  const lone = bareNumber(politely(text))
  if (lone !== undefined) return options.find((option) => option.digit === lone)?.digit
  const named = digitThenName.exec(text)
  if (named) return optionOfBoth(Number(named[1]), named[2] ?? '', options)
  return how === 'names' ? optionNamed(text, options) : undefined
}

function optionOfBoth(digit: number, name: string, options: readonly Option[]): number | undefined {
  const option = options.find((each) => each.digit === digit)
  return option && goesBy(option, name) ? digit : undefined
}

function optionNamed(name: string, options: readonly Option[]): number | undefined {
  if (!/\p{L}/u.test(name)) return undefined
  const meant = options.filter((option) => goesBy(option, name))
  return meant.length === 1 ? meant[0]?.digit : undefined
}

function goesBy(option: Option, name: string): boolean {
  const said = [foldWords(name), plainly(name)]
  return option.names.some((each) => said.includes(foldWords(each)))
}
