// HMAC-SHA1 (RFC 2104) out of two whole hashes. Node's own makes an object for each signature, which costs more than
// both hashes together, and more again when it is collected.
import { hash } from 'node:crypto'

/** Signs a text: base64(HMAC-SHA1(key, text)). */
export type Signer = (text: string) => string

const blockBytes = 64
const hashBytes = 20

/** The signer of a key. */
export function signerOf(key: string): Signer {
  const bytes = Buffer.from(key)
  const short = bytes.length > blockBytes ? hash('sha1', bytes, 'buffer') : bytes
  const opened = openedWith(padded(short, 0x36))
  const outer = Buffer.concat([padded(short, 0x5c), Buffer.alloc(hashBytes)])
  return (text) => {
    outer.write(hash('sha1', opened(text), 'binary'), blockBytes, 'latin1')
    return hash('sha1', outer, 'base64')
  }
}

function padded(key: Buffer, pad: number): Buffer {
  const block = Buffer.alloc(blockBytes, pad)
  for (const [at, byte] of key.entries()) block[at] = byte ^ pad
  return block
}

// A token's letters make ASCII of the first block, and then a text needs no bytes of its own.
function openedWith(block: Buffer): (text: string) => string | Buffer {
  if (block.some((byte) => byte > 0x7f)) return (text) => Buffer.concat([block, Buffer.from(text)])
  const opening = block.toString('latin1')
  return (text) => opening + text
}
