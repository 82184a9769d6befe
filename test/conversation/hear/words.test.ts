import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstWord, foldSpaces, foldWords, restAfterFirst } from '../../../src/conversation/hear/words.ts'
import { expectFast } from './expect_fast.ts'

describe('foldWords', () => {
  it.each([
    ['  JOIN ', 'join'],
    ['"Join."', 'join'],
    ['*JOIN*', 'join'],
    ['“join”', 'join'],
    ['¡Únete!', 'unete'],
    ['Arrêtez', 'arretez'],
    ['A\u0301lvaro', 'alvaro'],
    ['Straße Œuvre', 'strasse oeuvre'],
    ['ISTANBUL İstanbul ıstanbul', 'istanbul istanbul istanbul'],
    ['ＪＯＩＮ１', 'join1'],
    ['North \u00a0\t\n West', 'north west'],
    ['jo\u200bin\ufeff', 'join'],
    ['don’t', "don't"],
    ['१२', '12'],
    ['नमस्ते।', 'नमस्ते'],
    ['???', ''],
    ['', ''],
  ])('%j folds to %j', (typed, folded) => expect(foldWords(typed)).toBe(folded))

  it('keeps vowel signs, and of Hindi no nukta and no chandrabindu', () => {
    expect(foldWords('\u0958')).toBe(foldWords('\u0915\u093c'))
    expect(foldWords('की')).not.toBe(foldWords('क'))
    expect(foldWords('शिफ़्ट')).toBe(foldWords('शिफ्ट'))
    expect(foldWords('गुड़गाँव')).toBe(foldWords('गुडगांव'))
  })

  it('is idempotent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => foldWords(foldWords(text)) === foldWords(text)),
      { numRuns: 1000 },
    )
  })

  it('stays fast on 10,000 characters made to be slow', () => {
    for (const part of ['.', ' ', '\u0301', 'é', 'ा', '.a', '\u200b', '１'])
      for (const end of ['', 'a']) {
        expectFast(() => {
          foldWords(part.repeat(10_000) + end)
          firstWord(`a${part.repeat(10_000)}${end}`)
          restAfterFirst(`a${part.repeat(10_000)}${end}`)
        })
      }
  })
})

describe('firstWord and restAfterFirst', () => {
  it.each([
    ['JOIN', 'join', ''],
    ['Join, please', 'join', 'please'],
    ['ON 2', 'on', '2'],
    ['off-2', 'off', '2'],
    ['off: 2', 'off', '2'],
    ['off - 2', 'off', '2'],
    ['WORK -5 .5', 'work', '-5 .5'],
    ['  CARE My October share is Wrong ', 'care', 'My October share is Wrong'],
    ['don’t stop', "don't", 'stop'],
    ['¡Únete ya!', 'unete', 'ya!'],
    ['मेन्यू दो', 'मेन्यू', 'दो'],
    ['👍 good', '👍', 'good'],
    ['...', '', ''],
  ])('%j begins with %j and goes on with %j', (said, word, rest) => {
    expect(firstWord(said)).toBe(word)
    expect(restAfterFirst(said)).toBe(rest)
  })
})

describe('foldSpaces', () => {
  it('drops what cannot be seen and joins white space', () => {
    expect(foldSpaces('\u200e 8.5\u00a0\u202f1900\n')).toBe('8.5 1900')
  })
})
