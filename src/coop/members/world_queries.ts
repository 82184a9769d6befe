// What the world shows of all that the co-op holds of a member, for many members at once: numbers alone, over all time.

import { statement } from '../../store/statement.ts'
import type { Held } from './member.ts'

/** How many reports and ballots are held of these members ($1). Ballots have no index by member: rolls lead to them. */
export const readHeld = statement<Held & { member_id: number }>(
  'held',
  `select member_id,
     (select count(*) from (select distinct form, key from reports r where r.member_id = hers.member_id) as r)::int
       as reports,
     (select count(*) from roll r where r.member_id = hers.member_id and exists (select from ballots b
       where b.coop_id = r.coop_id and b.proposal = r.proposal and b.member_id = r.member_id))::int as ballots
   from unnest($1::bigint[]) as hers (member_id)`,
)
