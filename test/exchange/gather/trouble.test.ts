// Which errors of a batch pass by themselves.
import pg from 'pg'
import { expect, test } from 'vitest'
import { runsAgain } from '../../../src/exchange/gather/trouble.ts'
import { NotCommitted } from '../../../src/store/lane.ts'

const ofPostgres = (code: string): Error =>
  Object.assign(new pg.DatabaseError('a connection ended badly', 0, 'error'), { code, severity: 'ERROR' })
const ofSystem = (code: string): Error => Object.assign(new Error(`write ${code}`), { code, syscall: 'write' })

test.for(['40001', '40P01', '55P03', '57014', '57P01', '08006', '53100', '53300'])('%s passes', (code) => {
  expect(runsAgain(ofPostgres(code))).toBe(true)
})

test.for(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ENOENT'])('a line that broke with %s passes', (code) => {
  expect(runsAgain(ofSystem(code))).toBe(true)
})

test('what pg says of a line that is gone passes, and a commit that was none', () => {
  expect(runsAgain(new Error('Connection terminated unexpectedly'))).toBe(true)
  expect(runsAgain(new Error('timeout: Postgres has not answered within 20000 ms'))).toBe(true)
  expect(runsAgain(new NotCommitted('Postgres answered ROLLBACK to a commit'))).toBe(true)
})

test.for(['23514', '22021', '22003', 'P0001', 'XX000'])('%s is of one of the messages', (code) => {
  expect(runsAgain(ofPostgres(code))).toBe(false)
})

test('an error of ours is of one of the messages', () => {
  expect(runsAgain(new TypeError('x is not a function'))).toBe(false)
  expect(runsAgain(new Error('Statement update_contacts: a cell is no whole number, or no day'))).toBe(false)
  expect(runsAgain('no error at all')).toBe(false)
})
