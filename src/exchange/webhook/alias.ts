// Links the two names of one WhatsApp person, a number and an id without one, when a webhook shows both: the id becomes
// another name of the number's contact. Two who are members by themselves it leaves to the organiser. It never keeps a
// message waiting for long: what cannot be linked now is linked by the next webhook.
import type { Selectable, Transaction } from 'kysely'
import { sql } from 'kysely'
import { type Address, phoneOf } from '../../coop/members/address.ts'
import type { Log } from '../../log.ts'
import type { Db } from '../../store/database.ts'
import type { Keys } from '../../store/keys.ts'
import { inOrder } from '../../store/locks.ts'
import type { Schema } from '../../store/schema.ts'
import { insertContact } from '../contact.ts'
import { inLine, type Lines } from '../lines.ts'
import { bytesOf, type Sender, type TextMessage } from '../message.ts'
import { senderOf } from './arrival.ts'

export interface Aliases {
  /** The message under the name that the person goes by here, her other name linked to it where that can be soon. */
  link(message: TextMessage): Promise<TextMessage>
}

/**
 * How two names stand is looked up each time, since what was remembered would outlive an erasure or a merge; and one
 * after the other for each pair, so that her messages stay in their order.
 */
export function openAliases(db: Db, keys: Keys, log: Log): Aliases {
  const lines: Lines = new Map()
  return {
    link: async (message) => {
      if (message.alias === undefined) return message
      const pair = pairOf(keys, message.sender, message.alias)
      try {
        const standing = await soon(inLine(lines, pair.number.line, () => linkPair(db, keys, log, pair)))
        return { ...message, sender: nameFor(standing, pair, message.sender) }
      } catch (error) {
        log.warn({ event: 'names_not_linked', sid: message.sid, reason: String(error) })
        return message
      }
    },
  }
}

const longestMs = 500

/** What the work gives; throws where that takes long, such as while no connection is free, and lets it go on. */
function soon<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`it took longer than ${longestMs} ms`)), longestMs)
    void work.then(resolve, reject).finally(() => clearTimeout(late))
  })
}

/** The person by her number and by her id. */
interface Pair {
  readonly number: Sender
  readonly id: Sender
}

function pairOf(keys: Keys, sender: Sender, alias: Address): Pair {
  const other = senderOf(keys, sender.coop, alias, sender.to)
  return phoneOf(sender.address) === undefined ? { number: other, id: sender } : { number: sender, id: other }
}

/**
 * How the two names stand: as one, as two members, or as one that is to be linked; `known by id` where only the id has
 * a member behind it so far.
 */
type Standing = 'linked' | 'two members' | 'unlinked' | 'known by id'

function nameFor(standing: Standing, { number, id }: Pair, sender: Sender): Sender {
  if (standing === 'two members') return sender
  return standing === 'known by id' ? id : number
}

type Contact = Selectable<Schema['contacts']>
interface Rows {
  readonly number: Contact | undefined
  readonly id: Contact | undefined
  /** The members behind them, each by whatever address of the person. */
  readonly members: { readonly number: number | undefined; readonly id: number | undefined }
}

async function readRows(db: Db, { number, id }: Pair): Promise<Rows> {
  const rows = await db
    .selectFrom('contacts')
    .selectAll()
    .where('person_index', 'in', [bytesOf(number.personIndex), bytesOf(id.personIndex)])
    .execute()
  const contactOf = ({ addressIndex }: Sender) =>
    rows.find((row) => row.address_index.toString('hex') === addressIndex)
  const memberOf = (sender: Sender) =>
    contactOf(sender)?.member_id ??
    rows.find((row) => row.member_id !== null && row.person_index.toString('hex') === sender.personIndex)
      ?.member_id ??
    undefined
  return {
    number: contactOf(number),
    id: contactOf(id),
    members: { number: memberOf(number), id: memberOf(id) },
  }
}

function standingOf({ number, id, members }: Rows): Standing {
  if (members.number !== undefined && members.id !== undefined && members.number !== members.id)
    return 'two members'
  if (number && id?.same_as === number.id) return 'linked'
  return members.number === undefined && members.id !== undefined ? 'known by id' : 'unlinked'
}

const triesForMs = 200
const pauseMs = 20

async function linkPair(db: Db, keys: Keys, log: Log, pair: Pair): Promise<Standing> {
  const until = performance.now() + triesForMs
  for (;;) {
    const rows = await readRows(db, pair)
    const standing = standingOf(rows)
    if (standing === 'linked') return standing
    if (standing === 'two members') {
      const members = [rows.members.number, rows.members.id]
      log.warn({ event: 'two_members_one_person', coop: pair.number.coop, members })
      return standing
    }
    if (await tryLink(db, keys, pair)) return 'linked'
    if (performance.now() > until) return standing
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** Links them if both locks are free this moment and they still stand as they were read. */
function tryLink(db: Db, keys: Keys, pair: Pair): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    if (!(await holds(trx, pair))) return false
    if (standingOf(await readRows(trx, pair)) === 'two members') return false
    for (const sender of [pair.number, pair.id]) await insertContact(trx, keys, sender)
    const { number, id, members } = await readRows(trx, pair)
    if (!number || !id) throw new Error('the contacts that were inserted a moment ago are not there')
    if (members.number === undefined && members.id !== undefined)
      await trx.updateTable('contacts').set({ member_id: members.id }).where('id', '=', number.id).execute()
    // Where she has only talked under the id, the number goes on where that conversation stands.
    if (number.version === 0 && id.version > 0) await moveSession(trx, id, number.id)
    const rest = { same_as: number.id, wake_at: null, asking_until: null }
    await trx.updateTable('contacts').set(rest).where('id', '=', id.id).execute()
    await moveAside(trx, pair)
    return true
  })
}

async function holds(trx: Transaction<Schema>, { number, id }: Pair): Promise<boolean> {
  const keys = inOrder([number.line, id.line])
  const { rows } = await sql<{ held: boolean }>`
    select pg_try_advisory_xact_lock(key) as held from unnest(${keys}::bigint[]) as key`.execute(trx)
  return rows.every(({ held }) => held)
}

// What lies aside under the id stands in the line of the number from here on, each in its turn.
async function moveAside(trx: Transaction<Schema>, { number, id }: Pair): Promise<void> {
  await trx
    .updateTable('inbound')
    .set({ person_index: bytesOf(number.personIndex) })
    .where('person_index', '=', bytesOf(id.personIndex))
    .where('state', '=', 'received')
    .execute()
}

async function moveSession(trx: Transaction<Schema>, from: Contact, to: number): Promise<void> {
  const { version, snapshot, asking_until, wake_at, last_inbound_at, sender } = from
  await trx
    .updateTable('contacts')
    .set({ version, snapshot, asking_until, wake_at, last_inbound_at, sender })
    .where('id', '=', to)
    .execute()
}
