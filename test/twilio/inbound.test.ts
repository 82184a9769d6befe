// A webhook read as one inbound message: what is required, what is dropped, and what is cleaned.

import { describe, expect, it } from 'vitest'
import type { Rejection } from '../../src/twilio/form.ts'
import { type Inbound, readInbound } from '../../src/twilio/inbound.ts'
import { expectFast } from '../conversation/hear/expect_fast.ts'
import { account, id, smsForm, whatsappForm } from './forms.ts'

function read(
  change: Record<string, string | string[] | undefined>,
  base = smsForm as object,
): Inbound | Rejection {
  const form: Record<string, string | string[]> = {}
  for (const [key, value] of Object.entries({ ...base, ...change })) if (value !== undefined) form[key] = value
  return readInbound(form, account)
}

describe('readInbound', () => {
  it('reads a text', () => {
    const expected = { id, from: 'sms:+14155550100', to: 'sms:+447700900100', body: '8.5 1900 300' }
    expect(read({})).toEqual({ ...expected, attached: false })
  })

  it('takes short codes at either end', () => {
    expect(read({ To: '384387' })).toMatchObject({ to: 'sms:384387' })
    expect(read({ From: '60602' })).toMatchObject({ from: 'sms:60602' })
  })

  it.each(['MessageSid', 'AccountSid', 'From', 'To', 'Body', 'NumMedia', 'NumSegments', 'ApiVersion'])(
    'rejects a form without one %s',
    (key) => {
      expect(read({ [key]: undefined })).toEqual({ rejected: `${key} is missing or repeated` })
      expect(read({ [key]: ['a', 'b'] })).toEqual({ rejected: `${key} is missing or repeated` })
    },
  )

  it.each([
    [{ MessageSid: 'SM1' }, 'MessageSid is malformed'],
    [{ AccountSid: `AC${'1'.repeat(32)}` }, 'AccountSid is not ours'],
    [{ From: 'Coop' }, 'From is not an address'],
    [{ From: '+0123456789' }, 'From is not an address'],
    [{ From: 'whatsapp:foo_bar' }, 'From is not an address'],
    [{ To: 'whatsapp:+447700900100' }, 'From and To are on different channels'],
    [{ NumMedia: 'many' }, 'NumMedia is malformed'],
  ])('rejects %o and names only the key', (change, rejected) => {
    expect(read(change)).toEqual({ rejected })
  })

  it('ignores keys it does not know', () => {
    expect(read({ FutureKey: 'x', Zebra: ['1', '2'], ReplyTo: '+14155550199', ParentMessageSid: id })).toEqual(
      read({}),
    )
  })

  it('cleans the text', () => {
    expect(read({ Body: 'a\r\nb\tc\u0000d\u0007\u200d e\u0301' })).toMatchObject({ body: 'a b cd\u200d \u00e9' })
    expect(read({ Body: '\ud800x' })).toMatchObject({ body: '\ufffdx' })
    const long = read({ Body: `${'a'.repeat(1599)}😀` })
    expect(long).toMatchObject({ body: 'a'.repeat(1599) })
  })

  it('reads choices and replies on WhatsApp only', () => {
    const extra = { ButtonPayload: 'vote:1', ButtonText: 'For', OriginalRepliedMessageSid: id, ListId: 'x' }
    expect(read(extra, whatsappForm)).toMatchObject({ choice: 'vote:1', inReplyTo: id, body: 'For' })
    expect(read({ ListId: 'item:2' }, whatsappForm)).toMatchObject({ choice: 'item:2' })
    expect(read(extra)).toEqual(read({}))
  })

  it('drops optional keys that are bad', () => {
    const bad = {
      ButtonPayload: ['a', 'b'],
      OriginalRepliedMessageSid: 'SM',
      ExternalUserId: 'whatsapp:foo_bar',
      OptOutType: 'MAYBE',
      Latitude: ['1', '2'],
    }
    expect(read(bad, whatsappForm)).toEqual(read({}, whatsappForm))
  })

  it('knows a WhatsApp person by number, by id, and by both', () => {
    const business = 'whatsapp:US.13491208655302741918'
    expect(read({ ExternalUserId: business }, whatsappForm)).toMatchObject({ alias: business })
    const byId = read({ From: business, ExternalUserId: business, WaId: undefined }, whatsappForm)
    expect(byId).toMatchObject({ from: business })
    expect(byId).not.toHaveProperty('alias')
    expect(read({ From: business }, whatsappForm)).toMatchObject({ from: business, alias: whatsappForm.From })
    expect(read({ From: 'whatsapp:US.ENT.1349' }, whatsappForm)).toMatchObject({ from: 'whatsapp:US.ENT.1349' })
  })

  it('notices media, locations and words the carrier has answered', () => {
    expect(read({ NumMedia: '2', MediaUrl0: 'https://x' })).toMatchObject({ attached: true })
    expect(read({ Latitude: '1.2', Longitude: '3.4' }, whatsappForm)).toMatchObject({ attached: true })
    expect(read({ OptOutType: 'STOP' })).toMatchObject({ carrierWord: 'stop' })
  })
})

describe('a form as long as one may be is read fast', () => {
  const bits = [
    'a',
    '+1',
    'To+1',
    'Towhatsapp:',
    'Fromwhatsapp:a',
    'MessageSidSM0',
    'Body',
    'ApiVersion2010-04-01',
    '1.',
  ]
  const keys = [
    'Body',
    'From',
    'To',
    'WaId',
    'ChannelMetadata',
    'ProfileName',
    'ButtonPayload',
    'Zone',
    'AddOns',
    'Z a',
  ]
  it.each(keys)('with much in %s', (key) => {
    for (const bit of bits) {
      const long = bit.repeat(60_000 / bit.length)
      expectFast(() => void read({ [key]: long }))
      expectFast(() => void read({ [key]: long }, whatsappForm))
      expectFast(() => void read({ [long]: key }))
    }
  })
})
