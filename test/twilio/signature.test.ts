// Our signature is twilio-node's, for every form and every token, and nothing else passes.

import fc from 'fast-check'
import { getExpectedTwilioSignature, validateRequest } from 'twilio/lib/webhooks/webhooks.js'
import { describe, expect, it } from 'vitest'
import { type Form, readForm } from '../../src/twilio/form.ts'
import { sign, signatureHolds } from '../../src/twilio/signature.ts'

const url = 'https://phone.example/twilio/inbound'
const token = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40 }),
  // Longer than a block of the hash, or not of ASCII.
  fc.string({ minLength: 60, maxLength: 70 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
)
const text = fc.string({ unit: 'grapheme', maxLength: 30 })
const forms = fc
  .array(fc.tuple(fc.oneof(text, fc.constantFrom('Body', 'From', 'To', 'Reason', 'ReasonMore')), text), {
    maxLength: 25,
  })
  .map((list) => readForm(new URLSearchParams(list).toString()) as Form)
const urls = fc.constantFrom(
  url,
  'https://phone.example:8443/twilio/inbound',
  'http://127.0.0.1:3000/twilio/status?i=SM1',
  'https://user:secret@phone.example/twilio/inbound?a=1&b=2',
  'http://[::1]:80/twilio/inbound',
)

function asObject(form: Form): Record<string, string | readonly string[]> {
  return { ...form }
}

describe('signature', () => {
  it('signs as twilio-node does', () => {
    fc.assert(
      fc.property(token, urls, forms, (key, where, form) => {
        expect(sign(key, where, form)).toBe(getExpectedTwilioSignature(key, where, asObject(form)))
      }),
    )
  })

  it('holds exactly where twilio-node says so, with and without a port', () => {
    const header = fc.oneof(fc.constant(undefined), fc.string(), fc.base64String({ minLength: 28, maxLength: 28 }))
    fc.assert(
      fc.property(token, token, urls, urls, forms, header, (ours, theirs, signedUrl, url, form, forged) => {
        for (const given of [forged, sign(ours, signedUrl, form), sign(theirs, signedUrl, form)]) {
          const expected = validateRequest(ours, given ?? '', url, asObject(form))
          expect(signatureHolds([ours], url, form, given)).toBe(expected)
        }
      }),
    )
  })

  it('takes any of several tokens, so that they can be rotated', () => {
    const form = readForm('Body=1') as Form
    expect(signatureHolds(['new', 'old'], url, form, sign('old', url, form))).toBe(true)
    expect(signatureHolds(['new', 'old'], url, form, sign('older', url, form))).toBe(false)
    expect(signatureHolds([], url, form, sign('old', url, form))).toBe(false)
  })

  it('accepts a port that Twilio left out or put in', () => {
    const form = readForm('Body=1') as Form
    const bare = sign('t', 'https://phone.example/x', form)
    const usual = sign('t', 'https://phone.example:443/x', form)
    expect(signatureHolds(['t'], 'https://phone.example:8443/x', form, bare)).toBe(true)
    expect(signatureHolds(['t'], 'https://phone.example/x', form, usual)).toBe(true)
    expect(signatureHolds(['t'], 'https://phone.example:8443/x', form, usual)).toBe(false)
  })

  it('notices any change of a value', () => {
    const form = readForm('Body=1&From=%2B14155550100') as Form
    const header = sign('t', url, form)
    expect(signatureHolds(['t'], url, { ...form, Body: '2' }, header)).toBe(false)
    expect(signatureHolds(['t'], `${url}?`, form, header)).toBe(false)
  })
})
