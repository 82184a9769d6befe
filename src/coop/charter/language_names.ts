// What people call the languages that a co-op may speak.
import { foldWords } from '../../conversation/hear/words.ts'
import { type Language, languages } from './charter.ts'

/** Each language by its own name. */
export const ownName: Readonly<Record<Language, string>> = {
  en: 'English',
  hi: 'हिन्दी',
  sw: 'Kiswahili',
  es: 'Español',
  fr: 'Français',
}
/** By which names else it goes, in the other languages too. Not by its code: "Hi" is a greeting. */
export const otherNames: Readonly<Record<Language, readonly string[]>> = {
  en: ['INGLÉS', 'ANGLAIS', 'KIINGEREZA', 'अंग्रेज़ी', 'ANGREZI', 'ANGREJI'],
  hi: ['HINDI', 'हिंदी', 'KIHINDI'],
  sw: ['SWAHILI', 'SUAJILI', 'स्वाहिली'],
  es: ['SPANISH', 'CASTELLANO', 'ESPAGNOL', 'KIHISPANIA', 'स्पेनिश'],
  fr: ['FRENCH', 'FRANCÉS', 'KIFARANSA', 'फ़्रेंच'],
}

const byName: ReadonlyMap<string, Language> = new Map(
  languages.flatMap((language) =>
    [ownName[language], ...otherNames[language]].map((name) => [foldWords(name), language] as const),
  ),
)

/** Whether a folded text is the name of one of these languages, and nothing else. */
export function isLanguage(said: string, spoken: readonly Language[]): boolean {
  const language = byName.get(said)
  return language !== undefined && spoken.includes(language)
}
