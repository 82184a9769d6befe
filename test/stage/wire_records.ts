// The picture of what is kept, read from Postgres in one statement.
import { sql } from 'kysely'
import { missed } from '../../src/messaging/broadcast/missed.ts'
import type { Db } from '../../src/store/database.ts'
import type { Records } from './records.ts'

type Member = Records['members'][number]
interface Row {
  readonly picture: Omit<Records, 'members'> & {
    /** `person` is her person index in hex. */
    readonly members: readonly Member[]
  }
}

const rowsOf = (query: ReturnType<typeof sql>) =>
  sql`(select coalesce(json_agg(row_to_json(r)), '[]'::json) from (${query}) as r)`

/** What is kept; `nameOf` knows people by their index. */
export async function readPicture(db: Db, nameOf: (personIndex: string) => string | null): Promise<Records> {
  const { rows } = await sql<Row>`select json_build_object(
    'members', ${rowsOf(members)}, 'consents', ${rowsOf(consents)}, 'reports', ${rowsOf(reports)},
    'ballots', ${rowsOf(ballots)}, 'votes', ${rowsOf(votes)}, 'strangersBlocked',
    (select count(*) from contacts where member_id is null and blocked_at is not null)) as picture`.execute(db)
  const picture = rows[0]?.picture
  if (!picture) throw new Error('Postgres gave no picture of what is kept')
  const named = picture.members.map((member) => ({ ...member, person: member.person && nameOf(member.person) }))
  return { ...picture, members: named }
}

const members = sql`
  select id as number, state, language, suppressed_at is not null as suppressed,
    erasure_asked_at is not null as "erasureAsked",
    (select count(*) from contacts where member_id = members.id and blocked_at is not null) as blocked,
    (select encode(person_index, 'hex') from contacts where member_id = members.id order by id limit 1) as person
  from members order by id`
const consents = sql`
  select member_id as member, n, action, purpose, notice_version as version, language
  from consent_events order by member_id, n`
const reports = sql`
  select member_id as member, form, key, version, values from reports order by made_at, member_id,
    pool_at, key, version`
const ballots = sql`
  select member_id as member, proposal, option, extract(epoch from cast_at) as "castAt"
  from ballots order by cast_at, member_id`
const votes = sql`
  select slug, options, status, roll_count as roll, outcome from proposals order by noticed_at, slug`

/** The next instant at which a worker has something to do; milliseconds since 1970, rounded up. */
export async function nextDue(db: Db): Promise<number | undefined> {
  const { rows } = await sql<{ due: number | null }>`
    select ceil(extract(epoch from min(at)) * 1000)::float8 as due from (
      select wake_at as at from contacts
      union all select begins_at from broadcasts where state in ('waiting', 'running')
      union all select case status when 'notice' then opens_at else closes_at end from proposals
        where status <> 'closed'
      union all select confirm_by from inbound where confirm_by is not null
      union all select coopline_now() from (${missed}) as missed
      union all select next_attempt_at from outbox where state = 'pending') as instants`.execute(db)
  return rows[0]?.due ?? undefined
}
