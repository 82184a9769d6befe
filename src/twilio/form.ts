// Reads the body of a webhook: application/x-www-form-urlencoded, strictly.
// It never repairs: what is not ASCII with percent-encoded UTF-8, or is too much, is no form at all.

export type Form = Readonly<Record<string, string | readonly string[]>>

/** Why a form is not what it was sent as: a key, never what stood in it. */
export interface Rejection {
  readonly rejected: string
}
/** The keys that a form must have once, each with the shape of its value. */
export type Required = readonly (readonly [key: string, shape: RegExp])[]

const MOST_PARAMETERS = 200

const notAscii = /[^\x00-\x7f]/
// The prototype of every form, so that no key is special, `__proto__` included; without any, look-ups would be slower.
const nothing = Object.freeze(Object.create(null))

/** The parameters of a form body, repeated keys as lists; undefined where the body is not a well-formed form. */
export function readForm(body: string): Form | undefined {
  if (notAscii.test(body)) return undefined
  const form: Parameters = Object.create(nothing)
  let parameters = 0
  let mark = nextMark(body, 0)
  for (let start = 0; start < body.length; ) {
    const end = indexOr(body, '&', start, body.length)
    if (end > start) {
      // Few parameters hold an escape: knowing where the next one is saves looking into the others.
      const escaped = mark < end
      if (escaped) mark = nextMark(body, end)
      if (++parameters > MOST_PARAMETERS || !add(form, body, start, end, escaped)) return undefined
    }
    start = end + 1
  }
  return form
}

function nextMark(body: string, from: number): number {
  return Math.min(indexOr(body, '%', from, body.length), indexOr(body, '+', from, body.length))
}

function indexOr(text: string, mark: string, from: number, otherwise: number): number {
  const at = text.indexOf(mark, from)
  return at === -1 ? otherwise : at
}

type Parameters = Record<string, string | string[]>

function add(form: Parameters, body: string, start: number, end: number, escaped: boolean): boolean {
  const equals = Math.min(indexOr(body, '=', start, end), end)
  const key = decode(body.slice(start, equals), escaped)
  const value = decode(body.slice(equals + 1, end), escaped)
  if (key === undefined || value === undefined) return false
  const before = form[key]
  if (before === undefined) form[key] = value
  else if (typeof before === 'string') form[key] = [before, value]
  else before.push(value)
  return true
}

function decode(text: string, escaped: boolean): string | undefined {
  if (!escaped) return text
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return undefined
  }
}

/** Whose account a form is of, and what it must have. */
export const accountKey = ['AccountSid', /^AC[0-9a-zA-Z]{1,64}$/] as const

/** Rejects a form by the first key that it lacks, or that is not of its shape, or where it is of another account. */
export function rejected(form: Form, keys: Required, accountSid: string): Rejection | undefined {
  for (const [key, shape] of keys) {
    const value = form[key]
    if (typeof value !== 'string') return { rejected: `${key} is missing or repeated` }
    if (!shape.test(value)) return { rejected: `${key} is malformed` }
  }
  return form.AccountSid === accountSid ? undefined : { rejected: 'AccountSid is not ours' }
}
