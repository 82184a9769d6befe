// Seals what is personal (AES-256-GCM) and makes the keyed index by which an address is found without being read.
// A seal is bound to its column: moved to another it does not open.
import { createCipheriv, createDecipheriv, createHmac, type KeyObject } from 'node:crypto'
import { KeyError, type Keys } from './keys.ts'
import { randomFew } from './random.ts'

/** Where the nonce lies in a seal: after the version's byte. Two seals with the same nonce are the same seal. */
export const nonceAt = { start: 1, length: 12 } as const
const headLength = nonceAt.start + nonceAt.length
const tagLength = 16

/** `[version][nonce][ciphertext][tag]`, bound to `place`, such as `contacts.address`. */
export function seal(keys: Keys, text: string, place: string): Buffer {
  const head = Buffer.allocUnsafe(headLength)
  head[0] = keys.newest
  randomFew(nonceAt.length).copy(head, nonceAt.start)
  const nonce = head.subarray(nonceAt.start, headLength)
  const cipher = createCipheriv('aes-256-gcm', keyOf(keys, keys.newest), nonce).setAAD(bytesOf(place))
  const body = cipher.update(text, 'utf8')
  cipher.final()
  return Buffer.concat([head, body, cipher.getAuthTag()], headLength + body.length + tagLength)
}

/** The sealed text; throws where the seal is damaged or of another place, a `KeyError` where its key is not here. */
export function unseal(keys: Keys, sealed: Buffer, place: string): string {
  const nonce = sealed.subarray(nonceAt.start, headLength)
  const decipher = createDecipheriv('aes-256-gcm', keyOf(keys, sealed[0] ?? 0), nonce)
  decipher.setAAD(bytesOf(place)).setAuthTag(sealed.subarray(sealed.length - tagLength))
  const body = sealed.subarray(headLength, sealed.length - tagLength)
  return decipher.update(body, undefined, 'utf8') + decipher.final('utf8')
}

/** A keyed hash of 16 bytes: equal for equal texts, and no help to whoever lacks the key. */
export const indexOf = (keys: Keys, text: string): Buffer =>
  createHmac('sha256', keys.index).update(text).digest().subarray(0, 16)

function keyOf(keys: Keys, version: number): KeyObject {
  // Another process may seal with a key that was made after the start of this one.
  if (!keys.seal.has(version)) keys.reread()
  const key = keys.seal.get(version)
  if (key) return key
  throw new KeyError(
    `a row is sealed with key ${version}, which is not in the key directory; restore seal-${version}.key`,
  )
}

const places = new Map<string, Buffer>()
function bytesOf(place: string): Buffer {
  const bytes = places.get(place) ?? Buffer.from(place)
  places.set(place, bytes)
  return bytes
}
