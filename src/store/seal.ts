// Seals what is personal (AES-256-GCM) and makes the keyed index by which an address is found without being read.
// A seal is bound to its place: moved to another row it does not open.
import { createCipheriv, createDecipheriv, createHmac, type KeyObject, randomBytes } from 'node:crypto'
import type { Keys } from './keys.ts'

/** Where the nonce lies in a seal: after the version's byte. Two seals with the same nonce are the same seal. */
export const nonceAt = { start: 1, length: 12 } as const
const tagLength = 16

/** `[version][nonce][ciphertext][tag]`, bound to `place`, such as `contacts.address`. */
export function seal(keys: Keys, text: string, place: string): Buffer {
  const key = keyOf(keys, keys.newest)
  const nonce = freshNonce()
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place))
  return Buffer.concat([
    Buffer.of(keys.newest),
    nonce,
    cipher.update(text, 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ])
}

/** The sealed text; throws where the seal is damaged, of another place, or its key is gone. */
export function unseal(keys: Keys, sealed: Buffer, place: string): string {
  const body = nonceAt.start + nonceAt.length
  const decipher = createDecipheriv(
    'aes-256-gcm',
    keyOf(keys, sealed[0] ?? 0),
    sealed.subarray(nonceAt.start, body),
  )
  decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(sealed.length - tagLength))
  return (
    decipher.update(sealed.subarray(body, sealed.length - tagLength), undefined, 'utf8') + decipher.final('utf8')
  )
}

/** A keyed hash of 16 bytes: equal for equal texts, and no help to whoever lacks the key. */
export const indexOf = (keys: Keys, text: string): Buffer =>
  createHmac('sha256', keys.index).update(text).digest().subarray(0, 16)

function keyOf(keys: Keys, version: number): KeyObject {
  const key = keys.seal.get(version)
  if (key) return key
  throw new Error(
    `a row is sealed with key ${version}, which is not in the key directory; restore seal-${version}.key`,
  )
}

// Random bytes are drawn for many nonces at once: a call for each costs more than the cipher.
let pool = randomBytes(0)
function freshNonce(): Buffer {
  if (pool.length < nonceAt.length) pool = randomBytes(nonceAt.length * 512)
  const nonce = pool.subarray(0, nonceAt.length)
  pool = pool.subarray(nonceAt.length)
  return nonce
}
