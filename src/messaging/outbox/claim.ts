// Takes due rows of one sender for this process to send, in one statement: it fills the sender's bucket, holds
// every fence, takes the segments and marks the rows. What it claims nobody else sends; what it does not claim it
// settles.
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { keepsCallsAwayMs, keepsLastCallsAwayMs, lastCallsMs } from '../../conversation/step/late.ts'
import type { Language } from '../../coop/charter/charter.ts'
import { hasVoted } from '../../coop/votes/ballot_queries.ts'
import type { Db } from '../../store/database.ts'
import { codesOf } from '../../twilio/errors.ts'
import type { OutboxClass } from '../tables.ts'
import type { Stranded } from './elsewhere.ts'
import { priorities } from './outbox.ts'

/** The co-op's night, in which we begin nothing. */
export interface Night {
  readonly from: string
  readonly to: string
  readonly timezone: string
}

/** A row that is this process' to send, until its claim is lost. */
export interface Claimed {
  readonly id: number
  readonly coopId: string
  readonly class: OutboxClass
  readonly contactId: number
  readonly memberId: number | null
  readonly broadcastId: number | null
  readonly body: Buffer | null
  readonly attempt: number
  readonly errorBefore: number | null
  readonly claimedAt: Date
  /** Seconds for which it is still worth arriving. */
  readonly secondsLeft: number
  readonly address: Buffer
  readonly channel: 'sms' | 'whatsapp'
  readonly language: Language | null
}

export interface Claim {
  readonly token: string
  readonly rows: readonly Claimed[]
  /** Those of broadcasts that cannot go to their contact now, or not from this sender: another way must be found. */
  readonly stranded: readonly (Claimed & Stranded)[]
  /** How many rows were changed: where none, nothing can be done for `waitMs`, or until a bell. */
  readonly changed: number
  readonly waitMs: number | undefined
}

interface Summary {
  readonly wait_ms: number | null
}
type Row = Summary & Claimed & { readonly verdict: Verdict | null; readonly moves: boolean }
type Verdict = 'go' | 'asking' | 'night' | 'expired' | Stranded['verdict']

/** Claims up to `limit` rows of a sender; of one that the charter has dropped those alone that belong to it. */
export async function claim(
  db: Db,
  sender: string,
  night: Night,
  limit: number,
  isDropped = false,
): Promise<Claim> {
  const token = randomUUID()
  const { rows } = await claimStatement(sender, night, limit, token, isDropped).execute(db)
  const changed = rows.filter((row) => row.verdict !== null)
  const waitMs = rows[0]?.wait_ms ?? undefined
  return {
    token,
    rows: changed.filter((row) => row.verdict === 'go'),
    stranded: changed.filter(isStranded),
    changed: changed.length,
    waitMs: waitMs === undefined ? undefined : Math.ceil(waitMs),
  }
}

// A broadcast may find another address of hers; everything else belongs to the one that it was made for.
function isStranded(row: Row): row is Row & Stranded {
  return row.moves && row.verdict !== null && !['go', 'asking', 'night', 'expired'].includes(row.verdict)
}

/** The statement of a claim, for whoever wants to see its plan. */
export function claimStatement(sender: string, night: Night, limit: number, token: string, isDropped = false) {
  return sql<Row>`
    with sender as materialized (
      select address, rate, tokens, refilled_at from senders
      where address = ${sender} and (stopped_at is null or stopped_at < clock_timestamp() - interval '5 minutes')
      for update
    ), bucket as materialized (${bucket(night)}
    ), due as materialized (${due(limit)}
    ), judged as materialized (${judged(isDropped)}
    ), queued as materialized (
      select judged.*, greatest(bucket.rate, max(segments) over ()) as most,
        row_number() over line as place, sum(case when verdict = 'go' then segments else 0 end) over line as running
      from judged, bucket window line as (order by priority, next_attempt_at, id)
    ), changed as (${changes(token)}
    ), paid as (
      update senders set refilled_at = bucket.tick,
        stopped_at = case when spent.cost = 0 then stopped_at end,
        stopped_code = case when spent.cost = 0 then stopped_code end,
        tokens = least(bucket.filled, greatest(bucket.rate, (select max(most) from queued))) - spent.cost
      from bucket, (select coalesce(sum(cost), 0) as cost from changed) as spent
      where senders.address = bucket.address
    )
    select ${wait} as wait_ms, changed.* from bucket left join changed on true order by changed.place`
}

// The carrier counts by real time, which a moved clock does not move: hence clock_timestamp, read after the lock.
const bucket = (night: Night) => sql`
      select *, tokens + rate * greatest(0, extract(epoch from tick - refilled_at))::real as filled,
        case when asleep then (here::date + case when here::time < wakes then 0 else 1 end + wakes)
          at time zone ${night.timezone} end as wakes_at
      from (select *, case when sleeps <= wakes then here::time >= sleeps and here::time < wakes
          else here::time >= sleeps or here::time < wakes end as asleep
        from (select sender.*, clock_timestamp() as tick, instant.now,
            instant.now at time zone ${night.timezone} as here,
            ${night.from}::time as sleeps, ${night.to}::time as wakes
          from sender, (select coopline_now() as now from sender offset 0) as instant offset 0) as timed) as night`

// One priority after the other, each straight from its place in the index: rows that wait for later cost nothing.
const due = (limit: number) => sql`
      select waiting.* from bucket, unnest(${priorities}::smallint[]) as level, lateral (
        select id, coop_id, class, contact_id, contact_version, member_id, broadcast_id, body, segments, priority,
          attempts, expires_at, next_attempt_at, created_at
        from outbox where sender = bucket.address and state = 'pending' and priority = level
          and next_attempt_at <= bucket.now
        order by next_attempt_at limit ${limit} for update skip locked) as waiting
      order by waiting.priority, waiting.next_attempt_at limit ${limit}`

const interval = (ms: number) => sql`make_interval(secs => ${sql.lit(ms / 1000)})`

// What a reminder is about is open as long as nothing has happened to her contact since.
const answered = sql`(due.contact_version <> contacts.version
              or (due.contact_version is not null and contacts.same_as is not null))`

// While her call waited, she may have found the vote by herself.
const voted = hasVoted({ coop: 'due.coop_id', proposal: 'broadcasts.proposal', member: 'due.member_id' })

// A Date holds no microseconds: the answer to her STOP is not earlier than that.
const suppressedAt = sql`date_trunc('milliseconds', members.suppressed_at)`

const moves = sql`(due.broadcast_id is not null and members.suppressed_at is null
          and coalesce(members.state, 'erased') not in ('left', 'erased'))`

// The contact's row says until when her question keeps calls away; a last call it keeps away for less long.
const judged = (isDropped: boolean) => sql`
      select due.*, contacts.address, contacts.channel, contacts.asking_until, members.language,
        case
          when due.expires_at <= now or broadcasts.state = 'dropped'
            or (due.class = 'call' and (proposals.status = 'closed' or ${voted})) or ${answered} then 'expired'
          when due.class <> 'answer'
            and (members.suppressed_at is not null or members.state in ('left', 'erased')) then 'silenced'
          when due.class = 'answer' and due.created_at < ${suppressedAt} then 'silenced'
          when contacts.id is null then 'unreachable'
          when contacts.blocked_at is not null then 'silenced'
          when ${moves} and (${isDropped} or contacts.channel <> split_part(bucket.address, ':', 1)) then 'senderless'
          when contacts.channel = 'whatsapp'
            and (coalesce(contacts.last_inbound_at, '-infinity') <= now - interval '24 hours'
              or contacts.unreachable_code = any(${codesOf('outside_window')})) then 'window_closed'
          when due.class <> 'answer' and contacts.unreachable_code is not null then 'unreachable'
          when due.broadcast_id is not null and contacts.asking_until > now
            + case when now < due.expires_at - ${interval(lastCallsMs)} then interval '0'
              else ${interval(keepsCallsAwayMs - keepsLastCallsAwayMs)} end
            then 'asking'
          when due.class <> 'answer' and asleep and not coalesce(broadcasts.any_hour, false)
            then case when wakes_at < due.expires_at then 'night' else 'expired' end
          else 'go'
        end as verdict,
        ${moves} as moves
      from due cross join bucket
      left join contacts on contacts.id = due.contact_id
      left join members on members.id = due.member_id
      left join broadcasts on broadcasts.id = due.broadcast_id
      left join proposals on (proposals.coop_id, proposals.slug) = (broadcasts.coop_id, broadcasts.proposal)`

// A stranded row keeps its state, out of the way for a minute in which another address is found for it. Who has an
// open question is looked at again soon, since she may answer it at any moment.
const changes = (token: string) => sql`
      update outbox set
        state = case when verdict = 'go' then 'sending' when verdict in ('asking', 'night') or moves and
          verdict <> 'expired' then 'pending' else verdict end,
        next_attempt_at = case when verdict = 'go' then outbox.next_attempt_at
          when verdict = 'night' then wakes_at
          when verdict = 'asking' then least(asking_until, now + interval '3 seconds')
          else now + interval '1 minute' end,
        attempts = outbox.attempts + (verdict = 'go')::int,
        claim = case when verdict = 'go' then ${token}::uuid end,
        claimed_at = case when verdict = 'go' then now end
      from queued, bucket
      where outbox.id = queued.id and (verdict <> 'go' or running <= least(filled, most))
      returning outbox.id, outbox.coop_id as "coopId", outbox.class, outbox.contact_id as "contactId",
        outbox.member_id as "memberId", outbox.broadcast_id as "broadcastId", outbox.body,
        outbox.attempts as attempt, outbox.error_code as "errorBefore", bucket.now as "claimedAt",
        queued.address, queued.channel,
        extract(epoch from outbox.expires_at - now)::float8 as "secondsLeft",
        queued.language, queued.verdict, queued.moves, queued.place,
        case when verdict = 'go' then queued.segments else 0 end as cost`

const wait = sql`coalesce(
      (select min((running - least(filled, most)) / bucket.rate * 1000) from queued
        where verdict = 'go' and running > least(filled, most)),
      (select extract(epoch from min(later.at) - bucket.now) * 1000 from unnest(${priorities}::smallint[]) as level,
        lateral (select next_attempt_at as at from outbox where sender = bucket.address and state = 'pending'
          and priority = level and next_attempt_at > bucket.now
          order by next_attempt_at limit 1) as later))::float8`
