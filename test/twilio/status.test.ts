// Status callbacks in any order, with repeats, end in the same place, and a failure never hides a delivery.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldStatus, rankOf, readStatus, type StatusReport } from '../../src/twilio/status.ts'

const account = `AC${'0'.repeat(32)}`
const id = `SM${'0123456789abcdef'.repeat(2)}`
const form = { AccountSid: account, MessageSid: id, MessageStatus: 'delivered', SmsStatus: 'delivered', SmsSid: id }

describe('readStatus', () => {
  it('reads a delivery', () => {
    expect(readStatus(form, account)).toEqual({ providerId: id, status: 'delivered', rank: 5 })
  })

  it('reads the code of a failure, and none where there is none', () => {
    const failed = { ...form, MessageStatus: 'failed', ErrorCode: '63016' }
    expect(readStatus(failed, account)).toEqual({ providerId: id, status: 'failed', rank: 4, errorCode: 63016 })
    for (const ErrorCode of ['', '0', 'x', ['1', '2']]) {
      expect(readStatus({ ...form, ErrorCode }, account)).not.toHaveProperty('errorCode')
    }
  })

  it('tolerates a status it does not know', () => {
    expect(readStatus({ ...form, MessageStatus: 'teleported' }, account)).toMatchObject({ rank: -1 })
  })

  it.each(['AccountSid', 'MessageSid', 'MessageStatus'])('rejects a form without one %s', (key) => {
    expect(readStatus({ ...form, [key]: [] }, account)).toEqual({ rejected: `${key} is missing or repeated` })
    expect(readStatus({ ...form, [key]: '?' }, account)).toEqual({ rejected: `${key} is malformed` })
  })

  it('rejects the account of others', () => {
    expect(readStatus(form, `AC${'1'.repeat(32)}`)).toEqual({ rejected: 'AccountSid is not ours' })
  })
})

describe('foldStatus', () => {
  const report = fc
    .record({
      status: fc.constantFrom(
        'accepted',
        'queued',
        'sending',
        'sent',
        'failed',
        'undelivered',
        'delivered',
        'read',
        'new',
      ),
      errorCode: fc.option(fc.constantFrom(30003, 30008), { nil: undefined }),
    })
    .map(({ status, errorCode }): StatusReport => {
      const bare = { providerId: id, status, rank: rankOf(status) }
      return errorCode === undefined ? bare : { ...bare, errorCode }
    })

  it('gives the same for every order and for repeats', () => {
    const arrivals = fc
      .array(report, { minLength: 1, maxLength: 8 })
      .chain((reports) =>
        fc.tuple(
          fc.constant(reports),
          fc.shuffledSubarray([...reports, ...reports], { minLength: reports.length * 2 }),
        ),
      )
    fc.assert(
      fc.property(arrivals, ([reports, shuffled]) => {
        const folded = reports.reduce(foldStatus)
        expect(shuffled.reduce(foldStatus)).toEqual(folded)
        expect(folded.rank).toBe(Math.max(...reports.map(({ rank }) => rank)))
      }),
    )
  })

  it('refuses to mix two messages', () => {
    const one: StatusReport = { providerId: id, status: 'sent', rank: 3 }
    expect(() => foldStatus(one, { ...one, providerId: `MM${'0'.repeat(32)}` })).toThrow('two messages')
  })
})
