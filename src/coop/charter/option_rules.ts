// What the options of a question or of a vote must keep together: each is told from the others by its names, and none
// is a word that the carrier acts on.
import { isReservedWord } from '../../conversation/hear/carrier_word.ts'
import { foldWords } from '../../conversation/hear/words.ts'
import type { Found, Path } from './yaml.ts'

/** The mistakes of options by their names, in whatever language each is heard. */
export function optionRules(options: readonly (readonly string[])[], path: Path): Found[] {
  const names = options.map((option) => new Set(option.map(foldWords)))
  return options.flatMap((option, at) => {
    const said = (message: string): Found[] => [{ path: [...path, at], message }]
    const taken = option.find(isReservedWord)
    if (taken !== undefined)
      return said(`"${taken}" is a word that carriers act on: it would never be heard as an answer`)
    const earlier = names.slice(0, at)
    const shared = [...(names[at] ?? [])].find((name) => earlier.some((other) => other.has(name)))
    return shared === undefined ? [] : said(`"${shared}" is the name of an earlier option too`)
  })
}
