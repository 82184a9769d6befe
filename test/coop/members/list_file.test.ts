// The file of invitations: every line that is not right is named by its number, and no phone is repeated.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readMemberList } from '../../../src/coop/members/list_file.ts'
import { drivers } from '../stage.ts'

const read = (...lines: string[]) => readMemberList(lines.join('\n'), drivers)

test('numbers of the country, numbers with +, languages or none', () => {
  const { invited, bad } = read('phone,language', '098765 43210,hi', '+44 7700 900001,', '"+254 712 345678",EN')
  expect(bad).toEqual([])
  expect(invited).toEqual([
    { line: 2, phone: '+919876543210', language: 'hi' },
    { line: 3, phone: '+447700900001', language: 'en' },
    { line: 4, phone: '+254712345678', language: 'en' },
  ])
})

test('a spreadsheet writes a byte order mark, CRLF and capitals', () => {
  expect(readMemberList('\uFEFFPhone,Language\r\n+447700900001,hi\r\n', drivers).invited).toEqual([
    { line: 2, phone: '+447700900001', language: 'hi' },
  ])
})

test('every bad line is named', () => {
  const { invited, bad } = read(
    'phone,language',
    '+447700900001,en',
    'amina,en',
    '+447700900002,sw',
    ',en',
    '+4477,en',
    '07700900003 ext 5,en',
    '+447700900001,en',
  )
  expect(invited).toHaveLength(1)
  expect(bad.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7, 8])
  expect(bad.map(({ why }) => why).join('; ')).toContain('same phone as line 2')
})

test('what a spreadsheet makes of a number, or a digit too few, is nobody’s phone', () => {
  const { invited, bad } = read(
    'phone',
    '9876543210.0',
    '919876543210.0',
    '9876543210',
    '987654321',
    '98765 432101',
  )
  expect(invited.map(({ phone }) => phone)).toEqual(['+919876543210'])
  expect(bad.map(({ line }) => line)).toEqual([2, 3, 5, 6])
})

test('a column that is not named, or named twice, loses nothing in silence', () => {
  expect(() => read('phone', '+447700900001', '+447700900002,hi')).toThrow('Line 3 has more columns')
  expect(() => read('phone,language,phone', '+447700900001,hi,')).toThrow('each once')
})

test('a file without the column, or with others, is refused; nothing of it is repeated', () => {
  expect(() => read('name,phone', 'Amina,+447700900001')).toThrow('phone,language')
  expect(() => read('+447700900001', '+447700900002')).toThrow(/^(?!.*4477).*$/)
  expect(() => read('phone', '"+447700900001')).toThrow(/^(?!.*4477).*quote/)
  expect(() => read('phone;language', '+447700900001;hi')).toThrow('with a comma between')
})

test('a file that invites nobody is refused', () => {
  for (const lines of [[], [''], ['phone,language'], ['phone', '', '']]) {
    expect(() => read(...lines)).toThrow('invites nobody')
  }
})

test('whatever stands in the file, no message repeats it', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[0-9+]{6,20}$/), { minLength: 1 }), (phones) => {
      const { bad } = read('phone', ...phones)
      for (const phone of phones) expect(JSON.stringify(bad.map(({ why }) => why))).not.toContain(phone)
    }),
  )
})
