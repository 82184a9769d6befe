// The five languages say the same: the same files, nodes and texts, the same gaps, every form of number that a
// language has, and no text without a flow that says it.
import { describe, expect, test } from 'vitest'
import { commands, flows } from '../../flows/index.ts'
import type { AnyNode } from '../../src/conversation/flow.ts'
import { languages } from '../../src/coop/charter/charter.ts'
import { foldForSms } from '../../src/messaging/speak/fold.ts'
import { countSegments } from '../../src/messaging/speak/segments.ts'
import { filesOf, lists, readWords, textsOf, withoutForm } from './files.ts'

const english = filesOf('en')
const others = languages.filter((language) => language !== 'en')
const pathsOf = (texts: ReadonlyMap<string, string>) => [...new Set([...texts.keys()].map(withoutForm))].toSorted()
const gapsOf = (text: string) => [...text.matchAll(/\{\{(.+?)\}\}/g)].map(([, gap]) => gap).toSorted()

describe.each(others)('%s', (language) => {
  test('has the files of English', () => {
    expect(filesOf(language)).toEqual(english)
  })

  test.each(english.filter((file) => !lists.has(file)))('%s says the same, with the same gaps', (file) => {
    const [theirs, ours] = [textsOf('en', file), textsOf(language, file)]
    expect(pathsOf(ours)).toEqual(pathsOf(theirs))
    for (const [path, text] of ours) {
      const english = theirs.get(path) ?? theirs.get(`${withoutForm(path)}_other`) ?? ''
      expect(gapsOf(text), path).toEqual(gapsOf(english))
    }
  })

  test('has a word for each currency', () => {
    expect(Object.keys(readWords(language, 'currencies'))).toEqual(Object.keys(readWords('en', 'currencies')))
  })
})

test.each(languages)('%s has a word for every command that is registered, and for no other', (language) => {
  // The word that leaves a question of a form out starts nothing.
  const heard = [...Object.keys(commands), 'skip']
  expect(Object.keys(readWords(language, 'commands')).toSorted()).toEqual(heard.toSorted())
})

test.each(languages)('%s has every form of number that its grammar has', (language) => {
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions()
  for (const file of english.filter((name) => !lists.has(name))) {
    const keys = [...textsOf(language, file).keys()]
    for (const path of new Set(keys.filter((key) => withoutForm(key) !== key).map(withoutForm))) {
      const has = keys.filter((key) => withoutForm(key) === path).map((key) => key.slice(path.length + 1))
      expect(has.filter((form) => form !== 'zero').toSorted(), path).toEqual(pluralCategories.toSorted())
    }
  }
})

test.each([
  ['es', /(?:\bel|\bal|\bdel) $/i],
  ['fr', /(?:\ble|\bau|\bdu) $/i],
] as const)('%s says a day with its article', (language, article) => {
  for (const file of english.filter((name) => !lists.has(name)))
    for (const [path, text] of textsOf(language, file))
      for (const { index } of text.matchAll(/\{\{(?:opens|closes|by, date)\}\}/g))
        expect(text.slice(0, index), `${file}.${path}`).toMatch(article)
})

test.each(languages)('%s: what the machine says by itself takes one segment, or two in Hindi', (language) => {
  for (const [path, text] of textsOf(language, 'machine')) {
    const { segments } = countSegments(foldForSms(text))
    expect(segments, path).toBeLessThanOrEqual(language === 'hi' ? 2 : 1)
  }
})

describe.each(Object.values(flows))('$name', (flow) => {
  const speaking = Object.entries<AnyNode>(flow.nodes).filter(([, node]) => node.verb !== 'decide')

  test('has a text for every node that speaks, and for none besides', () => {
    const { words: _, ...nodes } = readWords('en', flow.name)
    const silent = speaking.filter(([, node]) => 'text' in node && node.text === '').map(([name]) => name)
    const expected = speaking.map(([name]) => name).filter((name) => !silent.includes(name))
    expect(Object.keys(nodes).toSorted()).toEqual(expected.toSorted())
  })

  test('has a word for every option', () => {
    const texts = textsOf('en', flow.name)
    for (const [name, node] of speaking) {
      if (node.verb !== 'choose') continue
      for (const option of node.options) expect(texts.has(`${name}.options.${option.name}`), option.name).toBe(true)
    }
  })
})
