// The co-ops whose every word is walked and measured: the two examples, and ones derived from them for the languages and
// the sizes that neither has.
import type { Applied, Charter, Form, Language } from '../../src/coop/charter/charter.ts'
import { languages } from '../../src/coop/charter/charter.ts'
import { example } from '../coop/charter/example.ts'

const isLanguage = (key: string): boolean => languages.some((language) => language === key)

/** The value with every text of it, which are as long as the English ones, in other languages. */
function translated<T>(value: T, into: readonly Language[]): T
function translated(value: unknown, into: readonly Language[]): unknown {
  if (Array.isArray(value)) return value.map((each) => translated(each, into))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  if (entries.length > 0 && entries.every(([key]) => isLanguage(key))) {
    const [, english] = entries.find(([key]) => key === 'en') ?? []
    return Object.fromEntries(into.map((language) => [language, english]))
  }
  return Object.fromEntries(entries.map(([key, inside]) => [key, translated(inside, into)]))
}

const applied = (charter: Charter): Applied => ({ ...charter, version: 1 })
const inLanguages = (charter: Charter, into: readonly Language[]): Applied =>
  applied({ ...translated(charter, into), languages: [...into] })

export const drivers = applied(example('drivers'))
export const market = applied(example('market'))

/** Each example in each language that it is spoken in, itself or derived. */
export const spoken: readonly { readonly charter: Applied; readonly language: Language }[] = [
  ...[drivers, market].flatMap((charter) => charter.languages.map((language) => ({ charter, language }))),
  ...languages
    .filter((language) => ![drivers, market].some((charter) => charter.languages.includes(language)))
    .flatMap((language) =>
      [drivers, market].map((charter) => ({ charter: inLanguages(charter, [language, 'en']), language })),
    ),
]

/** The same co-op by invitation, in one language alone, without forms, or with one form more. */
export const invited = (charter: Applied): Applied => ({ ...charter, joining: 'invited' })
export const ofOne = (charter: Applied, language: Language): Applied => ({ ...charter, languages: [language] })
/** One that asks for its second use of data no more. */
export const retiring = (charter: Applied): Applied => ({
  ...charter,
  purposes: charter.purposes.map((purpose, at) => ({ ...purpose, retired: at === 1 })),
})
export const formless = (charter: Applied): Applied => ({ ...charter, forms: [] })
export const twoForms = (charter: Applied): Applied => ({
  ...charter,
  forms: charter.forms.flatMap((form) => [brief(form), { ...brief(form), id: `${form.id}-too` }]),
})
const brief = (form: Form): Form => ({ ...form, questions: form.questions.filter(({ optional }) => !optional) })
/** One whose reports are told nothing back, since what is told was not answered. */
export const mute = (charter: Applied): Applied => ({
  ...charter,
  forms: charter.forms.map((form) => ({ ...form, insight: { ...form.insight, figure: 'quantity' } })),
})
/** One whose every check is firm. */
export const firm = (charter: Applied): Applied => ({
  ...charter,
  forms: charter.forms.map((form) => ({ ...form, checks: form.checks.map((check) => ({ ...check, firm: true })) })),
})
