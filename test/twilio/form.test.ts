// The form reader agrees with Node's and the URL standard's wherever a form is well formed, and refuses the rest.

import { parse } from 'node:querystring'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readForm } from '../../src/twilio/form.ts'

const pairs = fc.array(
  fc.tuple(
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('Body', 'From', '__proto__', 'constructor', '')),
    fc.string({ unit: 'binary' }),
  ),
  { maxLength: 30 },
)

function plain(form: object | undefined): unknown {
  return form === undefined ? undefined : Object.entries(form).map(([key, value]) => [key, value])
}

describe('readForm', () => {
  it('reads what URLSearchParams writes, as querystring does', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const wellFormed = list.map(([key, value]): [string, string] => [key.toWellFormed(), value.toWellFormed()])
        const body = new URLSearchParams(wellFormed).toString()
        expect(plain(readForm(body))).toEqual(plain(parse(body)))
      }),
    )
  })

  it('agrees with querystring on any ASCII it accepts', () => {
    const piece = fc.constantFrom('a', 'B', '=', '&', '+', '%20', '%C3%A9', '%', '%zz', '%ff', '&&', '==')
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (body) => {
          const form = readForm(body)
          if (form !== undefined) expect(plain(form)).toEqual(plain(parse(body)))
          else expect(() => decodeURIComponent(body)).toThrow('URI malformed')
        },
      ),
    )
  })

  it('keeps repeated keys in order', () => {
    expect(readForm('a=1&b=2&a=3&a=1')).toEqual(Object.assign(Object.create(null), { a: ['1', '3', '1'], b: '2' }))
  })

  it('gives `__proto__` no power', () => {
    const form = readForm('__proto__=x&constructor=y')
    expect('toString' in (form ?? {})).toBe(false)
    expect(Object.keys(form ?? {})).toEqual(['__proto__', 'constructor'])
  })

  it.each(['Body=%', 'Body=%4', 'Body=%zz', 'Body=%ff', 'Body=%C3%28', 'Body=%ED%A0%80', 'Body=é', '%=1'])(
    'refuses the malformed %s',
    (body) => {
      expect(readForm(body)).toBeUndefined()
    },
  )

  it('takes 200 parameters and no more', () => {
    expect(readForm('a=1&'.repeat(200))).toBeDefined()
    expect(readForm('a=1&'.repeat(201))).toBeUndefined()
  })
})
