// Random bytes for what needs a few at each message, drawn for many at once: a call for each costs more than its use.
import { randomFillSync } from 'node:crypto'

const pool = Buffer.alloc(8_192)
let used = pool.length

/** So many random bytes, up to 64. They are overwritten later: use or copy them at once. */
export function randomFew(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const begin = used
  used += count
  return pool.subarray(begin, used)
}
