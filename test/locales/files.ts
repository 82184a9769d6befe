// The files of locales/ as the tests read them.
import { readdirSync, readFileSync } from 'node:fs'
import type { Language } from '../../src/coop/charter/charter.ts'

export type Tree = { readonly [key: string]: string | readonly string[] | Tree }

const folder = new URL('../../locales/', import.meta.url)

/** The names of a language's files, without their ending. */
export const filesOf = (language: Language): string[] =>
  readdirSync(new URL(`${language}/`, folder))
    .map((name) => name.replace('.json', ''))
    .toSorted()

export const readWords = (language: Language, file: string): Tree =>
  JSON.parse(readFileSync(new URL(`${language}/${file}.json`, folder), 'utf8'))

/** Files that hold lists, not the texts of nodes. */
export const lists: ReadonlySet<string> = new Set(['commands', 'currencies', 'days'])

/** Every text of a language by its path; the forms of one text under one path, with the form apart. */
export function textsOf(language: Language, file: string): Map<string, string> {
  const texts = new Map<string, string>()
  const gather = (tree: Tree, path: string): void => {
    for (const [key, inside] of Object.entries(tree)) {
      if (typeof inside === 'string') texts.set(`${path}${key}`, inside)
      else if (!Array.isArray(inside)) gather(inside as Tree, `${path}${key}.`)
    }
  }
  gather(readWords(language, file), '')
  return texts
}

const form = /_(?:zero|one|two|few|many|other)$/

/** A text's path without its form of number. */
export const withoutForm = (path: string): string => path.replace(form, '')

/** `flow.node.text` of everything that a step can say. */
export function nodesOf(language: Language): string[] {
  const all = filesOf(language)
    .filter((file) => !lists.has(file))
    .flatMap((file) => [...textsOf(language, file).keys()].map((path) => `${file}.${withoutForm(path)}`))
  return [...new Set(all)].filter(
    (name) => /^\w+\.\w+\.\w+$/.test(name) && !/\.(words|options)\.|\.line$/.test(name),
  )
}
