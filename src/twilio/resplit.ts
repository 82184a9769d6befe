// Guards against a signed form cut anew: Twilio's signature joins keys and values without a border, so a form cut
// at other places is signed as well. What passes here names the same message, sender and receiver as the original.
// It cannot see that the end of a text became a parameter of its own ("Fine Day" read as "Fine ", with a key Day):
// such a text holds a capital followed by a small letter, and its message id acts only once.

import type { Form } from './form.ts'

/** Whether this form could be another signed form that was cut at other places. */
export function isAmbiguous(form: Form): boolean {
  for (const key in form) {
    if (strict.has(key)) continue
    if (cutFromBody(key)) return true
    const value = form[key] ?? ''
    if (typeof value === 'string' ? hidesName(key, value) : value.some((each) => hidesName(key, each))) return true
  }
  return false
}

// Read with shapes so strict that nothing else fits in.
const strict: ReadonlySet<string> = new Set([
  'AccountSid',
  'ApiVersion',
  'From',
  'To',
  'MessageSid',
  'NumMedia',
  'NumSegments',
])

// Only a key that sorts between these two can begin inside a text. Twilio's keys are LikeThis, a command is OFF 2.
function cutFromBody(key: string): boolean {
  return key > 'Body' && key < 'From' && !/^[A-Z][a-z][0-9A-Za-z]*$/.test(key)
}

// In a form cut anew the true name of the sender, the receiver or the message lies somewhere else: either right
// behind the false one in sorted order, or anywhere with the key that truly follows it, hence the capital.
const buried = /(?:(?:From|To)(?:\+[1-9]\d{6,14}|whatsapp:[+.0-9A-Za-z]{6,})|MessageSid(?:SM|MM)[0-9a-f]{32})[A-Z]/
const SHORTEST_BURIED = 'To+1234567A'.length

// The true text begins in a key before it: the signed text "Body1" would be read as "1".
const hidesText = (key: string, value: string): boolean =>
  (key < 'ApiVersion' ? /ApiVersion\d{4}-\d\d-\d\dBody/ : /Body/).test(key + value)

function hidesName(key: string, value: string): boolean {
  if (key < 'Body' && hidesText(key, value)) return true
  if (key.length + value.length < SHORTEST_BURIED) return false
  const text = key + value
  if (buried.test(text)) return true
  if (key > 'To') return /To(?:\+[1-9]|whatsapp:)/.test(text)
  if (key > 'MessageSid') return key < 'NumMedia' && /MessageSid[SM]M[0-9a-f]{32}/.test(text)
  return key > 'From' && /From(?:\+[1-9]|whatsapp:)/.test(text)
}
