// A plain yes, a plain no and a plain nothing, in five languages: answers where only her own report hangs on them; a no
// is one to a consent as well. Folded words; courtesies beside them are dropped before.
import type { Language } from '../../coop/charter/charter.ts'
import { plainly } from './courtesies.ts'
import { foldWords } from './words.ts'

const folded = (words: readonly string[]): readonly string[] => words.map(foldWords)

const yesAnywhere = folded([
  ...['yes', 'y', 'yeah', 'yep', 'sure', 'claro', 'oui', 'ouais', 'ndiyo', 'ndio', 'eeh', 'naam'],
  ...['haan', 'han', 'haa', 'ji', 'bilkul', 'हां', 'हा', 'जी'],
])
// In Swahili "si" is a "not".
const yesInSpanish = [...yesAnywhere, 'si']

/** The words for yes that a member who speaks this language may mean by them. */
export const yesWords = (language: Language): readonly string[] => (language === 'es' ? yesInSpanish : yesAnywhere)

/** They agree with what she has just read, and ask for nothing more. */
export const rightWords = folded([
  ...['ok', 'okay', 'right', 'correct', 'correcto', 'exact', 'sawa', 'sawa sawa', 'poa', 'kweli'],
  ...['sahi', 'sahi hai', 'theek', 'theek hai', 'thik', 'thik hai', 'सही', 'सही है', 'ठीक', 'ठीक है'],
])

export const noWords = folded([
  ...['no', 'n', 'nope', 'wrong', 'non', 'faux', 'incorrecto'],
  ...['nahi', 'nahin', 'nhi', 'nai', 'galat', 'galat hai', 'नहीं', 'नही', 'ना', 'गलत', 'गलत है'],
  ...['hapana', 'sitaki', 'sikubali', 'sio', 'siyo', 'sivyo', 'si sawa', 'si sahihi'],
])

/** There is none of it: no amount, or no answer to what may be left out. */
export const nothingWords = folded([
  ...['none', 'nothing', 'nada', 'ninguno', 'ninguna', 'rien', 'aucun', 'aucune', 'hakuna', 'bila', 'sina'],
  ...['kuch nahi', 'kuch nahin', 'kuch nhi', 'koi nahi', 'कुछ नहीं', 'कुछ नही', 'कोई नहीं'],
])

/** Whether a text is one of these words, courtesies aside. */
export const isOneOf = (words: readonly string[], said: string): boolean => words.includes(plainly(said))
