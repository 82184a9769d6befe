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
    ['purposes: pay', 'purposes', 'is a text; write a list'],
    ['name: Drivers', 'name', 'is a text; write fields, each with its name'],
    ['id: 7', 'id', 'is a number; write a text'],
    ['bylaws: [a]', 'bylaws', 'is a list; write fields, each with its name'],
    ['joining: ask', 'joining', 'write open or invited'],
    ['word:', 'word', 'is empty; write a text'],
    ['senders: []', 'senders', 'has too few entries; write 1 or more'],
    [`purposes: [${'{},'.repeat(10)}]`, 'purposes', 'has too many entries; write 9 at most'],
    ['erasure: { days: 0 }', 'erasure.days', 'is below 1'],
    ['erasure: { days: 91 }', 'erasure.days', 'is above 90'],
    ['senders: [{ rate: 0 }]', 'senders[0].rate', 'is not above 0'],
    ['currency: rupees', 'currency', 'write three capital letters, such as INR'],
    [
      'forms: [{ questions: [{ type: number, hard: 5 }] }]',
      'forms[0].questions[0].hard',
      'is a number; write a list',
    ],
    ['town: Delhi', 'town', 'is not known here: take it out, or check how it is spelt'],
  ])('%j is said without the words of the reader', (source, path, message) => {
    const read = readCharter(source, reading)
    const own = 'mistakes' in read ? read.mistakes.find((mistake) => mistake.path === path) : undefined
    expect(own).toEqual({ line: 1, path, message })
  })
})
