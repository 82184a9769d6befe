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
})
