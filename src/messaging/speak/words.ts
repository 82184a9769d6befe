// The words of the five languages, read once from locales/: one file per flow in each. It finds a text by its name and
// the form that a count asks for, and never fills a gap.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import i18next from 'i18next'
import { z } from 'zod'
import { dayWordsOf } from '../../conversation/hear/date.ts'
import { foldWords } from '../../conversation/hear/words.ts'
import type { Vocabulary } from '../../conversation/machine.ts'
import { type Language, languages } from '../../coop/charter/charter.ts'

/** A text cut at its gaps, so that saying it is only joining. */
export interface Phrase {
  readonly start: string
  readonly gaps: readonly { readonly name: string; readonly format: string; readonly then: string }[]
}

const folder = join(import.meta.dirname, '../../../locales')
const files = readdirSync(join(folder, 'en')).map((name) => name.replace('.json', ''))
const read = (language: Language, file: string): unknown =>
  JSON.parse(readFileSync(join(folder, language, `${file}.json`), 'utf8'))

const tree = z.record(z.string(), z.json())
const filesOf = (language: Language) =>
  Object.fromEntries(files.map((file) => [file, tree.parse(read(language, file))]))
const someWords = z.array(z.string()).min(1)
const daysShape = z.strictObject({
  today: someWords,
  yesterday: someWords,
  day_before_yesterday: someWords,
  tomorrow: someWords,
  day_after_tomorrow: someWords,
  last: someWords,
  weekdays: z.array(z.string()).length(7),
  other_weekdays: z.array(someWords).length(7).optional(),
  months: z.array(z.string()).length(12),
})

const i18n = i18next.createInstance()
// Without a backend this is done when it returns.
i18n.init({
  lng: 'en',
  fallbackLng: false,
  initAsync: false,
  ns: files,
  resources: Object.fromEntries(languages.map((language) => [language, filesOf(language)])),
})

/** How a language writes days: weekdays from Sunday, months from January. */
export const calendarOf: Readonly<Record<Language, z.infer<typeof daysShape>>> = each((language) =>
  daysShape.parse(read(language, 'days')),
)

const phrases = new Map<string, Phrase>()

/** The text of a flow's file by its path, in the form for `count`; undefined where the file has none. */
export function findPhrase(language: Language, flow: string, path: string, count?: number): Phrase | undefined {
  const name = `${language} ${flow} ${path} ${count === undefined ? '' : formOf(language, count)}`
  const known = phrases.get(name)
  if (known) return known
  const options = { lng: language, ns: flow, skipInterpolation: true, ...(count !== undefined && { count }) }
  if (!i18n.exists(path, options)) return undefined
  const phrase = cut(i18n.t(path, options))
  phrases.set(name, phrase)
  return phrase
}

/** The text of a flow's file by its path; throws where there is none, which is our fault and never a member's. */
export function phraseOf(language: Language, flow: string, path: string, count?: number): Phrase {
  const phrase = findPhrase(language, flow, path, count)
  if (!phrase) throw new Error(`locales/${language}/${flow}.json has no text "${path}"; write it in every language`)
  return phrase
}

/** What an option goes by: a word of its node, else one that the machine has for all. */
export function optionName(language: Language, flow: string, node: string, option: string): string {
  const own = findPhrase(language, flow, `${node}.options.${option}`)
  return (own ?? phraseOf(language, 'machine', `options.${option}`)).start
}

const commandsOf = each((language) => commandWords(language))

/** The words by which commands, options and days are heard. Those of English commands go in every language. */
export const vocabulary: Vocabulary = {
  commands: (language) => commandsOf[language],
  name: (flow, node, option, language) => optionName(language, flow, node, option),
  dayWords: dayWordsOf(languages.map((language) => calendarOf[language])),
}

function commandWords(language: Language): ReadonlyMap<string, string> {
  const heard = new Map<string, string>()
  for (const from of ['en', language] as const) {
    const commands = z.record(z.string(), z.array(z.string())).parse(read(from, 'commands'))
    for (const [command, words] of Object.entries(commands))
      for (const word of words) heard.set(foldWords(word), command)
  }
  return heard
}

const rules = each((language) => new Intl.PluralRules(language))
// i18next has a form of its own for nothing, whatever the language.
const formOf = (language: Language, count: number): string => (count === 0 ? 'zero' : rules[language].select(count))

const gap = /\{\{(\w+)(?:, (\w+))?\}\}/

function cut(text: string): Phrase {
  const [start = '', ...rest] = text.split(gap)
  const gaps = Array.from({ length: rest.length / 3 }, (_, at) => {
    const [name = '', format = '', then = ''] = rest.slice(at * 3, at * 3 + 3)
    return { name, format, then }
  })
  return { start, gaps }
}

function each<T>(make: (language: Language) => T): Readonly<Record<Language, T>> {
  return { en: make('en'), hi: make('hi'), sw: make('sw'), es: make('es'), fr: make('fr') }
}
