// Two numbers that are one person become one. What she holds under the number that goes is moved to the one that
// stays; her ledger is never moved: it ends, under its own number, with the consents that were in force there.
import { type Selectable, sql, type Transaction } from 'kysely'
import { now } from '../../store/clock.ts'
import type { Db } from '../../store/database.ts'
import { lockNow, rollKey } from '../../store/locks.ts'
import type { Schema } from '../../store/schema.ts'
import { beginning, type LedgerEvent, nextEvent } from '../consents/ledger.ts'
import { readLedger } from '../consents/queries.ts'
import { versionsInOrder } from '../reports/versions.ts'
import { blankBallots, holdVotes, mergeBallots } from '../votes/ballot_queries.ts'
import { holdMembers, MemberRefused } from './queries.ts'
import type { MemberTables } from './tables.ts'

type Member = Selectable<MemberTables['members']>

export interface Merged {
  /** How many addresses were moved. */
  readonly addresses: number
  /** How many uses of data were on under the number that went, and are not on under the one that stays. */
  readonly ended: number
}

/** Merges `gone` into `keep`. Of two ballots in one vote the later counts; the kept one's consents stand. */
export function mergeMembers(db: Db, coop: string, keep: number, gone: number): Promise<Merged> {
  if (keep === gone) throw new MemberRefused(`Member ${keep} cannot be merged with herself. Name two numbers.`)
  return db.transaction().execute(async (trx) => {
    await lockNow(trx, [rollKey(coop)])
    const [kept, left] = await holdMembers(trx, coop, [keep, gone])
    const moved = left?.contacts.filter(({ is_hers }) => is_hers) ?? []
    if (!kept || moved.length === 0) {
      throw new MemberRefused(`Member ${gone} has no address that could be moved. Was she merged before?`)
    }
    if (!kept.contacts.some(({ is_hers }) => is_hers)) {
      throw new MemberRefused(
        `Member ${keep} has no address. Was she merged before? Name the number that she has now.`,
      )
    }
    await holdVotes(trx, [keep, gone])
    const at = await now(trx)
    await mergeBallots(trx, keep, gone)
    await blankBallots(trx, gone)
    await mergeReports(trx, keep, gone)
    const ended = await endLedger(trx, gone, keep, at)
    await moveMessages(trx, keep, gone)
    await moveContacts(trx, keep, gone)
    await mergeRows(trx, keep, gone, at)
    return { addresses: moved.length, ended }
  })
}

/** Reports of one key become versions of one report, in the order in which they were made. */
async function mergeReports(trx: Transaction<Schema>, keep: number, gone: number): Promise<void> {
  const reports = await trx.selectFrom('reports').selectAll().where('member_id', 'in', [keep, gone]).execute()
  const moved = versionsInOrder(reports, keep, gone)
  if (moved.length === 0) return
  await sql`
    delete from reports where member_id in (${keep}, ${gone}) and (form, key) in (
      select * from unnest(${moved.map(({ form }) => form)}::text[], ${moved.map(({ key }) => key)}::text[]))`.execute(
    trx,
  )
  const rows = moved.map((row) => ({
    ...row,
    values: JSON.stringify(row.values),
    figures: JSON.stringify(row.figures),
  }))
  for (let at = 0; at < rows.length; at += chunk)
    await trx
      .insertInto('reports')
      .values(rows.slice(at, at + chunk))
      .execute()
}

// A statement takes 65,535 parameters.
const chunk = 1_000

/**
 * The number that goes says no to whatever it had said yes to: nothing is done under it from here on. Returns to how
 * many uses the one that stays has not said yes.
 */
async function endLedger(trx: Transaction<Schema>, gone: number, keep: number, at: Date): Promise<number> {
  const events = await readLedger(trx, gone)
  const ends: LedgerEvent[] = []
  for (const event of given(events)) {
    const head = ends.at(-1) ?? events.at(-1) ?? beginning
    const { previous_hash: _, hash: __, n: ___, ...said } = event
    const note = { action: 'withdrawn' as const, message_id: `merged into ${keep}`, at }
    ends.push(nextEvent(head, { ...said, ...note, receipt: `MERGED-${gone}-${head.n + 1}` }))
  }
  if (ends.length === 0) return 0
  await trx.insertInto('consent_events').values(ends).execute()
  const still = new Set(given(await readLedger(trx, keep)).map(({ purpose }) => purpose))
  return ends.filter(({ purpose }) => !still.has(purpose)).length
}

/** The last event of each purpose, where it is a yes. */
function given(events: readonly LedgerEvent[]): LedgerEvent[] {
  const last = new Map(events.map((event) => [event.purpose, event]))
  return [...last.values()].filter(({ action }) => action === 'given')
}

// Of two rows of one broadcast the one stands that was sent, or else one that still may be, or else hers who stays: she
// is called, and not twice.
async function moveMessages(trx: Transaction<Schema>, keep: number, gone: number): Promise<void> {
  const sent = sql`('sending', 'unknown', 'accepted')`
  const lost = sql`('failed', 'unreachable', 'window_closed')`
  await sql`
    delete from outbox where member_id = ${keep} and exists (select from outbox of
      where of.broadcast_id = outbox.broadcast_id and of.member_id = ${gone}
        and (outbox.state not in ${sent} and of.state in ${sent}
          or outbox.state in ${lost} and of.state = 'pending'))`.execute(trx)
  await sql`
    update outbox set member_id = ${keep} where member_id = ${gone} and not exists (select from outbox of
      where of.broadcast_id = outbox.broadcast_id and of.member_id = ${keep})`.execute(trx)
  await trx
    .updateTable('outbox')
    .set({ state: 'silenced', body: null })
    .where('member_id', '=', gone)
    .where('state', '=', 'pending')
    .execute()
}

async function moveContacts(trx: Transaction<Schema>, keep: number, gone: number): Promise<void> {
  await trx.updateTable('contacts').set({ member_id: keep }).where('member_id', '=', gone).execute()
  await sql`
    insert into member_contacts (member_id, contact_id)
    select ${keep}, contact_id from member_contacts where member_id = ${gone} on conflict do nothing`.execute(trx)
  await trx.deleteFrom('member_contacts').where('member_id', '=', gone).execute()
}

async function mergeRows(trx: Transaction<Schema>, keep: number, gone: number, at: Date): Promise<void> {
  const members = await trx.selectFrom('members').selectAll().where('id', 'in', [keep, gone]).execute()
  const kept = members.find(({ id }) => id === keep)
  const left = members.find(({ id }) => id === gone)
  if (!kept || !left) throw new Error(`Members ${keep} and ${gone} were held and are not there`)
  await trx.updateTable('members').set(merged(kept, left)).where('id', '=', keep).execute()
  await trx
    .updateTable('members')
    .set({ state: 'left', left_at: at, joined_at: null, suppressed_at: null, erasure_asked_at: null })
    .where('id', '=', gone)
    .execute()
}

/** A wish for silence or erasure holds whichever number it was said under; so does having joined. */
function merged(kept: Member, left: Member): Partial<Member> {
  const joins = kept.state !== 'active' && left.state === 'active'
  return {
    ...(joins && { state: 'active', left_at: null }),
    joined_at: earlier(kept.joined_at, left.joined_at),
    // What she was to be answered before the last STOP is not sent.
    suppressed_at: later(kept.suppressed_at, left.suppressed_at),
    erasure_asked_at: earlier(kept.erasure_asked_at, left.erasure_asked_at),
  }
}

const earlier = (one: Date | null, other: Date | null): Date | null => inTime(one, other)[0] ?? null
const later = (one: Date | null, other: Date | null): Date | null => inTime(one, other).at(-1) ?? null
const inTime = (...dates: (Date | null)[]): Date[] =>
  dates.filter((date) => date !== null).toSorted((one, other) => one.getTime() - other.getTime())
