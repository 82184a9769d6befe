// What the next version of a charter may not change under what was recorded.
import { describe, expect, test } from 'vitest'
import { readCharter, rereadCharter } from '../../../src/coop/charter/read.ts'
import { example, fileOf, reading } from './example.ts'

describe('a later version', () => {
  const before = () => example('drivers')
  const later = (from: string, to: string) => {
    const read = readCharter(fileOf('drivers').replace(from, to), { ...reading, before })
    return 'mistakes' in read ? read.mistakes : []
  }

  test('may change what nothing stands on', () => {
    expect(later('Farida Khan, drivers', 'Farida Khan, the drivers')).toEqual([])
  })

  test('may not change the words of a notice under the same version', () => {
    expect(later('Kept 2 years.', 'Kept 9 years.')).toMatchObject([
      { path: 'purposes[0].notice.text.en', message: /version 2/ },
    ])
  })

  test('may change them under the next', () => {
    const source = fileOf('drivers').replace('Kept 2 years.', 'Kept 3 years.').replace('version: 1', 'version: 2')
    expect(readCharter(source, { ...reading, before })).toHaveProperty('charter')
  })

  test('may not count what is stored by another scale', () => {
    expect(later('currency: INR', 'currency: EUR')).toMatchObject([{ path: 'currency' }])
    expect(later('        decimals: 2\n', '        decimals: 3\n')).toMatchObject([
      { path: 'forms[0].questions[0]' },
    ])
  })
})

test('a stored charter is read again without looking at the rules', () => {
  expect(rereadCharter(fileOf('drivers'), 3)).toEqual(example('drivers'))
  expect(() => rereadCharter('id: drivers', 3)).toThrow(
    /Charter drivers, version 3, does not fit this program: line 1/,
  )
})
