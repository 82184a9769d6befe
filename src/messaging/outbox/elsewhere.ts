// Finds another way to the same member for a broadcast that cannot reach her where it was going, or not from the
// sender that it waits for: outside her 24 hours on WhatsApp, or without a sender there, by SMS, where her number and
// a sender of the co-op allow it. It never moves an answer.
import { type Selectable, sql, type Transaction } from 'kysely'
import type { Applied } from '../../coop/charter/charter.ts'
import { spokenWith } from '../../coop/charter/spoken.ts'
import { type Address, addressOn, channelOf, phoneOf } from '../../coop/members/address.ts'
import { addressIndex, personIndex, sealAddress, unsealAddress } from '../../coop/members/contact_keys.ts'
import { reachedAt } from '../../coop/members/reached_queries.ts'
import type { Keys } from '../../store/keys.ts'
import { lockNow, memberKey, personKey } from '../../store/locks.ts'
import type { Schema } from '../../store/schema.ts'
import { type Costs, costsOf } from '../broadcast/costs.ts'
import { type FrontDesk, senderOn } from '../desk.ts'
import type { OutboxState } from '../tables.ts'
import { unsent } from './outcome.ts'

/** A row of a broadcast, where it was going, and how it ends where she has no other address. */
export interface Stranded {
  readonly id: number
  readonly coopId: string
  readonly contactId: number | null
  readonly memberId: number | null
  readonly broadcastId: number | null
  readonly verdict: 'window_closed' | 'unreachable' | 'silenced' | 'senderless'
}

type Trx = Transaction<Schema>
type Contact = Pick<Selectable<Schema['contacts']>, 'id' | 'channel' | 'sender'> & {
  readonly usable: boolean
}
interface Place {
  readonly contactId: number
  readonly sender: Address
}

/** Moves the row, due now, or ends it; leaves it alone where it waits no longer. */
export async function sendElsewhere(desk: FrontDesk, stranded: Stranded): Promise<void> {
  const charter = desk.charters.byId(stranded.coopId)
  // Made before the transaction: many at once that hold a connection and want a second would wait for each other.
  const costs: Costs =
    charter && stranded.broadcastId !== null ? await costsOf(desk, charter, stranded.broadcastId) : new Map()
  const place = await desk.db.transaction().execute(async (trx) => {
    const found = charter && (await findPlace(trx, desk.keys, charter, stranded))
    const moved = trx.updateTable('outbox').where('id', '=', stranded.id).where('state', '=', 'pending')
    const same = stranded.contactId === null ? moved : moved.where('contact_id', '=', stranded.contactId)
    if (!charter || !found) await same.set({ state: endOf(stranded) }).execute()
    else await same.set(await rowAt(trx, charter, stranded, found, costs)).execute()
    return found
  })
  if (place) desk.ringSender(place.sender)
}

const endOf = ({ verdict }: Stranded): OutboxState => (verdict === 'senderless' ? 'unreachable' : verdict)

async function rowAt(trx: Trx, charter: Applied, stranded: Stranded, { contactId, sender }: Place, costs: Costs) {
  const member = await trx
    .selectFrom('members')
    .select('language')
    .where('id', '=', stranded.memberId)
    .executeTakeFirst()
  const bySms = costs.get(spokenWith(charter, member?.language)) ?? 1
  const now = sql<Date>`coopline_now()`
  const state = { ...unsent, state: 'pending' as const, next_attempt_at: now, error_code: null }
  return { ...state, contact_id: contactId, sender, segments: channelOf(sender) === 'sms' ? bySms : 1 }
}

async function findPlace(trx: Trx, keys: Keys, charter: Applied, stranded: Stranded): Promise<Place | undefined> {
  if (stranded.memberId === null) return undefined
  await lockMember(trx, stranded.memberId)
  const contacts = await contactsOf(trx, stranded.memberId)
  const isStuck = ({ id }: Contact) => id === stranded.contactId && stranded.verdict !== 'senderless'
  for (const contact of contacts) {
    const sender = senderOn(charter, contact.channel, contact.sender)
    if (contact.usable && !isStuck(contact) && sender) return { contactId: contact.id, sender }
  }
  return placeBySms(trx, keys, charter, stranded.memberId, contacts)
}

async function lockMember(trx: Trx, memberId: number): Promise<void> {
  const people = await reachedAt(trx, memberId).select('person_index').execute()
  await lockNow(trx, [memberKey(memberId), ...people.map((row) => personKey(row.person_index))])
}

const usable = sql<boolean>`blocked_at is null and unreachable_code is null
  and (channel = 'sms' or coalesce(last_inbound_at, '-infinity') > coopline_now() - interval '24 hours')`

function contactsOf(trx: Trx, memberId: number): Promise<(Contact & { readonly address: Buffer })[]> {
  return reachedAt(trx, memberId)
    .select(['contacts.id', 'channel', 'sender', 'address', usable.as('usable')])
    .orderBy('last_inbound_at', (order) => order.desc().nullsLast())
    .orderBy('contacts.id')
    .execute()
}

/** The number behind her WhatsApp address, on SMS, as a contact that may not have been there before. */
async function placeBySms(
  trx: Trx,
  keys: Keys,
  charter: Applied,
  memberId: number,
  contacts: readonly { readonly channel: string; readonly address: Buffer }[],
): Promise<Place | undefined> {
  const sender = senderOn(charter, 'sms')
  const addresses = contacts
    .filter(({ channel }) => channel === 'whatsapp')
    .map((row) => unsealAddress(keys, row.address))
  const phone = addresses.map(phoneOf).find((number) => number !== undefined)
  if (!sender || !phone) return undefined
  const contactId = await smsContact(trx, keys, charter.id, addressOn('sms', phone), memberId)
  return contactId === undefined ? undefined : { contactId, sender }
}

async function smsContact(
  trx: Trx,
  keys: Keys,
  coop: string,
  address: Address,
  memberId: number,
): Promise<number | undefined> {
  const index = addressIndex(keys, coop, address)
  const person = personIndex(keys, coop, address)
  const fresh = { coop_id: coop, address_index: index, person_index: person, channel: 'sms' as const }
  await trx
    .insertInto('contacts')
    .values({ ...fresh, address: sealAddress(keys, address), member_id: memberId })
    .onConflict((conflict) => conflict.column('address_index').doNothing())
    .execute()
  const hers = await trx
    .updateTable('contacts')
    .set(({ fn, val }) => ({ member_id: fn.coalesce('member_id', val(memberId)) }))
    .where('address_index', '=', index)
    .where(({ eb, or }) =>
      or([eb('member_id', 'is', null), eb('id', 'in', reachedAt(trx, memberId).select('contacts.id'))]),
    )
    .where(usable)
    .returning('id')
    .executeTakeFirst()
  return hers?.id
}
