// An address is read strictly, and what is made of a channel and a number reads back the same.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOn, channelOf, phoneOf, readAddress } from '../../../src/coop/members/address.ts'

describe('address', () => {
  it.each([
    ['sms:+447700900100', 'sms', '+447700900100'],
    ['whatsapp:+447700900100', 'whatsapp', '+447700900100'],
    ['sms:60602', 'sms', undefined],
    ['whatsapp:US.13491208655302741918', 'whatsapp', undefined],
    ['whatsapp:US.ENT.13491208655302741918', 'whatsapp', undefined],
  ])('%s is on %s', (text, channel, phone) => {
    const address = readAddress(text)
    expect(address).toBe(text)
    if (address === undefined) return
    expect(channelOf(address)).toBe(channel)
    expect(phoneOf(address)).toBe(phone)
  })

  it.each([
    ...['', '+447700900100', 'sms:', 'sms:+0447700900100', 'sms:+44 7700 900100', 'sms:+447700900100\n', 'sms:12'],
    ...['SMS:+447700900100', 'whatsapp:60602', 'whatsapp:foo_bar', 'whatsapp:us.1234', 'sms:US.1234', 'sms:Coop'],
    ...['sms:+1234567890123456', 'whatsapp:US.', 'mail:+447700900100', 'sms:+44770090010०'],
  ])('%j is none', (text) => {
    expect(readAddress(text)).toBeUndefined()
  })

  it('is made of a channel and a number, and of nothing else', () => {
    const phones = fc.stringMatching(/^\+[1-9]\d{6,14}$/)
    fc.assert(
      fc.property(fc.constantFrom('sms', 'whatsapp'), phones, (channel, phone) => {
        const address = addressOn(channel, phone)
        expect(readAddress(address)).toBe(address)
        expect([channelOf(address), phoneOf(address)]).toEqual([channel, phone])
      }),
    )
    expect(() => addressOn('sms', '0770')).toThrow('needs a phone number')
  })
})
