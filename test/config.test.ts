// The settings: what is missing or wrong is said whole, at once, without repeating a secret.
import { expect, test } from 'vitest'
import { completeConfig, isPretended, readSettings, unknownSettings } from '../src/config.ts'
import { waitSettings } from '../src/timing.ts'

const sid = `AC${'0'.repeat(32)}`
const real = {
  DATABASE_URL: 'postgres://coopline@db/coopline',
  REDIS_URL: 'redis://redis:6379',
  COOPLINE_KEYS: '/keys',
  PUBLIC_URL: 'https://line.example.org/',
  TWILIO_ACCOUNT_SID: sid,
  TWILIO_AUTH_TOKEN: 'secret-one, secret-two',
  TWILIO_API_KEY: `SK${'1'.repeat(32)}`,
  TWILIO_API_SECRET: 'secret-three',
}

const said = (role: 'start' | 'web' | 'worker' | 'command', env: Record<string, string>) => {
  try {
    readSettings(role, env)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return ''
}

test('nothing set: start brings all of it', () => {
  const settings = readSettings('start', {})
  expect(settings).toMatchObject({ port: 3000, host: '127.0.0.1' })
  expect(settings.databaseUrl ?? settings.redisUrl ?? settings.twilio).toBeUndefined()
  expect(settings.timing.redis).toBe(150)
})

test.each(['web', 'worker'] as const)('%s brings nothing and names all that is missing in one message', (role) => {
  const message = said(role, {})
  for (const name of Object.keys(real)) expect(message).toMatch(new RegExp(`^ {2}${name} is missing: `, 'm'))
})

test("some of Twilio's settings only: the rest is named", () => {
  const message = said('start', { TWILIO_ACCOUNT_SID: sid, PUBLIC_URL: 'https://line.example.org' })
  expect(message).toContain('TWILIO_AUTH_TOKEN is missing')
  expect(message).toContain('TWILIO_API_KEY is missing')
  expect(message).toContain('TWILIO_API_SECRET is missing')
  expect(message).not.toContain('PUBLIC_URL is missing')
})

test('all set: one frozen Config', () => {
  const config = completeConfig(readSettings('web', real))
  expect(config.twilio).toMatchObject({
    publicUrl: 'https://line.example.org',
    authTokens: ['secret-one', 'secret-two'],
  })
  expect(config.host).toBe('0.0.0.0')
  expect(Object.isFrozen(config) && Object.isFrozen(config.twilio) && Object.isFrozen(config.timing)).toBe(true)
})

test('a wrong value is named with what to write, and never repeated', () => {
  const wrong = { ...real, TWILIO_API_KEY: 'hunter2', PORT: '99999', DATABASE_URL: 'mysql://u:hunter2@db' }
  const message = said('web', { ...wrong, COOPLINE_REDIS_MS: 'soon' })
  for (const name of ['TWILIO_API_KEY', 'PORT', 'DATABASE_URL', 'COOPLINE_REDIS_MS'])
    expect(message).toMatch(new RegExp(`${name} is not right: write `))
  expect(message).not.toContain('hunter2')
})

test('a wrong value does not hide what is missing', () => {
  const message = said('web', { DATABASE_URL: 'nonsense' })
  expect(message).toContain('DATABASE_URL is not right')
  expect(message).toContain('REDIS_URL is missing')
})

test('beside a real account: https only, and no failpoint', () => {
  const message = said('web', { ...real, PUBLIC_URL: 'http://line.example.org', COOPLINE_FAILPOINT: 'after_claim' })
  expect(message).toContain('PUBLIC_URL is not https')
  expect(message).toContain('COOPLINE_FAILPOINT is set beside a real account')
})

test('a carrier on this machine is a pretended one', () => {
  const pretended = { ...real, PUBLIC_URL: 'http://127.0.0.1:3000', TWILIO_API_BASE: 'http://127.0.0.1:4000' }
  const settings = readSettings('worker', { ...pretended, COOPLINE_FAILPOINT: 'after_claim' })
  expect(settings.twilio && isPretended(settings.twilio)).toBe(true)
  expect(settings).toMatchObject({ host: '127.0.0.1', failpoint: 'after_claim' })
})

test('a base that is elsewhere is not pretended, whatever its name', () => {
  const twilio = readSettings('web', { ...real, TWILIO_API_BASE: 'https://127.0.0.1.evil.example' }).twilio
  expect(twilio && isPretended(twilio)).toBe(false)
})

test('every wait is a setting', () => {
  for (const { name } of waitSettings) {
    expect(name).toMatch(/^COOPLINE_[A-Z_]+_MS$/)
    expect(Object.values(readSettings('start', { [name]: '7' }).timing)).toContain(7)
  }
})

test('a misspelled setting is noticed', () => {
  expect(unknownSettings({ COOPLINE_REDSI_MS: '1', TWILIO_TOKEN: 'x', COOPLINE_STEP_MS: '1', PATH: '/' })).toEqual([
    'COOPLINE_REDSI_MS',
    'TWILIO_TOKEN',
  ])
})
