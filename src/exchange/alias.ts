// Links the two names of one WhatsApp person, a number and an id without one, when a webhook shows both: the id becomes
// another name of the number's contact. Done once for each person, before her message is gathered.

import { type Address, phoneOf } from '../coop/members/address.ts'
import { addressIndex, personIndex, sealAddress } from '../coop/members/contact_keys.ts'
import type { Db } from '../store/database.ts'
import type { Keys } from '../store/keys.ts'
import { lockNow, personKey } from '../store/locks.ts'
import { senderOf } from './arrival.ts'
import type { TextMessage } from './message.ts'

export interface Aliases {
  /** The message under the name that the person goes by here, her other name linked to it. */
  link(message: TextMessage): Promise<TextMessage>
}

const mostRemembered = 50_000

/** Remembers, in this process, whom it has linked already. */
export function openAliases(db: Db, keys: Keys): Aliases {
  const linked = new Set<string>()
  return {
    link: async (message) => {
      if (message.alias === undefined) return message
      const [number, id] = byNumber(message.sender.address, message.alias)
      const { coop, to } = message.sender
      const name = addressIndex(keys, coop, id).toString('latin1')
      if (!linked.has(name)) await linkPair(db, keys, { coop, to, number, id })
      if (linked.size >= mostRemembered) linked.clear()
      linked.add(name)
      return { ...message, sender: senderOf(keys, coop, number, to) }
    },
  }
}

const byNumber = (one: Address, other: Address): [number: Address, id: Address] =>
  phoneOf(one) === undefined ? [other, one] : [one, other]

interface Pair {
  readonly coop: string
  readonly to: Address
  readonly number: Address
  readonly id: Address
}

/** Makes the id another name of the number's contact; whoever joined under the id alone is known by the number too. */
function linkPair(db: Db, keys: Keys, { coop, to, number, id }: Pair): Promise<void> {
  const people = [number, id].map((address) => personIndex(keys, coop, address))
  const rowOf = (address: Address) => ({
    coop_id: coop,
    address_index: addressIndex(keys, coop, address),
    person_index: personIndex(keys, coop, address),
    address: sealAddress(keys, address),
    channel: 'whatsapp' as const,
    sender: to,
  })
  return db.transaction().execute(async (trx) => {
    await lockNow(trx, people.map(personKey))
    for (const address of [number, id]) {
      await trx
        .insertInto('contacts')
        .values(rowOf(address))
        .onConflict((on) => on.column('address_index').doNothing())
        .execute()
    }
    const rows = await trx
      .selectFrom('contacts')
      .select(['id', 'address_index', 'member_id', 'same_as'])
      .where(
        'address_index',
        'in',
        [number, id].map((address) => addressIndex(keys, coop, address)),
      )
      .execute()
    const canonical = rows.find((row) => row.address_index.equals(addressIndex(keys, coop, number)))
    const alias = rows.find((row) => row !== canonical)
    if (!canonical || !alias || alias.same_as === canonical.id) return
    await trx.updateTable('contacts').set({ same_as: canonical.id }).where('id', '=', alias.id).execute()
    if (canonical.member_id !== null || alias.member_id === null) return
    await trx.updateTable('contacts').set({ member_id: alias.member_id }).where('id', '=', canonical.id).execute()
  })
}
