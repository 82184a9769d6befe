// What follows a command that takes the number of a use of data: "1", "1 please", "1 and 2", "all", "करो".
import { withoutCourtesies } from './courtesies.ts'
import { foldWords } from './words.ts'

// "OFF 1 and 2", "zima zote", "बंद कर दो": these ask for it, and name no number or are no part of it.
const glue = new Set([
  ...['and', 'also', 'number', 'no', 'all', 'both', 'everything', 'y', 'e', 'et', 'todo', 'todos', 'todas', 'tout'],
  ...['tous', 'toutes', 'numero', 'na', 'zote', 'yote', 'namba', 'nambari'],
  // Not "the": "on the 23" is a day.
  ...['use', 'uso', 'usage', "l'usage", 'matumizi', 'el', 'la', 'le'],
  ...['aur', 'sab', 'sabhi', 'karo', 'kar', 'karen', 'do', 'dijiye', 'kijiye'],
  ...['और', 'सब', 'सभी', 'नंबर', 'करो', 'करें', 'करिए', 'कीजिए', 'कर', 'दो', 'दें', 'दीजिए'],
])

/** The one number that is named, '' where none is or several; undefined where it says something else. */
export function numberWished(rest: string): string | undefined {
  const words = rest.split(/[\s,;&+/]+/).map(foldWords)
  const said = withoutCourtesies(words.filter((word) => word !== ''))
  const numbers = said.filter((word) => /^\d{1,2}$/.test(word))
  if (!said.every((word) => numbers.includes(word) || glue.has(word))) return undefined
  return numbers.length === 1 ? numbers[0] : ''
}
