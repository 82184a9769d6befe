// What the next version of a charter may not change under what was recorded.
import { describe, expect, test } from 'vitest'
import { readCharter, rereadCharter } from '../../../src/coop/charter/read.ts'
import { isAnother, reportsLeftBy, successionRules } from '../../../src/coop/charter/succession.ts'
import { example, fileOf, reading } from './example.ts'

/** What a charter's file says of one purpose. */
const purposeIn = (id: string): string =>
  new RegExp(`  - id: ${id}\\n(?:    .*\\n)*`).exec(fileOf('drivers'))?.[0] ?? ''

describe('a later version', () => {
  const earlier = () => [example('drivers')]
  const later = (from: string, to: string) => {
    const read = readCharter(fileOf('drivers').replace(from, to), { ...reading, earlier })
    return 'mistakes' in read ? read.mistakes : []
  }

  test('may change what nothing stands on', () => {
    expect(later('Farida Khan, drivers', 'Farida Khan, the drivers')).toEqual([])
  })

  test('may not change the words of a notice under the same version', () => {
    expect(later('Kept 2 years.', 'Kept 9 years.')).toMatchObject([
      { path: 'purposes[0].notice.text.en', message: /version 3/ },
    ])
  })

  test('may change them under the next', () => {
    const source = fileOf('drivers').replace('Kept 2 years.', 'Kept 3 years.').replace('version: 2', 'version: 3')
    expect(readCharter(source, { ...reading, earlier })).toHaveProperty('charter')
  })

  test('may not give a purpose another number, or none: members switch it by that, and must be able to', () => {
    const [first = '', second = '', third = ''] = ['pay-medians', 'city-study', 'pay-talks'].map(purposeIn)
    expect(later(first + second, second + first)).toMatchObject([
      { path: 'purposes[0]', message: /"city-study" is number 2 to members, who text OFF 2; keep it in its place/ },
      { path: 'purposes[1]', message: /"pay-medians" is number 1 .* put new ones at the end/ },
    ])
    const added = first.replaceAll('pay-medians', 'more').replaceAll('OFF 1', 'OFF 4')
    expect(later(first, added + first)).toHaveLength(3)
    expect(later(third, third + added)).toEqual([])
    expect(later(third, '')).toMatchObject([
      { path: 'purposes', message: /"pay-talks" is number 3.*retired: true/ },
    ])
  })

  test('may ask for a purpose no more, and for it again', () => {
    expect(later('id: pay-talks', 'id: pay-talks\n    retired: true')).toEqual([])
    const retired = example('drivers').purposes.map((purpose) => ({ ...purpose, retired: true }))
    const read = readCharter(fileOf('drivers'), {
      ...reading,
      earlier: () => earlier().map((each) => ({ ...each, purposes: retired })),
    })
    expect(read).toHaveProperty('charter')
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

test('another co-op under the same id has another word and none of its senders', () => {
  const [drivers, market] = [example('drivers'), example('market')]
  expect(isAnother(drivers, { ...market, id: drivers.id })).toBe(true)
  expect(isAnother(drivers, { ...market, word: drivers.word })).toBe(false)
  expect(isAnother(drivers, { ...market, senders: [...drivers.senders.slice(1), ...market.senders] })).toBe(false)
})

test('forms and questions that are gone are named', () => {
  const drivers = example('drivers')
  const [form] = drivers.forms
  if (!form) throw new Error('the example has no form')
  const fewer = { ...form, questions: form.questions.filter(({ id }) => id !== 'km') }
  expect(reportsLeftBy(drivers, drivers)).toEqual([])
  expect(reportsLeftBy(drivers, { ...drivers, forms: [fewer] })).toEqual(['question km of form shift'])
  expect(reportsLeftBy(drivers, { ...drivers, forms: [] })).toEqual(['form shift'])
})

test('what was left out and came back is held against what it was last, and a charter that did otherwise can be mended', () => {
  const drivers = example('drivers')
  const [form] = drivers.forms
  if (!form) throw new Error('the example has no form')
  const withKm = (decimals: number) => ({
    ...drivers,
    forms: [
      { ...form, questions: form.questions.map((each) => (each.id === 'km' ? { ...each, decimals } : each)) },
    ],
  })
  const without = { ...drivers, forms: [{ ...form, questions: form.questions.filter(({ id }) => id !== 'km') }] }
  expect(successionRules([withKm(0), without], withKm(1))).toMatchObject([
    { message: expect.stringMatching(/was a number with 0 decimals/) },
  ])
  expect(successionRules([withKm(0), without, withKm(1)], withKm(1))).toEqual([])
  expect(successionRules([withKm(0), { ...drivers, forms: [] }], withKm(1))).toHaveLength(1)
})
