// The statements of a batch that are its own: locks, contacts, messages. Each is by set.
import type { Language } from '../../coop/charter/charter.ts'
import { memberKeySql, voteKeySql } from '../../store/locks.ts'
import { ms, nowSql, statement } from '../../store/statement.ts'

export const begin = statement('begin', 'begin')

export interface TriedLock {
  key: string
  held: boolean
}
/**
 * Tries these locks ($1: keys of people, and of the members that they are known to be), and those of the members
 * behind people of whom nothing is known yet ($2: their indexes). Returns what the caller does not expect: of the
 * first those that are another's, of the second those that were obtained. A try never waits, so no order can cross
 * another.
 */
export const tryLocks = statement<TriedLock>(
  'try_locks',
  `select key::text, held from (
     select key, true as expected, pg_try_advisory_xact_lock(key) as held from unnest($1::bigint[]) as key
     union all
     select key, false, pg_try_advisory_xact_lock(key)
     from (select distinct ${memberKeySql('member_id')} as key from contacts
       where person_index = any($2::bytea[]) and member_id is not null offset 0) as behind
     offset 0) as tried
   where held <> expected`,
)

export interface ContactRow {
  id: number
  /** The indexes of the address and of the person in hex. */
  address: string
  person: string
  member_id: number | null
  /** Where this address is another name of a person: the indexes of the contact that she is. */
  same_as_index: Buffer | null
  same_as_person: Buffer | null
  sender: string | null
  version: number
  blocked: boolean
  wake_at: number | null
  /** Null where the version and nonce that were found are its own. */
  snapshot: Buffer | null
  state: 'invited' | 'active' | 'left' | 'erased' | null
  language: Language | null
  joined_at: number | null
  silenced: boolean | null
  erasure_asked_at: number | null
}

/**
 * Every contact of these people ($1), with the member behind it. The snapshot comes only where what Redis had
 * ($2: address indexes, $3: versions, $4: nonces) is not the session of this row. A statement of its own after the
 * locks: together with them it would not see what was committed while it waited. `offset 0` keeps each join a look-up
 * by its key, also in a plan that was made while the tables were empty.
 */
export const readContacts = statement<ContactRow>(
  'read_contacts',
  `select c.id, encode(c.address_index, 'hex') as address, encode(c.person_index, 'hex') as person, c.member_id,
     c.sender, c.version,
     o.address_index as same_as_index, o.person_index as same_as_person,
     c.blocked_at is not null or (m.suppressed_at is not null and exists (
       select from member_contacts hers join contacts b on b.id = hers.contact_id
       where hers.member_id = c.member_id and b.blocked_at is not null)) as blocked,
     ${ms('c.wake_at')} as wake_at,
     case when c.version = ($3::int[])[array_position($2::bytea[], c.address_index)]
       and substring(c.snapshot from 2 for 12) = ($4::bytea[])[array_position($2::bytea[], c.address_index)]
       then null else c.snapshot end as snapshot,
     m.state, m.language, ${ms('m.joined_at')} as joined_at, m.suppressed_at is not null as silenced,
     ${ms('m.erasure_asked_at')} as erasure_asked_at
   from contacts c
   left join lateral (select * from members where id = c.member_id offset 0) as m on true
   left join lateral (select * from contacts where id = c.same_as offset 0) as o on true
   where c.person_index = any($1::bytea[])`,
)

export interface KnownRow {
  sid: string
  state: 'handled' | 'received' | 'given_up'
  /** The box that its reply lies in, if it had one, and the place there. */
  reply_box: number | null
  reply_at: number | null
  states_fact: boolean
  /** The index of her whose line it stands in, in hex, while it lies aside. */
  person: string | null
}
/**
 * The messages among these ($1) that have come before, and of each of these people ($2) the first that lies aside, if
 * one does. That any does is asked first, since mostly none does.
 */
export const readKnown = statement<KnownRow>(
  'read_known',
  `select sid, state, reply_box, reply_at, states_fact, encode(person_index, 'hex') as person
   from inbound where sid = any($1::text[])
   union all (
   select distinct on (person_index) sid, state, reply_box, reply_at, states_fact, encode(person_index, 'hex')
   from inbound where state = 'received' and person_index = any($2::bytea[])
     and (select exists (select from inbound where state = 'received'))
   order by person_index, turn)`,
)

export interface BoxRow {
  id: number
  sealed: Buffer
}
/** The boxes of replies ($1) that are still there. Not with the rows of repeats: many of them share one box. */
export const readBoxes = statement<BoxRow>(
  'read_boxes',
  'select id, sealed from replies where id = any($1::bigint[])',
)

/** The proposal of each call or notice ($1: the carrier's ids of our messages) that somebody replied to. */
export const readCalls = statement<{ carrier_id: string; proposal: string }>(
  'read_calls',
  `select o.carrier_id, b.proposal from outbox o join broadcasts b on b.id = o.broadcast_id
   where o.carrier_id = any($1::text[]) and b.kind in ('call', 'notice')`,
)

export interface Opening {
  now: number
  /** The votes whose lock is shared, as co-op/slug. */
  votes: string[]
  /** The co-ops with a vote whose lock is another's: it is being closed. */
  closing: string[]
  /** Numbers for those who may become members now, ids for contacts that have no row yet. */
  members: string[]
  contacts: string[]
}
/**
 * Shares the lock of every vote of these co-ops ($1) that is not closed. Whoever closes one holds it alone, and is not
 * waited for: a close that hangs would hold all others up. Then it reads the clock, which is so an instant after the
 * locks; and draws numbers for members ($2: how many) and for contacts ($3).
 */
export const openStep = statement<Opening>(
  'open_step',
  `select ${ms(nowSql)} as now, locked.votes, locked.closing,
     array(select nextval('member_number') from generate_series(1, $2::int))::text[] as members,
     array(select nextval('contact_number') from generate_series(1, $3::int))::text[] as contacts
   from (select coalesce(array_agg(coop_id || '/' || slug) filter (where held), '{}') as votes,
       coalesce(array_agg(distinct coop_id) filter (where not held), '{}') as closing
     from (select coop_id, slug, pg_try_advisory_xact_lock_shared(${voteKeySql('coop_id', 'slug')}) as held
       from proposals where coop_id = any($1::text[]) and status <> 'closed' offset 0) as votes) as locked`,
)

/** New contacts, in the order of their indexes, with their first session. */
export const insertContacts = statement(
  'insert_contacts',
  `insert into contacts (id, coop_id, address_index, person_index, address, channel, member_id, sender,
     version, snapshot, asking_until, wake_at, last_inbound_at)
   select id, coop_id, address_index, person_index, address, channel, member_id, sender, 1, snapshot,
     to_timestamp(asking_until), to_timestamp(wake_at), to_timestamp($12::float8)
   from unnest($1::bigint[], $2::text[], $3::bytea[], $4::bytea[], $5::bytea[], $6::text[], $7::bigint[], $8::text[],
     $9::bytea[], $10::float8[], $11::float8[])
     as c (id, coop_id, address_index, person_index, address, channel, member_id, sender, snapshot, asking_until,
       wake_at)`,
)

/**
 * Each contact ($1) after its message: $2 snapshots, $3 until when a call waits, $4 when the clock looks at it next,
 * $5 whose it is, $6 which of our senders was written to, $7 now. Whoever writes can be reached. Columns with an index
 * mostly keep their value, and then the row stays on its page and no index is touched.
 */
export const updateContacts = statement(
  'update_contacts',
  `update contacts set version = version + 1, last_inbound_at = to_timestamp($7::float8), unreachable_code = null,
     (snapshot, asking_until, wake_at, member_id, sender) = (
       select ($2::bytea[])[at], to_timestamp(($3::float8[])[at]), to_timestamp(($4::float8[])[at]),
         ($5::bigint[])[at], ($6::text[])[at]
       from array_position($1::bigint[], id) as at)
   where id = any($1::bigint[])`,
)

/** As above for contacts whom the clock has stepped: she has said nothing, so her window stays, and all that she is. */
export const updateByClock = statement(
  'update_by_clock',
  `update contacts set version = version + 1,
     (snapshot, asking_until, wake_at) = (
       select ($2::bytea[])[at], to_timestamp(($3::float8[])[at]), to_timestamp(($4::float8[])[at])
       from array_position($1::bigint[], id) as at)
   where id = any($1::bigint[])`,
)

/**
 * Handled messages with the box of their answers ($8, null where there is none) and the place of each in it ($4); $6
 * is now and $7 when a sign of each fact is due, in seconds. The id of the box is looked up, once, and not joined.
 */
export const insertHandled = statement(
  'insert_handled',
  `with box as (
     insert into replies (sealed, made_at) select $8::bytea, to_timestamp($6::float8) where $8::bytea is not null
     returning id)
   insert into inbound (sid, coop_id, contact_id, state, reply_box, reply_at, states_fact, received_at, confirm_by)
   select sid, coop_id, contact_id, 'handled', case when reply_at is not null then (select id from box) end, reply_at,
     states_fact, to_timestamp($6::float8),
     case when states_fact and reply_at is not null then to_timestamp($7::float8) end
   from unnest($1::text[], $2::text[], $3::bigint[], $4::smallint[], $5::boolean[])
     as m (sid, coop_id, contact_id, reply_at, states_fact)`,
)

/** Messages that were put aside ($1) and are handled now; their answers go by the outbox. */
export const markHandled = statement(
  'mark_handled',
  `update inbound set state = 'handled', body = null, person_index = null, next_try_at = null,
     contact_id = ($2::bigint[])[array_position($1::text[], sid)]
   where sid = any($1::text[])`,
)
