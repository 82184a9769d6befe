// Bytes that are written one behind the other, in network order, on a buffer that grows and is used again.

export interface Page {
  buffer: Buffer
  /** Where the next byte goes. */
  at: number
}

const usual = 65_536

/** A page to write on. */
export const newPage = (): Page => ({ buffer: Buffer.allocUnsafeSlow(usual), at: 0 })

/** What has been written. The bytes change with the next writing from the start. */
export const written = ({ buffer, at }: Page): Buffer => buffer.subarray(0, at)

// Gives where the next so many bytes begin; the page may have another buffer after it.
function take(page: Page, bytes: number): number {
  const begin = page.at
  page.at += bytes
  if (page.at > page.buffer.length) {
    const larger = Buffer.allocUnsafeSlow(page.at * 2)
    page.buffer.copy(larger, 0, 0, begin)
    page.buffer = larger
  }
  return begin
}

export function putByte(page: Page, value: number): void {
  const begin = take(page, 1)
  page.buffer.writeUInt8(value, begin)
}

export function putInt16(page: Page, value: number): void {
  const begin = take(page, 2)
  page.buffer.writeInt16BE(value, begin)
}

export function putInt32(page: Page, value: number): void {
  const begin = take(page, 4)
  page.buffer.writeInt32BE(value, begin)
}

export function putInt64(page: Page, value: bigint): void {
  const begin = take(page, 8)
  page.buffer.writeBigInt64BE(value, begin)
}

export function putDouble(page: Page, value: number): void {
  const begin = take(page, 8)
  page.buffer.writeDoubleBE(value, begin)
}

/** Writes bytes as they are, or from hex. */
export function putBytes(page: Page, value: Buffer | string): void {
  const isHex = typeof value === 'string'
  const begin = take(page, isHex ? value.length / 2 : value.length)
  if (!isHex) value.copy(page.buffer, begin)
  // It stops without a word at what is no hex, and what lay there before would be sent.
  else if (page.buffer.write(value, begin, 'hex') !== value.length / 2)
    throw new Error('bytes are not given in hex')
}

/** Writes a text in UTF-8. */
export function putText(page: Page, value: string): void {
  const begin = take(page, value.length * 3)
  page.at = begin + page.buffer.write(value, begin)
}

/** Writes something behind its length in bytes; the length counts itself where that is said. */
export function putMeasured(page: Page, put: () => void, countsItself = false): void {
  const begin = take(page, 4)
  put()
  page.buffer.writeInt32BE(page.at - begin - (countsItself ? 0 : 4), begin)
}
