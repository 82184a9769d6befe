// Writes what a batch established about members themselves. Joining is common; the rest is rare and goes one by one.
import type { FactOf } from '../../../coop/facts.ts'
import { type Statement, statement } from '../../../store/statement.ts'
import type { Entry, Recording } from './entry.ts'

const insertMembers = statement(
  'insert_members',
  `insert into members (id, coop_id, state, language, joined_at)
   select id, coop_id, 'active', language, to_timestamp($4::float8)
   from unnest($1::bigint[], $2::text[], $3::text[]) as m (id, coop_id, language)
   on conflict (id) do update set state = 'active', language = excluded.language, joined_at = excluded.joined_at,
     left_at = null, erasure_asked_at = null`,
)

/**
 * New members, and those who were invited or come back: a wish to be erased ends with that. Other addresses of the
 * same person become theirs.
 */
export function joinMembers({ send }: Recording, entries: readonly Entry<'member_joined'>[]): void {
  const rows = entries.toSorted((one, other) => one.member - other.member)
  const links = rows.filter(({ stepped }) => stepped.placed.siblings > 0)
  send(insertMembers, [
    rows.map(({ member }) => member),
    rows.map(({ coop }) => coop),
    rows.map(({ fact }) => fact.language),
    (rows[0]?.now ?? 0) / 1000,
  ])
  if (links.length === 0) return
  send(linkPeople, [
    links.map(({ stepped }) => stepped.placed.message.sender.personIndex),
    links.map(({ member }) => member),
  ])
}

/** Every address without a member of these people ($1) is now these members' ($2). */
const linkPeople = statement(
  'link_people',
  `update contacts set member_id = ($2::bigint[])[array_position($1::bytea[], person_index)]
   where person_index = any($1::bytea[]) and member_id is null`,
)

type Change = 'language_chosen' | 'member_left' | 'erasure_asked' | 'erasure_taken_back' | 'opted_out' | 'opted_in'

/** Changes of single members, one after the other: they are rare, and each is under its member's lock. */
export function changeMembers({ send }: Recording, entries: readonly Entry<Change>[]): void {
  for (const { fact, member, contact, now } of entries.toSorted((one, other) => one.member - other.member)) {
    if (member !== 0) send(changes[fact.fact], [member, ...argumentsOf(fact, now)])
    if (fact.fact === 'opted_out' && fact.blocked) send(setBlock, [contact, now / 1000])
    if (fact.fact === 'opted_in' && fact.unblocked) send(setBlock, [contact, null])
  }
}

function argumentsOf(fact: FactOf<Change>, now: number): (string | number)[] {
  if (fact.fact === 'language_chosen') return [fact.language]
  return fact.fact === 'erasure_taken_back' || fact.fact === 'opted_in' ? [] : [now / 1000]
}

// Each of one member ($1); some with a language, or with now ($2, in seconds).
const change = (name: Change, set: string) => statement(name, `update members set ${set} where id = $1`)
const changes: Readonly<Record<Change, Statement<unknown>>> = {
  language_chosen: change('language_chosen', 'language = $2::text'),
  member_left: change('member_left', "state = 'left', left_at = to_timestamp($2::float8)"),
  erasure_asked: change('erasure_asked', 'erasure_asked_at = to_timestamp($2::float8)'),
  erasure_taken_back: change('erasure_taken_back', 'erasure_asked_at = null'),
  opted_out: change('opted_out', 'suppressed_at = to_timestamp($2::float8)'),
  opted_in: change('opted_in', 'suppressed_at = null'),
}

/** The carrier's own block of this pair is a fact of the address ($1), whoever she is: since $2, or lifted. */
const setBlock = statement('set_block', 'update contacts set blocked_at = to_timestamp($2::float8) where id = $1')
