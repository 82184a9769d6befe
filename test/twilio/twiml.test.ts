// Our TwiML is, byte for byte, what twilio-node's MessagingResponse writes, for every text it can write.

import fc from 'fast-check'
import twilio from 'twilio'
import { describe, expect, it } from 'vitest'
import { emptyTwiml, messageTwiml } from '../../src/twilio/twiml.ts'

const legal = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g

function theirs(text: string, action?: string): string {
  const response = new twilio.twiml.MessagingResponse()
  response.message(action === undefined ? {} : { action }, text)
  return response.toString()
}

describe('TwiML', () => {
  it('says nothing as twilio-node does', () => {
    expect(emptyTwiml).toBe(new twilio.twiml.MessagingResponse().toString())
  })

  it('says a text as twilio-node does', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('&', '<', '>', '"', '\n', '\r', '\t', 'a', '&amp;') }),
    )
    fc.assert(
      fc.property(text, fc.option(text, { nil: undefined }), (said, action) => {
        const clean = said.toWellFormed().replace(legal, '')
        const cleanAction = action?.toWellFormed().replace(legal, '')
        fc.pre(clean !== '' && cleanAction !== '')
        expect(messageTwiml(said, action)).toBe(theirs(clean, cleanAction))
      }),
    )
  })

  it('leaves out what XML cannot hold, where twilio-node throws', () => {
    expect(() => theirs('a\u0000b')).toThrow()
    expect(messageTwiml('a\u0000b\ud800')).toBe(messageTwiml('ab\ufffd'))
  })

  it('says nothing rather than an empty message', () => {
    expect(messageTwiml('\u0001')).toBe(emptyTwiml)
  })
})
