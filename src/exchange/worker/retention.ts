// Forgets what has been kept long enough: replies and bodies after a week, callbacks after three months, after thirteen
// the ids of messages and whoever wrote to a co-op and never joined, and reports when the charter says. It takes a few
// thousand rows at a time, so that nobody waits for it.
import { type RawBuilder, sql } from 'kysely'
import { dayMs } from '../../coop/calendar.ts'
import { earlierCharters } from '../../coop/charter/queries.ts'
import { now } from '../../store/clock.ts'
import type { Db } from '../../store/database.ts'
import { personKeySql } from '../../store/locks.ts'

const days = { words: 7, callbacks: 90, ids: 400 } as const
const chunk = 5_000
// Each takes a lock, and Postgres has room for about six thousand.
const fewer = 500

export interface Forgotten {
  /** Boxes of them. */
  readonly replies: number
  readonly bodies: number
  readonly callbacks: number
  /** Those that came in and those that we sent. */
  readonly messages: number
  readonly strangers: number
  readonly reports: number
}

/** Forgets what is due; `since` spares it the rows that an earlier round has been over. */
export async function forget(db: Db, since?: Date): Promise<Forgotten> {
  const at = await now(db)
  const before = (age: keyof typeof days) => new Date(at.getTime() - days[age] * dayMs)
  const from = since ? new Date(since.getTime() - days.words * dayMs) : new Date(0)
  return {
    replies: await inChunks(db, (size) => replies(before('words'), size)),
    bodies:
      (await inChunks(db, (size) => putAside(before('words'), size))) +
      (await inChunks(db, (size) => unsent(at, size))) +
      (await inChunks(db, (size) => unsettled(before('words'), size))) +
      (await inChunks(db, (size) => outbound(before('words'), from, size))),
    callbacks: await inChunks(db, (size) => callbacks(before('callbacks'), size)),
    messages:
      (await inChunks(db, (size) => messages(before('ids'), size))) +
      (await inChunks(db, (size) => sent(before('ids'), size))),
    strangers: await inChunks(db, (size) => strangers(before('ids'), size), fewer),
    reports: await forgetReports(db, at),
  }
}

// Each form as the last charter had it that had it: what was reported by one that is gone does not stay for ever.
async function forgetReports(db: Db, at: Date): Promise<number> {
  const every = (await earlierCharters(db)).flatMap(({ id: coop, forms }) =>
    forms.map(({ id: form, kept }) => ({ coop, form, kept })),
  )
  let sum = 0
  for (const { coop, form, kept } of new Map(every.map((each) => [`${each.coop} ${each.form}`, each])).values()) {
    if (kept === undefined) continue
    const before = new Date(at.getTime() - kept * 1000)
    sum += await inChunks(db, (size) => reports(coop, form, before, size))
  }
  return sum
}

// No report is of a day after the one on which it came: the week leads to it by the index.
const reports = (coop: string, form: string, before: Date, size: number) => sql`
  delete from reports where ctid = any(array(
    select ctid from reports where coop_id = ${coop} and form = ${form} and made_at < ${before}
      and week <= ${before}::timestamptz::date + 1 limit ${size} for update skip locked))`

// The rows of their messages stay as they are: whoever looks for the reply of one finds none. Locked in the order of
// an erasure, which may hold several.
const replies = (before: Date, size: number) => sql`
  delete from replies where id in (
    select id from replies where id = any(array(select id from replies where made_at < ${before} limit ${size}))
    order by id for update)`

const putAside = (before: Date, size: number) => sql`
  update inbound set state = 'given_up', body = null, person_index = null, next_try_at = null where sid in (
    select sid from inbound where state = 'received' and received_at < ${before} limit ${size} for update skip locked)`

// Its sender may have been stopped, or taken out of the charter: then no claim finds out that its time is over.
const unsent = (at: Date, size: number) => sql`
  update outbox set state = 'expired', body = null where id in (
    select id from outbox where state = 'pending' and expires_at <= ${at} limit ${size} for update skip locked)`

// After a week in which no worker ran: whoever would have found out what became of it was not there either.
const unsettled = (before: Date, size: number) => sql`
  update outbox set state = 'failed', claim = null, body = null where id in (
    select id from outbox where state in ('sending', 'unknown') and created_at < ${before} and body is not null
    limit ${size} for update skip locked)`

// Where `from` spares later rounds the rows of this one, a row in somebody's hands is waited for: passed over now, it
// would be passed over for ever.
const outbound = (before: Date, from: Date, size: number) => sql`
  update outbox set body = null where id in (
    select id from outbox where created_at >= ${from} and created_at < ${before} and body is not null
      and state not in ('pending', 'sending', 'unknown') limit ${size} for update)`

const callbacks = (before: Date, size: number) => sql`
  delete from status_events where (carrier_id, status) in (
    select carrier_id, status from status_events where seen_at < ${before} limit ${size} for update skip locked)`

const messages = (before: Date, size: number) => sql`
  delete from inbound where sid in (
    select sid from inbound where received_at < ${before} and state <> 'received' limit ${size} for update skip locked)`

const sent = (before: Date, size: number) => sql`
  delete from outbox where id in (
    select id from outbox where created_at < ${before} and state not in ('pending', 'sending', 'unknown')
    limit ${size} for update skip locked)`

// Under her lock, and looked at once more: she may write at this moment. Who has said STOP stays: it is a wish. Another
// name of hers goes first, and she in the next round.
const strangers = (before: Date, size: number) => sql`
  with old as materialized (
    select id, person_index from contacts where ${isStranger('contacts', before)}
      and not exists (select from contacts as other where other.same_as = contacts.id)
      and (same_as is null or exists (select from contacts as named where named.id = contacts.same_as
        and ${isStranger('named', before)})) limit ${size}),
  held as materialized (
    select id from old where pg_try_advisory_xact_lock(${sql.raw(personKeySql('person_index'))}))
  delete from contacts using held where contacts.id = held.id and ${isStranger('contacts', before)}`

const isStranger = (row: 'contacts' | 'named', before: Date) => {
  const column = (name: string) => sql.ref(`${row}.${name}`)
  return sql`${column('member_id')} is null and ${column('blocked_at')} is null
      and ${column('last_inbound_at')} < ${before}`
}

async function inChunks(db: Db, statement: (size: number) => RawBuilder<unknown>, size = chunk): Promise<number> {
  for (let sum = 0; ; ) {
    const { numAffectedRows: rows = 0n } = await statement(size).execute(db)
    sum += Number(rows)
    if (rows < size) return sum
  }
}
