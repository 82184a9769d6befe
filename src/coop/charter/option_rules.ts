// What the options of a question or of a vote must keep together: each is told from the others by its names, and none
// is a word that a carrier acts on, or by which people ask for no more messages or no more use of their data.
import { asksToStop, isReservedWord } from '../../conversation/hear/carrier_word.ts'
import { asksToWithdraw } from '../../conversation/hear/withdrawal_sentences.ts'
import { foldWords } from '../../conversation/hear/words.ts'
import { languages } from './charter.ts'
import type { Found, Path } from './yaml.ts'

/** The mistakes of options by their names, in whatever language each is heard. */
export function optionRules(options: readonly (readonly string[])[], path: Path): Found[] {
  const names = options.map((option) => new Set(option.map(foldWords)))
  return options.flatMap((option, at) => {
    const said = (message: string): Found[] => [{ path: [...path, at], message }]
    const taken = option.find(isTaken)
    if (taken !== undefined)
      return said(
        `"${taken}" is a word that carriers act on, or one that asks for no more messages or data; choose another`,
      )
    const earlier = names.slice(0, at)
    const shared = [...(names[at] ?? [])].find((name) => earlier.some((other) => other.has(name)))
    return shared === undefined ? [] : said(`"${shared}" is the name of an earlier option too`)
  })
}

// Alone, or behind its digit.
const isTaken = (name: string): boolean =>
  isReservedWord(name) ||
  asksToWithdraw(name) ||
  languages.some((language) => asksToStop(name, language) || asksToStop(`1. ${name}`, language))
