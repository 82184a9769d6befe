// Members in Postgres, as the command line sees them: invited, listed, and held while they are changed. It never
// gives an address unless it was asked for.
import { sql, type Transaction } from 'kysely'
import type { Db } from '../../store/database.ts'
import type { Keys } from '../../store/keys.ts'
import { lockNow, memberKey, personKey } from '../../store/locks.ts'
import type { Schema } from '../../store/schema.ts'
import type { Charter, Language } from '../charter/charter.ts'
import { type Address, addressOn, type Channel } from './address.ts'
import { addressIndex, personIndex, sealAddress, unsealAddress } from './contact_keys.ts'
import type { Invited } from './list_file.ts'

/** Invites members; who is known already stays as she is. Safe to run again after a break. */
export async function importMembers(
  db: Db,
  keys: Keys,
  charter: Pick<Charter, 'id' | 'senders'>,
  invited: readonly Invited[],
): Promise<{ invited: number; known: number }> {
  let made = 0
  for (let at = 0; at < invited.length; at += chunk) {
    const people = invited.slice(at, at + chunk).map((each) => personOf(keys, charter, each))
    made += await db.transaction().execute((trx) => invite(trx, charter.id, people))
  }
  return { invited: made, known: invited.length - made }
}

// Each takes a lock, of which Postgres keeps room for some thousands.
const chunk = 200

interface Person {
  readonly language: Language
  readonly channel: Channel
  readonly person: Buffer
  readonly index: Buffer
  readonly sealed: Buffer
}

function personOf(
  keys: Keys,
  { id, senders }: Pick<Charter, 'id' | 'senders'>,
  { phone, language }: Invited,
): Person {
  const channel = senders.some((sender) => sender.address.startsWith('sms:')) ? 'sms' : 'whatsapp'
  const address = addressOn(channel, phone)
  return {
    language,
    channel,
    person: personIndex(keys, id, address),
    index: addressIndex(keys, id, address),
    sealed: sealAddress(keys, address),
  }
}

async function invite(trx: Transaction<Schema>, coop: string, people: readonly Person[]): Promise<number> {
  await lockNow(
    trx,
    people.map(({ person }) => personKey(person)),
  )
  const known = await trx
    .selectFrom('contacts')
    .select(['person_index', 'member_id'])
    .where(
      'person_index',
      'in',
      people.map(({ person }) => person),
    )
    .execute()
  const members = new Set(
    known.flatMap((row) => (row.member_id === null ? [] : [row.person_index.toString('hex')])),
  )
  const strangers = new Set(known.map((row) => row.person_index.toString('hex')))
  const fresh = people.filter(({ person }) => !members.has(person.toString('hex')))
  if (fresh.length === 0) return 0
  const numbered = await number(trx, coop, fresh)
  await addContacts(
    trx,
    coop,
    numbered.filter(({ person }) => !strangers.has(person.toString('hex'))),
  )
  await giveContacts(
    trx,
    numbered.filter(({ person }) => strangers.has(person.toString('hex'))),
  )
  return fresh.length
}

type Numbered = Person & { readonly member: number }

async function number(trx: Transaction<Schema>, coop: string, people: readonly Person[]): Promise<Numbered[]> {
  const { rows } = await sql<{ id: number }>`
    select nextval('member_number') as id from generate_series(1, ${people.length}::int)`.execute(trx)
  const numbered = people.map((person, at) => ({ ...person, member: rows[at]?.id ?? 0 }))
  const members = numbered.map(({ member, language }) => ({
    id: member,
    coop_id: coop,
    state: 'invited' as const,
    language,
  }))
  await trx.insertInto('members').values(members).execute()
  return numbered
}

async function addContacts(trx: Transaction<Schema>, coop: string, people: readonly Numbered[]): Promise<void> {
  if (people.length === 0) return
  const rows = people.map(({ index, person, sealed, channel, member }) => ({
    coop_id: coop,
    address_index: index,
    person_index: person,
    address: sealed,
    channel,
    member_id: member,
  }))
  await trx.insertInto('contacts').values(rows).execute()
}

/** Someone who has texted before she was invited. */
async function giveContacts(trx: Transaction<Schema>, people: readonly Numbered[]): Promise<void> {
  for (const { person, member } of people) {
    await trx.updateTable('contacts').set({ member_id: member }).where('person_index', '=', person).execute()
  }
}

export interface Listed {
  readonly number: number
  readonly state: Schema['members']['state']
  readonly language: Language
  readonly joined: Date | null
  readonly suppressed: boolean
  readonly erasureAsked: Date | null
  readonly channels: readonly Channel[]
  /** On which the carrier lets nothing through to her, after a STOP. */
  readonly stopped: readonly Channel[]
  /** Only where asked for. */
  readonly addresses?: readonly Address[]
}

/** What of a list is wanted: these members and no others; their addresses too, with the keys that open them. */
interface Wanted {
  readonly only?: readonly number[]
  readonly addressesWith?: Keys
}

/** The members of a co-op by number; all of them, and without their addresses, where nothing else is said. */
export async function listMembers(db: Db, coop: string, { only, addressesWith }: Wanted = {}): Promise<Listed[]> {
  const members = await db
    .selectFrom('members')
    .selectAll()
    .where('coop_id', '=', coop)
    .$if(only !== undefined, (query) => query.where('id', 'in', only ?? []))
    .orderBy('id')
    .execute()
  const contacts = Map.groupBy(await contactsOfCoop(db, coop, only), (contact) => contact.member_id)
  return members.map((member) => {
    const own = contacts.get(member.id) ?? []
    return {
      number: member.id,
      state: member.state,
      language: member.language,
      joined: member.joined_at,
      suppressed: member.suppressed_at !== null,
      erasureAsked: member.erasure_asked_at,
      channels: channelsOf(own.filter(({ blocked_at }) => blocked_at === null)),
      stopped: channelsOf(own.filter(({ blocked_at }) => blocked_at !== null)),
      ...(addressesWith && { addresses: own.map((contact) => unsealAddress(addressesWith, contact.address)) }),
    }
  })
}

const channelsOf = (contacts: readonly { readonly channel: Channel }[]): Channel[] => [
  ...new Set(contacts.map(({ channel }) => channel)),
]

const contactsOfCoop = (db: Db, coop: string, only: Wanted['only']) =>
  db
    .selectFrom('member_contacts as hers')
    .innerJoin('contacts', 'contacts.id', 'hers.contact_id')
    .select(['hers.member_id', 'channel', 'address', 'blocked_at'])
    .where('coop_id', '=', coop)
    .$if(only !== undefined, (query) => query.where('hers.member_id', 'in', only ?? []))
    .orderBy('contacts.id')
    .execute()

/** What an organiser must change before a member can be merged or erased. */
export class MemberRefused extends Error {}

export interface HeldMember {
  /**
   * Every address that leads to her: her own, those of the same person that are nobody's yet, and other names of
   * either.
   */
  readonly contacts: readonly HeldContact[]
}
export interface HeldContact {
  readonly id: number
  /** False where the row is nobody's yet. */
  readonly is_hers: boolean
  /** Another member is reached there too. */
  readonly is_shared: boolean
  readonly address_index: Buffer
  readonly person_index: Buffer
}

/** Holds members with all their addresses until the transaction ends, as the handling of a message would. */
export async function holdMembers(
  trx: Transaction<Schema>,
  coop: string,
  ids: readonly number[],
): Promise<HeldMember[]> {
  const before = await contactsOf(trx, ids)
  await lockNow(trx, [...ids.map(memberKey), ...before.map((contact) => personKey(contact.person_index))])
  const after = await contactsOf(trx, ids)
  if (after.some(({ id }) => !before.some((contact) => contact.id === id))) {
    throw new MemberRefused(`Member ${ids.join(' or ')} got another address this moment. Run the command again.`)
  }
  const members = await trx
    .selectFrom('members')
    .selectAll()
    .where('id', 'in', ids)
    .where('coop_id', '=', coop)
    .execute()
  for (const id of ids) {
    const member = members.find((each) => each.id === id)
    if (!member) throw new MemberRefused(`${coop} has no member ${id}. See "npm run coopline -- member list".`)
    if (member.state === 'erased')
      throw new MemberRefused(`Member ${id} is erased: nothing of her is left to change.`)
  }
  return ids.map((id) => ({ contacts: after.filter(({ of }) => of === id) }))
}

const columns = sql`of, c.id, c.address_index, c.person_index, c.member_id is not null as is_hers`
const leadsToHer = sql`(c.member_id is null
      or exists (select from member_contacts m where m.member_id = of and m.contact_id = c.id))`

async function contactsOf(
  trx: Transaction<Schema>,
  ids: readonly number[],
): Promise<(HeldContact & { readonly of: number })[]> {
  const { rows } = await sql<HeldContact & { of: number }>`
    with people as (
      select distinct m.member_id as of, c.person_index from member_contacts m join contacts c on c.id = m.contact_id
      where m.member_id = any(${[...ids]}::bigint[])),
    own as (select ${columns} from people join contacts c using (person_index) where ${leadsToHer})
    select found.*, exists (
      select from member_contacts m where m.contact_id = found.id and m.member_id <> of) as is_shared
    from (
      select * from own union
      select ${columns} from own join contacts c on c.same_as = own.id where ${leadsToHer}) as found`.execute(trx)
  return rows
}
