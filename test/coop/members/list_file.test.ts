// The file of invitations: every line that is not right is named by its number, and no phone is repeated.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MemberListError, readMemberList } from '../../../src/coop/members/list_file.ts'
import { drivers } from '../stage.ts'

const read = (...lines: string[]) => readMemberList(lines.join('\n'), drivers)

/** What is said of a file that cannot be read, behind its line. */
function refused(...lines: string[]): string {
  try {
    return `read: ${JSON.stringify(read(...lines))}`
  } catch (error) {
    return error instanceof MemberListError ? `${error.line}: ${error.message}` : String(error)
  }
}

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
  expect(refused('phone', '+447700900001', '+447700900002,hi')).toBe(
    '3: has more columns than the 1 that line 1 names: take the others out',
  )
  expect(refused('phone,language,phone', '+447700900001,hi,')).toContain('each once')
})

test('a file without the column, or with others, is told what was found; no phone is repeated', () => {
  expect(refused('name,phone', 'Amina,+447700900001')).toMatch(
    /^1: names the columns "name", "phone": .*others out/,
  )
  expect(refused('+447700900001', '+447700900002')).toMatch(/^1: names the columns a number: write phone/)
  expect(refused('phone', '', '"+447700900001')).toMatch(/^3: (?!.*4477).*quote/)
})

test.each([
  ['semicolons', 'phone;language', '+447700900001;hi'],
  ['tabs', 'phone\tlanguage', '+447700900001\thi'],
  ['marks that nobody sees', 'phone,language', '\u202a+447700900001\u202c,hi'],
  ['empty columns behind', 'phone,language,,', '+447700900001,hi,,', ',,,'],
  ['a line for the spreadsheet', '\uFEFFsep=;', 'phone;language', '+447700900001;hi'],
])('what a spreadsheet writes with %s is read', (_, ...lines) => {
  const line = lines.findIndex((each) => each.includes('4477')) + 1
  expect(read(...lines)).toEqual({ invited: [{ line, phone: '+447700900001', language: 'hi' }], bad: [] })
})

test('what is wrong in a line is said without the phone', () => {
  const phones = ['9.87654E+10', '98765', '9876543210 / 9876543211', '+447700900100', '9876543210,Hindi']
  const { bad } = read('phone,language', ...phones)
  expect(bad.map(({ why }) => why)).toEqual([
    expect.stringMatching(/spreadsheet made an amount/),
    expect.stringMatching(/no phone number of IN \(digits: 5\)/),
    expect.stringMatching(/not one alone/),
    expect.stringMatching(/the co-op's own number/),
    'has the language "Hindi"; write en or hi',
  ])
})

test('a file that invites nobody is refused', () => {
  for (const lines of [[], [''], ['phone,language'], ['phone', '', '']]) {
    expect(refused(...lines)).toMatch(/^1: invites nobody/)
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
