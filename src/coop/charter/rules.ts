// What a charter must keep beyond its shape: fields that name each other, texts in all its languages, words that it
// may take. Each rule looks at the whole charter and says what it found, and where.
import { foldWords } from '../../conversation/hear/words.ts'
import { type Charter, type Language, languages, type Words } from './charter.ts'
import { formRules, repeated } from './form_rules.ts'
import type { Found, IsCut, Path } from './yaml.ts'

/** What the rest of the program knows and a charter must fit. */
export interface Known {
  /** Words that the carrier or a command of ours has taken, folded or not. */
  readonly reserved: (word: string) => boolean
  /** Whether phones have numbers in this country, by its two letters. */
  readonly hasPhones: (country: string) => boolean
  /** SMS segments of a text, as it is sent. */
  readonly segments: (text: string) => number
}

/** The most SMS segments of what a member asks to read: a consent's notice, or what stands behind "read more". */
export const segmentsToRead = 3

/** Every rule that spans several fields of a charter. */
export const charterRules = (charter: Charter, known: Known, isCut: IsCut): Found[] => [
  ...repeated(charter.languages, ['languages']),
  ...textRules(charter, charter.languages, isCut),
  ...places(charter, known),
  ...repeated(
    charter.senders.map((sender) => sender.address),
    ['senders'],
    'address',
  ),
  ...repeated(
    charter.purposes.map((purpose) => purpose.id),
    ['purposes'],
    'id',
  ),
  ...(charter.purposes.every(({ retired }) => retired)
    ? [{ path: ['purposes'], message: 'ask for one at least: all of them are retired' }]
    : []),
  ...repeated(
    charter.forms.map((form) => form.id),
    ['forms'],
    'id',
  ),
  ...bylaws(charter),
  ...words(charter, known),
  ...notices(charter, known),
  ...charter.forms.flatMap((form, at) => formRules(charter, form, ['forms', at])),
]

/** Every text below a value that is not in each of the languages, or would not reach members as it was meant. */
export const textRules = (value: unknown, wanted: readonly Language[], isCut: IsCut): Found[] =>
  textsOf(value).flatMap((text) => [...translated(text, wanted), ...maimed(text, isCut)])

interface Text {
  readonly path: Path
  readonly words: Words
}

function textsOf(value: unknown, path: Path = []): Text[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item, at) => textsOf(item, [...path, at]))
  if (isWords(value)) return [{ path, words: value }]
  return Object.entries(value).flatMap(([key, inside]) => textsOf(inside, [...path, key]))
}

function translated({ path, words }: Text, wanted: readonly Language[]): Found[] {
  const missing = wanted.filter((language) => words[language] === undefined)
  const surplus = Object.keys(words).filter((key) => !wanted.some((language) => language === key))
  return [
    ...missing.map((language) => ({ path, message: `has no text in "${language}", a language of the co-op` })),
    ...surplus.map((language) => ({
      path: [...path, language],
      message: `"${language}" is not a language of the co-op`,
    })),
  ]
}

function maimed({ path, words }: Text, isCut: IsCut): Found[] {
  return Object.entries(words).flatMap(([language, text]) => {
    const place = [...path, language]
    const found: Found[] = []
    if (isCut(place)) found.push({ path: place, message: cutOff })
    if (text.includes('{{')) found.push({ path: place, message: gapless })
    return found
  })
}

const cutOff =
  'ends before " #", which begins a remark: put the whole text in quotes, or the remark on a line of its own'
const gapless = 'holds "{{", and nothing is filled in here: write out what members should read'

const isWords = (value: object): value is Words => areLanguages(Object.keys(value))
const areLanguages = (keys: readonly string[]): keys is Language[] =>
  keys.length > 0 && keys.every((key) => languages.some((language) => language === key))

function places(charter: Charter, { hasPhones }: Known): Found[] {
  const found: Found[] = []
  if (!hasPhones(charter.country)) {
    found.push({
      path: ['country'],
      message: `"${charter.country}" is no country with phones; write one such as IN`,
    })
  }
  if (!isTimeZone(charter.timezone)) {
    found.push({
      path: ['timezone'],
      message: `"${charter.timezone}" is no time zone; write one such as Asia/Kolkata`,
    })
  }
  if (!Intl.supportedValuesOf('currency').includes(charter.currency)) {
    found.push({ path: ['currency'], message: `"${charter.currency}" is no currency; write one such as INR` })
  }
  if (charter.quiet.from === charter.quiet.to) {
    found.push({ path: ['quiet', 'to'], message: 'quiet hours that end when they begin never end or never begin' })
  }
  return found
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function bylaws({ bylaws: { kinds } }: Charter): Found[] {
  const found: Found[] = []
  if (Object.keys(kinds).length === 0)
    found.push({ path: ['bylaws', 'kinds'], message: 'name a kind of vote at least' })
  for (const [id, { majority, open }] of Object.entries(kinds)) {
    const path = ['bylaws', 'kinds', id]
    const { part, whole } = majority.share
    if (part > whole || (part === whole && majority.reach === 'above')) {
      found.push({ path: [...path, 'majority', 'share'], message: 'no vote can reach this share' })
    }
    if (open === 0) found.push({ path: [...path, 'open'], message: 'a vote must be open for some time' })
  }
  return found
}

interface Taken {
  readonly word: string
  /** Whose word it is. */
  readonly of: string
  readonly path: Path
}

// A word that leads to two things, or is STOP to the carrier, would do another thing than its charter says.
function words(charter: Charter, { reserved }: Known): Found[] {
  const all = wordsOf(charter)
  return all.flatMap(({ word, of, path }) => {
    const folded = foldWords(word)
    if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N}-]*$/u.test(folded)) return [{ path, message: `"${word}" is not one word` }]
    if (reserved(word) || reserved(folded))
      return [{ path, message: `"${word}" is taken by a command or the carrier` }]
    const first = all.find((each) => foldWords(each.word) === folded)
    return first && first.of !== of ? [{ path, message: `"${word}" is already the word of ${first.of}` }] : []
  })
}

const wordsOf = (charter: Charter): Taken[] => [
  { word: charter.word, of: 'the co-op', path: ['word'] },
  ...charter.forms.flatMap((form, at) =>
    Object.entries(form.word).map(([language, word]) => {
      return { word, of: `form ${form.id}`, path: ['forms', at, 'word', language] }
    }),
  ),
]

const notices = (charter: Charter, { segments }: Known): Found[] =>
  charter.purposes.flatMap(({ notice }, at) =>
    Object.entries(notice.text).flatMap(([language, text]) => {
      const taken = segments(text)
      if (taken <= segmentsToRead) return []
      const path = ['purposes', at, 'notice', 'text', language]
      return [{ path, message: `takes ${taken} SMS segments; a notice may take ${segmentsToRead}` }]
    }),
  )
