// A signed form that is cut anew at other places never names another message, sender or receiver.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Form } from '../../src/twilio/form.ts'
import { type Inbound, readInbound } from '../../src/twilio/inbound.ts'
import { sign } from '../../src/twilio/signature.ts'
import { account, id, smsForm, whatsappForm } from './forms.ts'

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

  it.each([
    ['Body1', 'B', 'ody', '1'],
    ['BodyOFF 2', 'Bod', 'y', 'OFF 2'],
    ['ApiVersion2010-04-01Body1', 'Api', 'Version2010-04-01Body', '1'],
  ])('is refused where the beginning of %j became the key %s', (text, key, value, rest) => {
    const original = { ...smsForm, Body: text }
    const forged = { ...smsForm, [key]: value, Body: rest }
    expect(sign('t', url, forged)).toBe(sign('t', url, original))
    expect(readInbound(original, account)).toHaveProperty('id')
    expect(readInbound(forged, account)).toHaveProperty('rejected')
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
