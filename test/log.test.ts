// What looks like an address is blotted out of every log line; what an operator must search for is not.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { logFile, mask, openLog } from '../src/log.ts'
import { expectFast } from './conversation/hear/expect_fast.ts'

test.each([
  ['to +44 7700 900-301 failed', 'to [number] failed'],
  ['whatsapp:+447700900301', 'whatsapp:[number]'],
  ['whatsapp:US.13491208655302741918', 'whatsapp:US.[number]'],
  ['SM546c78900123456789abcdef01234567 again', 'SM546c78900123456789abcdef01234567 again'],
  ['28 messages in 1500 ms', '28 messages in 1500 ms'],
])('%j is logged as %j', (text, logged) => expect(mask(text)).toBe(logged))

test.each(['1', '1 ', '+1(', '1      x', 'SM0', 'US.1', '- ', '12345678'])(
  '%j over and over is masked fast',
  (bit) => {
    const text = bit.repeat(30_000 / bit.length)
    expectFast(() => void mask(`1${text}x`))
  },
)

test('numbers are blotted wherever they stand in an entry, errors included', () => {
  const stream = new PassThrough()
  openLog('info', stream).info({
    event: 'x',
    inner: { list: ['+447700900301'] },
    error: new Error('to +447700900301'),
  })
  const line = String(stream.read())
  expect(line).not.toContain('7700900301')
  expect(JSON.parse(line)).toMatchObject({
    level: 'info',
    inner: { list: ['[number]'] },
    error: { message: 'to [number]' },
  })
})

test('a log file is its owner’s alone, also one that was there before, which is written on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'coopline-log-'))
  const file = join(folder, 'coopline.log')
  writeFileSync(file, 'before\n', { mode: 0o644 })
  openLog('info', logFile(file)).info({ event: 'after' })
  expect(readFileSync(file, 'utf8')).toMatch(/^before\n\{.*"event":"after".*\n$/)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  rmSync(folder, { recursive: true })
})
