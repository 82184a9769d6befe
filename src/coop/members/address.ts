// Where a person or a co-op is reached: a channel and what that channel calls them.
// It reads and takes apart addresses; it never guesses a country, a spelling or a person behind one.

export type Channel = 'sms' | 'whatsapp'

export type Address = `sms:${string}` | `whatsapp:${string}`

const E164 = String.raw`\+[1-9]\d{6,14}`
const phoneNumber = new RegExp(`^${E164}$`)

// An SMS address is a number or a short code. On WhatsApp a person may have no number: she is then known by an
// id that is hers only towards this business, with her country before it (`US.1349…`, `US.ENT.1349…`).
const address = new RegExp(
  String.raw`^(?:sms:(?:${E164}|\d{3,8})|whatsapp:(?:${E164}|[A-Z]{2}\.(?:ENT\.)?[0-9A-Za-z]{1,128}))$`,
)

/** Takes a text for an address only if it is one, letter by letter. */
export function readAddress(text: string): Address | undefined {
  return isAddress(text) ? text : undefined
}

function isAddress(text: string): text is Address {
  return address.test(text)
}

/** The channel an address belongs to. */
export function channelOf(address: Address): Channel {
  return address.startsWith('sms:') ? 'sms' : 'whatsapp'
}

/** The phone number of an address in E.164; none for a short code or for a person without a number. */
export function phoneOf(address: Address): string | undefined {
  const name = address.slice(address.indexOf(':') + 1)
  return phoneNumber.test(name) ? name : undefined
}

/** The address of a phone number on a channel; the number is in E.164. */
export function addressOn(channel: Channel, phone: string): Address {
  if (!phoneNumber.test(phone))
    throw new Error(`An address on ${channel} needs a phone number such as +447700900100`)
  return `${channel}:${phone}`
}
