// How an address is kept: sealed, and found by keyed hashes of it. One person (a phone number, or a WhatsApp id
// without one) has the same person index on every channel of one co-op, and another at every other co-op.
import type { Keys } from '../../store/keys.ts'
import { indexOf, seal, unseal } from '../../store/seal.ts'
import { type Address, phoneOf, readAddress } from './address.ts'

const place = 'contacts.address'

/** Finds the contact of an address. */
export const addressIndex = (keys: Keys, coop: string, address: Address): Buffer =>
  indexOf(keys, `${coop}|${address}`)

/** What all addresses of one person share at one co-op: the key under which her messages stand in line. */
export const personIndex = (keys: Keys, coop: string, address: Address): Buffer =>
  indexOf(keys, `${coop}|${phoneOf(address) ?? nameOf(address)}`)

/** The address as it is stored. */
export const sealAddress = (keys: Keys, address: Address): Buffer => seal(keys, address, place)

/** The address that was stored; throws where its key is gone or the seal is damaged. */
export function unsealAddress(keys: Keys, sealed: Buffer): Address {
  const address = readAddress(unseal(keys, sealed, place))
  if (!address) throw new Error('A stored address is none: the row of the contact is damaged; restore a backup')
  return address
}

const nameOf = (address: Address) => address.slice(address.indexOf(':') + 1)
