// Bytes that are written one behind the other, in network order: a buffer that grows and is used again.

/** A page of bytes to write on. */
export class Page {
  #buffer = Buffer.allocUnsafeSlow(65_536)
  #at = 0

  /** Where the next byte goes. */
  get at(): number {
    return this.#at
  }

  /** What has been written. It changes with the next writing after `clear`. */
  get written(): Buffer {
    return this.#buffer.subarray(0, this.#at)
  }

  /** Takes back all that was written from this place on. */
  clear(from = 0): void {
    this.#at = from
  }

  byte(value: number): void {
    this.#buffer[this.#room(1)] = value
  }

  int16(value: number): void {
    this.#buffer.writeInt16BE(value, this.#room(2))
  }

  int32(value: number): void {
    this.#buffer.writeInt32BE(value, this.#room(4))
  }

  int64(value: bigint): void {
    this.#buffer.writeBigInt64BE(value, this.#room(8))
  }

  double(value: number): void {
    this.#buffer.writeDoubleBE(value, this.#room(8))
  }

  /** Bytes as they are, or in hex. */
  bytes(value: Buffer | string): void {
    if (typeof value === 'string') this.#buffer.write(value, this.#room(value.length / 2), 'hex')
    else value.copy(this.#buffer, this.#room(value.length))
  }

  text(value: string): void {
    const begin = this.#room(value.length * 3)
    this.#at = begin + this.#buffer.write(value, begin)
  }

  /** Writes something and its length before it; the length counts itself where that is said. */
  measured(write: () => void, countsItself = false): void {
    const begin = this.#room(4)
    write()
    this.#buffer.writeInt32BE(this.#at - begin - (countsItself ? 0 : 4), begin)
  }

  #room(bytes: number): number {
    const begin = this.#at
    this.#at += bytes
    if (this.#at > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(this.#at * 2)
      this.#buffer.copy(larger, 0, 0, begin)
      this.#buffer = larger
    }
    return begin
  }
}
