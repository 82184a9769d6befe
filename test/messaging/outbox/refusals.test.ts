// What an operator hears of refusals: what stops a co-op at once, what is filtered once it is many, single handsets as
// mere facts.
import { afterEach, expect, test, vi } from 'vitest'
import { openLog } from '../../../src/log.ts'
import { many, refusalsIn } from '../../../src/messaging/outbox/refusals.ts'

afterEach(() => void vi.useRealTimers())

function hear() {
  const heard: string[] = []
  const write = (line: string) => {
    const { level, event } = JSON.parse(line)
    heard.push(`${level} ${event}`)
  }
  const log = openLog('info', { write })
  return { heard, say: refusalsIn(log) }
}
const refusal = (code: number, coop = 'drivers') => ({ event: 'message_failed', coop, code }) as const

test('our settings are an error each time, a handset that is off is none', () => {
  const { heard, say } = hear()
  for (const code of [21408, 30003, 21408]) say(refusal(code))
  expect(heard).toEqual(['error message_failed', 'info message_failed', 'error message_failed'])
})

test('filtered messages are an alarm once there are many of one co-op in ten minutes, and once', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const { heard, say } = hear()
  const alarms = () => heard.filter((line) => line === 'error many_refused').length
  for (let nth = 1; nth < many; nth++) say(refusal(30007))
  say(refusal(30007, 'market'))
  expect(alarms()).toBe(0)
  vi.advanceTimersByTime(599_000)
  say(refusal(30004))
  expect(alarms()).toBe(1)
  for (let nth = 0; nth < 2 * many - 1; nth++) say(refusal(30007))
  expect(alarms()).toBe(1)
  vi.advanceTimersByTime(2_000)
  for (let nth = 0; nth < many; nth++) say(refusal(30007))
  expect(alarms()).toBe(2)
})
