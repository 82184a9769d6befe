// Writes what a batch established about members themselves. Joining is common; the rest is rare and goes one by one.
import { sql } from 'kysely'
import type { FactOf } from '../../coop/facts.ts'
import { statement } from '../../store/statement.ts'
import type { Entry, Recording } from './entry.ts'

const insertMembers = statement(
  'insert_members',
  `insert into members (id, coop_id, state, language, joined_at)
   select id, coop_id, 'active', language, to_timestamp($4::float8)
   from unnest($1::bigint[], $2::text[], $3::text[]) as m (id, coop_id, language)
   on conflict (id) do update set state = 'active', language = excluded.language, joined_at = excluded.joined_at,
     left_at = null`,
)

/** New members, and those who were invited or come back. Other addresses of the same person become theirs. */
export async function joinMembers({ lane }: Recording, entries: readonly Entry<'member_joined'>[]): Promise<void> {
  const rows = entries.toSorted((one, other) => one.member - other.member)
  const links = rows.filter(({ stepped }) => stepped.placed.siblings > 0)
  await Promise.all([
    lane.ask(insertMembers, [
      rows.map(({ member }) => member),
      rows.map(({ coop }) => coop),
      rows.map(({ fact }) => fact.language),
      (rows[0]?.now ?? 0) / 1000,
    ]),
    links.length > 0 &&
      lane.ask(linkPeople, [
        links.map(({ stepped }) => stepped.placed.message.sender.personIndex),
        links.map(({ member }) => member),
      ]),
  ])
}

/** Every address without a member of these people ($1) is now these members' ($2). */
const linkPeople = statement(
  'link_people',
  `update contacts set member_id = ($2::bigint[])[array_position($1::bytea[], person_index)]
   where person_index = any($1::bytea[]) and member_id is null`,
)

type Change = 'language_chosen' | 'member_left' | 'erasure_asked' | 'opted_out' | 'opted_in'

/** Changes of single members, one after the other: they are rare, and each is under its member's lock. */
export async function changeMembers(recording: Recording, entries: readonly Entry<Change>[]): Promise<void> {
  for (const entry of entries.toSorted((one, other) => one.member - other.member)) await change(recording, entry)
}

async function change({ lane }: Recording, { fact, member, now, contact }: Entry<Change>): Promise<void> {
  const at = new Date(now)
  await changeBlock({ lane }, fact, contact, at)
  const set = changeOf(fact, at)
  if (member === 0) return
  await lane.db.updateTable('members').set(set).where('id', '=', member).execute()
}

function changeOf(fact: FactOf<Change>, at: Date) {
  switch (fact.fact) {
    case 'language_chosen':
      return { language: fact.language }
    case 'member_left':
      return { state: 'left' as const, left_at: at }
    case 'erasure_asked':
      return { erasure_asked_at: at }
    case 'opted_out':
      return { suppressed_at: sql<Date>`coalesce(suppressed_at, ${at})` }
    case 'opted_in':
      return { suppressed_at: null }
  }
}

// The carrier's own block of this pair is a fact of the address, whoever she is.
async function changeBlock(
  { lane }: Pick<Recording, 'lane'>,
  fact: FactOf<Change>,
  contact: number,
  at: Date,
): Promise<void> {
  const blocks = fact.fact === 'opted_out' && fact.blocked
  if (!blocks && !(fact.fact === 'opted_in' && fact.unblocked)) return
  await lane.db
    .updateTable('contacts')
    .set({ blocked_at: blocks ? at : null })
    .where('id', '=', contact)
    .execute()
}
