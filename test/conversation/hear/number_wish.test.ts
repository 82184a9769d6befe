// What may follow ON and OFF: one number, beside whatever says no more; anything else is another sentence.
import { describe, expect, test } from 'vitest'
import { plainly, politely } from '../../../src/conversation/hear/courtesies.ts'
import { numberWished } from '../../../src/conversation/hear/number_wish.ts'

describe('numberWished', () => {
  test.each([
    ...[
      '1',
      '१',
      '1)',
      '1 please',
      'number 1',
      '1 कर दो',
      '1 tafadhali',
      'el 1',
      'el uso 1',
      'l’usage 1',
      'le 1',
      'use 1',
    ].map((rest) => [rest, '1']),
    ...['1 2', '1 and 2', '1,2', '1&2', 'all', 'zote', 'todos', 'tout', 'करो', 'karo', 'please'].map((rest) => [
      rest,
      '',
    ]),
  ])('%j is %j', (rest = '', number) => expect(numberWished(rest)).toBe(number))

  test.each(['the 23', 'el lunes', 'to work', 'the light 2', '123', '1 o clock', 'mi teléfono'])(
    '%j is another sentence',
    (rest) => expect(numberWished(rest)).toBe(undefined),
  )
})

describe('courtesies', () => {
  test('go from both ends, and are left where they are all', () => {
    expect(plainly('Join, please')).toBe('join')
    expect(plainly('OK')).toBe('ok')
    expect(politely('please 2 thanks')).toBe('2')
    expect(politely('2 please stop')).toBe('2 please stop')
  })
})
