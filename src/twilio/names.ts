// How the carrier names things: addresses without our `sms:`, and the ids of messages.
import { type Address, channelOf, readAddress } from '../coop/members/address.ts'

/** An address as the carrier writes it. */
export const nameAtCarrier = (address: Address): string =>
  channelOf(address) === 'sms' ? address.slice('sms:'.length) : address

/** The address that the carrier writes so; nothing where it is none. */
export const addressNamed = (name: string): Address | undefined =>
  readAddress(name.startsWith('whatsapp:') ? name : `sms:${name}`)

/** The id of a message, theirs or ours. */
export const messageSid = /^(?:SM|MM)[0-9a-f]{32}$/
