// The words for money, hours, distance and weight that people write beside a number, folded, in five languages.
// Only words that leave the number as it is: no "min", no "lakh", no "quintal", which would make it another.
import type { Language } from '../../coop/charter/charter.ts'

/** What a number may be a number of. */
export type Measure = 'money' | 'hours' | 'distance' | 'weight'

const money = [
  ...[
    '₹',
    '$',
    '€',
    '£',
    '¥',
    '₨',
    '৳',
    'rs',
    're',
    'inr',
    'rupee',
    'rupees',
    'rupia',
    'rupias',
    'roupies',
    'rupaye',
    'only',
    'bob',
  ],
  ...['रु', 'रू', 'रुपये', 'रुपया', 'रुपए', 'रूपये'],
  ...['ksh', 'kshs', 'kes', 'tsh', 'tshs', 'tzs', 'ush', 'ugx', 'sh', 'shs', 'shilling', 'shillings', 'shilingi'],
  ...[
    'usd',
    'eur',
    'gbp',
    'euro',
    'euros',
    'dollar',
    'dollars',
    'peso',
    'pesos',
    'mxn',
    'cfa',
    'fcfa',
    'xof',
    'xaf',
  ],
]
const hours = [
  ...['h', 'hr', 'hrs', 'hour', 'hours', 'घंटा', 'घंटे', 'घण्टे', 'घण्टा', 'ghante', 'ghanta'],
  ...['saa', 'masaa', 'hora', 'horas', 'heure', 'heures'],
]
const distance = [
  ...['km', 'kms', 'kilometre', 'kilometres', 'kilometer', 'kilometers', 'kilometro', 'kilometros', 'kilomita'],
  ...['किमी', 'कि.मी', 'किलोमीटर'],
]
const weight = [
  ...[
    'kg',
    'kgs',
    'kilo',
    'kilos',
    'kilogram',
    'kilograms',
    'kilogramme',
    'kilogrammes',
    'kilogramo',
    'kilogramos',
  ],
  ...['किलो', 'किग्रा', 'किलोग्राम', 'kilogramu'],
]

/** The words of each measure. */
export const unitWords: Readonly<Record<Measure, ReadonlySet<string>>> = {
  money: new Set(money),
  hours: new Set(hours),
  distance: new Set(distance),
  weight: new Set(weight),
}

const moneyWord = money.map((word) => word.replace('$', '\\$')).join('|')

/** What may follow a price, what it is paid for: "80 per kg", "80/kg", "80 bob a kilo", "80/= per kilo", "80/- kg". */
export const perWeight = [
  String.raw`(?:(?:\s*(?:\/[-=]|(?:${moneyWord})\.?))?\s*(?:\/|(?:per|a|kwa|por|par|le|प्रति)\s)|\s*\/[-=])`,
  String.raw`\s*(?:${weight.join('|')})`,
].join('')

/** Units that stand before their number in a language: "kilo 20". */
export const leadingUnits: Partial<Record<Language, ReadonlySet<string>>> = {
  sw: new Set(['kilo', 'kilogramu', 'saa', 'masaa', 'kilomita']),
}

/** Every word of every measure. */
export const everyUnitWord: ReadonlySet<string> = new Set([...money, ...hours, ...distance, ...weight])
