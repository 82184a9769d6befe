// One accent or curly quote makes an SMS cost double; this trades such characters for plain ones that GSM-7 has.
// It changes a text only where all of it then is GSM-7 and no longer in parts, so Hindi is never touched.
import { countSegments, isGsm7 } from './segments.ts'

const plainer = new Map<string, string>()
const trade = (characters: string, plain: string) => {
  for (const character of characters) plainer.set(character, plain)
}
trade('‘’‚‛′ʼ`´', "'")
trade('“”„‟″«»', '"')
trade('‹', '<')
trade('›', '>')
trade('‐‑‒–—―−•·', '-')
trade('\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000', ' ')
trade('\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff', '')
trade('\u2028\u2029', '\n')
trade('…', '...')
trade('₹', 'Rs')
trade('×', 'x')
trade('→', '->')
trade('º', 'o')
trade('ª', 'a')
trade('œ', 'oe')
trade('Œ', 'OE')
trade('ł', 'l')
trade('Ł', 'L')
trade('đ', 'd')
trade('Đ', 'D')
trade('ı', 'i')

/** The text as an SMS should carry it: wholly in GSM-7 where plainer characters allow that, else as it was. */
export function foldForSms(text: string): string {
  if (isGsm7(text)) return text
  const folded = foldAll(text.normalize('NFC'))
  if (folded === undefined) return text
  return countSegments(folded).segments <= countSegments(text).segments ? folded : text
}

function foldAll(text: string): string | undefined {
  let folded = ''
  for (const character of text) {
    const plain = isGsm7(character) ? character : (plainer.get(character) ?? baseLetter(character))
    if (plain === undefined) return undefined
    folded += plain
  }
  return folded
}

// "á" is "a" and an accent; a letter of another script comes apart into nothing that GSM-7 has.
function baseLetter(character: string): string | undefined {
  const [base, ...marks] = character.normalize('NFD')
  if (base === undefined || marks.length === 0 || !/^[A-Za-z]$/.test(base)) return undefined
  return base
}
