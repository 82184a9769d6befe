// How many parts an SMS is billed as: GSM-7 with 160 septets alone or 153 in each of several, else UCS-2, 70 or 67.
// A character of two units (GSM-7's extension table, a surrogate pair) is never split: dividing would count wrong.

/** What a text costs on SMS. `units` are septets in GSM-7, UTF-16 units in UCS-2. */
export interface SegmentCount {
  readonly segments: number
  readonly encoding: 'GSM-7' | 'UCS-2'
  readonly units: number
}

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const extension = '\f^{}\\[~]|€'
// The price of every UTF-16 unit up to the euro sign, the last that GSM-7 has; 0 where it has none.
const septets = new Uint8Array(0x20ad)
for (const character of basic) septets[character.charCodeAt(0)] = 1
for (const character of extension) septets[character.charCodeAt(0)] = 2

/** Whether GSM-7 has every character of the text. */
export function isGsm7(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!septetsAt(text, at)) return false
  return true
}

/** The parts that a text takes on SMS; the empty text takes one. */
export function countSegments(text: string): SegmentCount {
  let units = 0
  for (let at = 0; at < text.length; at++) {
    const price = septetsAt(text, at)
    if (price === 0) return countUcs2(text)
    units += price
  }
  return { segments: units <= 160 ? 1 : partsOf(text, 153, septetsAt), encoding: 'GSM-7', units }
}

function countUcs2(text: string): SegmentCount {
  const segments = text.length <= 70 ? 1 : partsOf(text, 67, unitsAt)
  return { segments, encoding: 'UCS-2', units: text.length }
}

function partsOf(text: string, room: number, priceAt: (text: string, at: number) => number): number {
  let parts = 1
  let used = 0
  for (let at = 0; at < text.length; at++) {
    const price = priceAt(text, at)
    if (used + price > room) {
      parts++
      used = 0
    }
    used += price
  }
  return parts
}

function septetsAt(text: string, at: number): number {
  return septets[text.charCodeAt(at)] ?? 0
}

// A pair is paid for at its first half.
function unitsAt(text: string, at: number): number {
  if (isHigh(text.charCodeAt(at)) && isLow(text.charCodeAt(at + 1))) return 2
  return isLow(text.charCodeAt(at)) && isHigh(text.charCodeAt(at - 1)) ? 0 : 1
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000
}
