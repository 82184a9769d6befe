// Twilio's signature over a webhook: base64(HMAC-SHA1(auth token, url + each key and value, sorted)).
// It says who sent a form, never when: against repeats only the message id helps.
// https://www.twilio.com/docs/usage/security#validating-requests

import { timingSafeEqual } from 'node:crypto'
import type { Form } from './form.ts'
import { type Signer, signerOf } from './hmac.ts'

/** Whether one of the tokens signed this form for this URL: the configured one, never that of the request. */
export function signatureHolds(
  tokens: readonly string[],
  url: string,
  form: Form,
  header: string | undefined,
): boolean {
  if (header === undefined || header.length !== BASE64_OF_SHA1) return false
  const parameters = joined(form)
  if (tokens.some((token) => equal(hmac(token, url + parameters), header))) return true
  // Twilio signs some URLs with the port and some without, whatever was configured; its libraries accept both.
  return otherSpellings(url).some((other) => tokens.some((token) => equal(hmac(token, other + parameters), header)))
}

const BASE64_OF_SHA1 = 28

/** The signature that Twilio would send; only the pretend carrier and tests sign. */
export function sign(token: string, url: string, form: Form): string {
  return hmac(token, url + joined(form))
}

const hmac = (token: string, signed: string): string => knownSigner(token)(signed)

// There are a few tokens, for good.
const signers = new Map<string, Signer>()

function knownSigner(token: string): Signer {
  const signer = signers.get(token) ?? signerOf(token)
  signers.set(token, signer)
  return signer
}

// The carrier's forms of one kind have the same keys in the same order, and sorting costs as much as signing.
interface Sorted {
  readonly keys: readonly string[]
  readonly sorted: readonly string[]
}
let lately: readonly Sorted[] = []
const mostLately = 8

function sortedKeys(form: Form): readonly string[] {
  const keys = Object.keys(form)
  const before = lately.find(
    (each) => each.keys.length === keys.length && each.keys.every((key, at) => key === keys[at]),
  )
  if (before) return before.sorted
  const sorted = keys.toSorted()
  lately = [{ keys, sorted }, ...lately].slice(0, mostLately)
  return sorted
}

function joined(form: Form): string {
  let text = ''
  // Byte order and this order differ only beyond U+FFFF, where Twilio's own library sorts like this too.
  for (const key of sortedKeys(form)) {
    const value = form[key] ?? ''
    if (typeof value === 'string') text += key + value
    else for (const each of [...new Set(value)].sort()) text += key + each
  }
  return text
}

function equal(ours: string, theirs: string): boolean {
  const expected = Buffer.from(ours)
  const given = Buffer.from(theirs)
  return expected.length === given.length && timingSafeEqual(expected, given)
}

function otherSpellings(url: string): string[] {
  const parts = /^(https?:\/\/)((?:[^/?#]*@)?)(\[[^\]]*\]|[^/?#:]*)(:\d*)?(.*)$/is.exec(url)
  if (parts === null) return []
  const [, scheme = '', user = '', host = '', port, rest = ''] = parts
  if (port !== undefined) return [scheme + user + host + rest]
  const usual = scheme.toLowerCase() === 'https://' ? ':443' : ':80'
  return [scheme + user + host + usual + rest]
}
