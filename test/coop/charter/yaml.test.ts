// Files that are no charter, or no YAML at all.
import { describe, expect, test } from 'vitest'
import { readCharter } from '../../../src/coop/charter/read.ts'
import { fileOf, reading } from './example.ts'

test('mistakes of the shape say that the rest has not been looked at; others are all there are', () => {
  const whole = fileOf('drivers')
  const [shape, rest] = [
    whole.replace('joining: open', 'joining: ask'),
    whole.replace('word: SARATHI', 'word: STOP'),
  ]
  expect(readCharter(shape, reading)).toMatchObject({ mistakes: [{ path: 'joining' }], isShapeOnly: true })
  expect(readCharter(rest, reading)).toMatchObject({ mistakes: [{ path: 'word' }], isShapeOnly: false })
})

describe('what is no charter at all', () => {
  test.each([
    ['nothing', '', 1],
    ['a list', '- a\n- b', 1],
    ['YAML that does not close', 'id: drivers\nname: { en: "x', 2],
    ['a key written twice', 'id: a\nid: b', 2],
    ['an alias bomb', `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(9)}]\nc: [${'*b,'.repeat(9)}]`, 2],
    ['an alias of nothing', 'id: *gone', 1],
  ])('%s is a mistake, not a crash', (_, source, line) => {
    const read = readCharter(source, reading)
    expect(read).toHaveProperty('mistakes')
    expect('mistakes' in read && read.mistakes[0]?.line).toBe(line)
  })

  test.each([
    ['is empty', '', 1],
    ['is empty', '# only a remark\n', 1],
    ['is a list', '\n\n- id: drivers\n', 3],
    ['is a text', '# a remark\ndrivers\n', 2],
    ['is a number', '7\n', 1],
  ])('a file that %s is said so once, with its line and its fields', (kind, source, line) => {
    const read = readCharter(source, reading)
    const [mistake, ...others] = 'mistakes' in read ? read.mistakes : []
    expect(others).toEqual([])
    expect(mistake).toMatchObject({ line, path: '' })
    expect(mistake?.message).toMatch(
      new RegExp(`^the file ${kind}; write a line for each field: "id:", .*"languages:"`),
    )
  })

  test.each([
    ['purposes: pay', 'purposes', 'is the text "pay"; write a list'],
    ['name: Drivers', 'name', 'is the text "Drivers"; write fields, each with its name'],
    ['id: 7', 'id', 'is the number 7; write a text, in quotes'],
    ['bylaws: [a]', 'bylaws', 'is a list; write fields, each with its name'],
    ['joining: ask', 'joining', '"ask": write open or invited'],
    ['word:', 'word', 'is empty; write a text'],
    ['senders: []', 'senders', 'has too few entries; write 1 or more'],
    [`purposes: [${'{},'.repeat(10)}]`, 'purposes', 'has too many entries; write 9 at most'],
    ['erasure: { days: 0 }', 'erasure.days', 'is below 1'],
    ['erasure: { days: 91 }', 'erasure.days', 'is above 90'],
    ['senders: [{ rate: 0 }]', 'senders[0].rate', 'is not above 0'],
    ['currency: rupees', 'currency', '"rupees": write three capital letters, such as INR'],
    [
      'forms: [{ questions: [{ type: number, hard: 5 }] }]',
      'forms[0].questions[0].hard',
      'is the number 5; write a list',
    ],
    ['word: Sarathi', 'word', '"Sarathi": write 3 to 20 capital letters and digits, a letter first'],
    ['languages: en, hi', 'languages', 'is the text "en, hi"; write a list'],
    ['languages: [pt]', 'languages[0]', '"pt": write en or hi or sw or es or fr'],
    ['senders: [{ address: "+4477" }]', 'senders[0].address', /^"\+4477": write sms:/],
    ['town: Delhi', 'town', 'is not known here: take it out, or check how it is spelt'],
  ])('%j is said without the words of the reader', (source, path, message) => {
    const read = readCharter(source, reading)
    const own = 'mistakes' in read ? read.mistakes.find((mistake) => mistake.path === path) : undefined
    const said = typeof message === 'string' ? message : expect.stringMatching(message)
    expect(own).toEqual({ line: 1, path, message: said })
  })

  test.each([
    ['a text with a colon', 'human:\n  en: Ask: Farida\n  hi: F\n', 2, 'a text with ": " in it needs quotes'],
    ['one in braces', 'id: a\nhuman: { en: Ask: Farida, hi: F }\n', 2, 'a text with ": " in it needs quotes'],
    ['a key written twice', 'id: a\nword: B\nid: b\n', 3, '"id" stands here twice'],
    ['a quote that is not closed', "id: a\nword: 'B\nabout: c\n", 2, 'has a quote that is not closed'],
    ['one that ends in a later text', 'id: "a\nword: B\nabout: "c"\n', 1, 'has a quote that is not closed'],
    ['a brace that is not closed', 'id: a\nname: { en: A, hi: B\nword: C\n', 2, 'has a "{" that is not closed'],
    ['one lost in a remark', 'name: { en: A #1, hi: B }\nword: C\n', 1, '" #" begins a remark'],
    ['a line too far to the right', 'about:\n en: a\n  hi: b\nid: c\n', 3, 'further to the right'],
    ['a tab', 'human:\n\ten: a\n', 2, 'begins with a tab: write spaces'],
    ['a mark that YAML keeps', 'word: @B\n', 1, 'begins with "@" needs quotes'],
    ['words behind a quote', 'word: "A" or B\n', 1, '"or B" cannot stand here: put the whole text in quotes'],
  ])('%s is said once, in our words, where it begins', (_, source, line, message) => {
    expect(readCharter(source, reading)).toEqual({
      mistakes: [{ line, path: '', message: expect.stringContaining(message) }],
      isShapeOnly: true,
    })
  })
})
