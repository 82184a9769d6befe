// What the options of a question or of a vote must keep together: each is told from the others by its names, and none
// is the number of another, a word that a carrier acts on, or one by which people ask for no more messages or data.
import { asksToStop, isReservedWord } from '../../conversation/hear/carrier_word.ts'
import { politely } from '../../conversation/hear/courtesies.ts'
import { bareNumber } from '../../conversation/hear/digits.ts'
import { asksToWithdraw } from '../../conversation/hear/withdrawal_sentences.ts'
import { foldSpaces, foldWords } from '../../conversation/hear/words.ts'
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
    const number = option.find((name) => isNumberBut(at + 1, name))
    if (number !== undefined)
      return said(
        `"${number}" would be taken for its number, and this option is ${at + 1}; write a word with it, "3 delegates"`,
      )
    const earlier = names.slice(0, at)
    const shared = [...(names[at] ?? [])].find((name) => earlier.some((other) => other.has(name)))
    return shared === undefined ? [] : said(`"${shared}" is the name of an earlier option too`)
  })
}

// A lone digit is the option of that place, whatever another is called.
function isNumberBut(place: number, name: string): boolean {
  const number = bareNumber(politely(foldSpaces(name)))
  return number !== undefined && number !== place
}

// Alone, or behind its digit.
const isTaken = (name: string): boolean =>
  isReservedWord(name) ||
  asksToWithdraw(name) ||
  languages.some((language) => asksToStop(name, language) || asksToStop(`1. ${name}`, language))
