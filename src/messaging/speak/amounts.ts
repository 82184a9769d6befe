// Numbers, money and lists as a co-op's country writes them in a member's language, always in the digits 0 to 9. No
// Intl object is made twice: making one costs a hundred times as much as using it.
import type { Applied, Language } from '../../coop/charter/charter.ts'
import { findPhrase } from './words.ts'

type Co = Pick<Applied, 'country' | 'currency' | 'currency_digits'>

/** A whole number scaled by its decimals: 850 with 2 is "8.5". */
export const sayNumber = (scaled: number, decimals: number, language: Language, co: Co): string =>
  numbers(tagOf(language, co), 0, decimals).format(scaled / 10 ** decimals)

/** Minor units of the co-op's currency: "Rs 1,600", and "Rs 1,600.50" where there are any. */
export function sayMoney(minor: number, language: Language, co: Co): string {
  const digits = co.currency_digits
  const least = minor % 10 ** digits === 0 ? 0 : digits
  const tag = tagOf(language, co)
  const written = findPhrase(language, 'currencies', co.currency)
  const amount = Math.abs(minor) / 10 ** digits
  const sign = minor < 0 ? '-' : ''
  if (!written) return sign + monies(tag, co.currency, least).format(amount)
  return `${sign}${written.start}${numbers(tag, least, least).format(amount)}${written.gaps[0]?.then ?? ''}`
}

/** "Km, Trips and App". */
export function sayAll(items: readonly string[], language: Language, co: Co): string {
  const said = lists(tagOf(language, co), 'conjunction').format(items)
  // Unicode's Hindi has a comma before "and" that nobody writes.
  return language === 'hi' ? said.replace(', और ', ' और ') : said
}

/** "1, 2 or 3". */
export const sayEither = (digits: readonly number[], language: Language, co: Co): string =>
  lists(tagOf(language, co), 'disjunction').format(digits.map(String))

const tagOf = (language: Language, { country }: Co): string => `${language}-${country}-u-nu-latn`

function kept<K extends unknown[], T>(make: (...of: K) => T): (...of: K) => T {
  const made = new Map<string, T>()
  return (...of) => {
    const name = of.join(' ')
    const known = made.get(name) ?? make(...of)
    made.set(name, known)
    return known
  }
}

const numbers = kept((tag: string, least: number, most: number) => {
  return new Intl.NumberFormat(tag, { minimumFractionDigits: least, maximumFractionDigits: most })
})
const monies = kept((tag: string, currency: string, digits: number) => {
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits }
  return new Intl.NumberFormat(tag, { style: 'currency', currencyDisplay: 'narrowSymbol', currency, ...fraction })
})
const lists = kept((tag: string, type: 'conjunction' | 'disjunction') => new Intl.ListFormat(tag, { type }))
