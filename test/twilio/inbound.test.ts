// A webhook read as one inbound message: what is required, what is dropped, and that a signed form which is cut
// anew never names another message, sender or receiver.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Form } from '../../src/twilio/form.ts'
import { type Inbound, type Rejection, readInbound } from '../../src/twilio/inbound.ts'
import { sign } from '../../src/twilio/signature.ts'

const account = `AC${'0'.repeat(32)}`
const id = `SM${'0123456789abcdef'.repeat(2)}`

const smsForm = {
  AccountSid: account,
  ApiVersion: '2010-04-01',
  Body: '8.5 1900 300',
  From: '+14155550100',
  FromCity: '',
  FromCountry: 'US',
  MessageSid: id,
  NumMedia: '0',
  NumSegments: '1',
  SmsMessageSid: id,
  SmsSid: id,
  SmsStatus: 'received',
  To: '+447700900100',
  ToCountry: 'GB',
}

const whatsappForm = {
  AccountSid: account,
  ApiVersion: '2010-04-01',
  Body: 'For',
  From: 'whatsapp:+14155550100',
  MessageSid: id,
  MessageType: 'text',
  NumMedia: '0',
  NumSegments: '1',
  ProfileName: 'Amina',
  SmsMessageSid: id,
  SmsSid: id,
  SmsStatus: 'received',
  To: 'whatsapp:+447700900100',
  WaId: '14155550100',
}

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
    expect(read({})).toEqual(expected)
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
    expect(read({ NumMedia: '2', MediaUrl0: 'https://x' })).toMatchObject({ attachment: 'media' })
    expect(read({ Latitude: '1.2', Longitude: '3.4' }, whatsappForm)).toMatchObject({ attachment: 'location' })
    expect(read({ OptOutType: 'STOP' })).toMatchObject({ carrierWord: 'stop' })
  })
})

// Cuts what was signed at other places: any keys and values that join to the same text in sorted order.
function signedText(form: object): string {
  return Object.entries(form)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => key + value)
    .join('')
}

const wellKnown = [
  ...new Set([...Object.keys(smsForm), ...Object.keys(whatsappForm), 'ButtonPayload', 'ExternalUserId']),
]

// Mostly a known key that could begin here does begin; now and then the value swallows it, or an unknown key begins.
function recut(text: string, dice: () => number): Form {
  const cut: [string, string][] = []
  for (let at = 0; at < text.length; ) {
    const last = cut.at(-1)
    const key = keyAt(text, at, last?.[0] ?? '', dice) ?? (last === undefined ? 'A' : undefined)
    if (key !== undefined) cut.push([key, ''])
    else if (last !== undefined) last[1] += text[at]
    at += key?.length ?? 1
  }
  return Object.fromEntries(cut)
}

function keyAt(text: string, at: number, after: string, dice: () => number): string | undefined {
  const known = wellKnown.filter((key) => key > after && text.startsWith(key, at))
  const roll = dice()
  if (known.length > 0 && roll < 960) return known[roll % known.length]
  if (roll < 996) return undefined
  const unknown = text.slice(at, at + 1 + (dice() % 12))
  return unknown > after ? unknown : undefined
}

const url = 'https://phone.example/twilio/inbound'
const tricky = fc
  .array(
    fc.constantFrom(
      ...[
        '1',
        ' ',
        'yes',
        'OFF 2',
        'Body',
        'From',
        'From+447700900000',
        'Fromwhatsapp:+447700900000',
        'FromA',
        'To',
      ],
      ...[
        'To+447700900200',
        `MessageSidSM${'f'.repeat(32)}`,
        'NumMedia0',
        'NumSegments1',
        'ToA',
        'City',
        'FromCity',
      ],
      ...[
        'ButtonPayload',
        'ExternalUserIdwhatsapp:US.1',
        'ApiVersion2010-04-01',
        `AccountSid${account}`,
        'ProfileName',
      ],
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))

describe('a signed form cut anew', () => {
  const base = fc.constantFrom(smsForm, whatsappForm)
  const originals = fc.tuple(base, tricky, tricky).map(([form, body, name]) => ({
    ...form,
    Body: body,
    ...('ProfileName' in form && { ProfileName: name }),
  }))

  it('never names another message, sender or receiver, and can only cut the text short', () => {
    const seen = { accepted: 0, rejected: 0, cutShort: 0 }
    fc.assert(
      fc.property(originals, fc.infiniteStream(fc.noBias(fc.nat(999))), (original, dice) => {
        const form = recut(signedText(original), () => dice.next().value ?? 0)
        expect(sign('t', url, form)).toBe(sign('t', url, original))
        const now = readInbound(form, account)
        seen['rejected' in now ? 'rejected' : 'accepted'] += 1
        if ('rejected' in now) return
        expect(now).toMatchObject({ id, from: addressOf(original.From), to: addressOf(original.To) })
        expect(original.Body.startsWith(now.body)).toBe(true)
        if (now.body === original.Body) return
        seen.cutShort += 1
        expect(original.Body.slice(now.body.length)).toMatch(/^[B-F][a-z]/)
      }),
      { numRuns: 3000 },
    )
    expect(seen.accepted, 'the generator must also make forms that pass').toBeGreaterThan(100)
    expect(seen.rejected).toBeGreaterThan(100)
  })

  it('is refused where a text smuggled in another sender', () => {
    const original = { ...smsForm, Body: '1From+447700900000FromA' }
    const forged = { ...smsForm, Body: '1', From: '+447700900000', FromA: `From${smsForm.From}` }
    expect(sign('t', url, forged)).toBe(sign('t', url, original))
    expect(readInbound({ ...smsForm, Body: 'From+447700900000 I got this' }, account)).toHaveProperty('id')
    expect(readInbound(forged, account)).toHaveProperty('rejected')
  })

  it('reads the same for numbers and for commands in capitals', () => {
    for (const body of ['1', '12', '8.5 1900 300', 'OFF 2', 'UNDO', 'ERASE', 'join', 'DRIVERS 12', 'दो']) {
      const text = signedText({ ...smsForm, Body: body })
      for (let cut = 0; cut < body.length; cut++) {
        const at = text.indexOf('Body') + 4 + cut
        for (let end = at + 1; end < text.indexOf('From+'); end++) {
          const form = {
            ...smsForm,
            Body: body.slice(0, cut),
            [text.slice(at, end)]: text.slice(end, text.indexOf('From+')),
          }
          if (signedText(form) === text) expect(readInbound(form, account)).toHaveProperty('rejected')
        }
      }
    }
  })
})

function addressOf(name: string): Inbound['from'] {
  return name.startsWith('whatsapp:') ? `whatsapp:${name.slice(9)}` : `sms:${name}`
}
