// Files that are no charter, or no YAML at all.
import { describe, expect, test } from 'vitest'
import { readCharter } from '../../../src/coop/charter/read.ts'
import { reading } from './example.ts'

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
  ])('%j is said without the words of the reader', (source, path, message) => {
    const read = readCharter(source, reading)
    const own = 'mistakes' in read ? read.mistakes.find((mistake) => mistake.path === path) : undefined
    expect(own).toEqual({ line: 1, path, message })
  })
})
