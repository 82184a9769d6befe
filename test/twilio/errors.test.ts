// Each code of the carrier has one treatment, and what is unknown never crashes and is never retried.

import { describe, expect, it } from 'vitest'
import { whatToDo } from '../../src/twilio/errors.ts'

describe('whatToDo', () => {
  it.each([
    [429, 'rate', 'retry'],
    [20429, 'rate', 'retry'],
    [500, 'unclear', 'unknown'],
    [502, 'unclear', 'unknown'],
    [20503, 'unclear', 'unknown'],
    [20003, 'sender_stopped', 'retry'],
    [401, 'sender_stopped', 'retry'],
    [21211, 'address_unreachable', 'failed'],
    [63024, 'address_unreachable', 'failed'],
    [21610, 'opted_out', 'opted_out'],
    [21606, 'account_settings', 'failed'],
    [21617, 'our_request', 'failed'],
    [30001, 'later', 'retry'],
    [30003, 'handset_off', 'retry'],
    [30007, 'blocked', 'failed'],
    [14107, 'loop_guard', 'failed'],
    [63016, 'outside_window', 'outside_window'],
    [63018, 'slow_down', 'retry'],
    [63038, 'next_day', 'retry'],
    [99999, 'other', 'failed'],
    [Number.NaN, 'other', 'failed'],
    [404, 'other', 'failed'],
  ])('treats %i as %s', (code, failure, verdict) => {
    expect(whatToDo(code)).toMatchObject({ failure, verdict })
  })

  it('marks an address only where the code is about the address', () => {
    expect(whatToDo(30005).address).toBe('unreachable')
    expect(whatToDo(30003)).toMatchObject({ address: 'ok', once: true })
  })

  it('gives every retry a time to wait', () => {
    for (const code of [429, 20003, 21611, 30003, 63018, 63038])
      expect(whatToDo(code).afterSeconds).toBeGreaterThan(0)
  })
})
