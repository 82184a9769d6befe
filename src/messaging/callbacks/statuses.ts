// Folds what the carrier reports of a message, in whatever order and however often, into its row: the row ends the
// same. A report also adopts a message whose id never reached us. It never sends.
import { sql, type Transaction, type UpdateObject } from 'kysely'
import type { Db } from '../../store/database.ts'
import type { Schema } from '../../store/schema.ts'
import { foldStatus, rankOf, type StatusReport } from '../../twilio/status.ts'
import type { FrontDesk } from '../desk.ts'
import { sendElsewhere } from '../outbox/elsewhere.ts'
import {
  isStranding,
  type Outcome,
  outcomeOfCode,
  type Try,
  unsent,
  untilMoved,
  waiting,
} from '../outbox/outcome.ts'
import { heed, markReachable } from '../outbox/reach.ts'
import type { OutboxState } from '../tables.ts'
import { cancelSecond, confirm, postSecond } from './unconfirmed.ts'

/** What the address of a callback says it is about. */
export interface About {
  readonly outboxId?: number
  readonly attempt?: number
  /** The message whose answer went back with the webhook. */
  readonly inboundSid?: string
}

interface Row {
  readonly id: number
  readonly coopId: string
  readonly contactId: number
  readonly memberId: number | null
  readonly broadcastId: number | null
  readonly state: OutboxState
  readonly attempts: number
  readonly errorBefore: number | null
  readonly carrierId: string | null
  readonly rank: number
  readonly sentAt: Date
}
interface Folded {
  readonly row: Row
  readonly top: StatusReport
  readonly outcome: Outcome
  /** It is told a second time. What it says of her address may have been lost the first time: her lock was busy. */
  readonly isRepeat: boolean
}

const failedRank = rankOf('failed')
const sentRank = rankOf('sent')
const deliveredRank = rankOf('delivered')

/** Takes in one report; a repeat changes nothing but what the first one could not. */
export async function recordStatus(desk: FrontDesk, report: StatusReport, about: About): Promise<void> {
  if (about.inboundSid !== undefined) return recordReply(desk, report, about.inboundSid)
  const folded = await desk.db.transaction().execute((trx) => foldIn(trx, report, about))
  if (folded) await followUp(desk, folded)
}

async function foldIn(trx: Transaction<Schema>, report: StatusReport, about: About): Promise<Folded | undefined> {
  const row = await lockRow(trx, report, about)
  const { top, isRepeat } = await foldEvents(trx, report)
  if (!row || !top || (row.carrierId !== null && row.carrierId !== report.providerId)) return undefined
  // The carrier's list, or its first answer, may have told more than this callback.
  if (row.carrierId !== null && row.rank > top.rank) return undefined
  // The failure of an earlier try says nothing of the one that is under way.
  if (row.state === 'sending' && top.rank === failedRank && (about.attempt ?? row.attempts) < row.attempts)
    return undefined
  const outcome = outcomeAfter(top, { attempt: row.attempts, errorBefore: row.errorBefore })
  if (isRepeat) return { row, top, outcome, isRepeat }
  await trx
    .updateTable('outbox')
    .set(columnsOf(top, untilMoved(row, outcome)))
    .where('id', '=', row.id)
    .execute()
  return { row, top, outcome, isRepeat }
}

// One that goes to nobody any more is of a member who was erased: nothing comes back into it.
function lockRow(trx: Transaction<Schema>, report: StatusReport, about: About): Promise<Row | undefined> {
  const rows = trx
    .selectFrom('outbox')
    .select(['id', 'coop_id as coopId', 'contact_id as contactId', 'member_id as memberId', 'state', 'attempts'])
    .select(['broadcast_id as broadcastId', 'carrier_id as carrierId', 'status_rank as rank'])
    .select('error_code as errorBefore')
    .select(sql<Date>`coalesce(claimed_at, created_at)`.as('sentAt'))
    .where('contact_id', 'is not', null)
    .$narrowType<{ contactId: number }>()
    .forUpdate()
  const one =
    about.outboxId === undefined
      ? rows.where('carrier_id', '=', report.providerId)
      : rows.where('id', '=', about.outboxId)
  return one.executeTakeFirst()
}

/**
 * Keeps the report and folds all of its message; without a top where it is outranked. Under the row's lock, so that two
 * reports at once see each other.
 */
async function foldEvents(db: Db, report: StatusReport): Promise<{ top?: StatusReport; isRepeat: boolean }> {
  const { providerId, status, errorCode } = report
  const kept = await db
    .insertInto('status_events')
    .values({ carrier_id: providerId, status, error_code: errorCode ?? null, seen_at: sql<Date>`coopline_now()` })
    .onConflict((conflict) => conflict.columns(['carrier_id', 'status']).doNothing())
    .returning('status')
    .execute()
  const events = await db.selectFrom('status_events').selectAll().where('carrier_id', '=', providerId).execute()
  const top = events
    .map((event) => ({
      providerId,
      status: event.status,
      rank: rankOf(event.status),
      ...(event.error_code !== null && { errorCode: event.error_code }),
    }))
    .reduce(foldStatus, report)
  return { ...(top.status === status && { top }), isRepeat: kept.length === 0 }
}

function outcomeAfter(top: StatusReport, tried: Omit<Try, 'chance'>): Outcome {
  const { providerId: carrierId, status, rank, errorCode } = top
  if (rank !== failedRank) return { state: 'accepted', carrierId, status, rank }
  const outcome = outcomeOfCode(errorCode ?? 0, { ...tried, chance: 0.5 })
  return outcome.state === 'unknown' ? { state: 'failed', code: errorCode ?? 0 } : outcome
}

function columnsOf(top: StatusReport, outcome: Outcome): UpdateObject<Schema, 'outbox'> {
  const now = sql<Date>`coopline_now()`
  if (outcome.state === 'pending') {
    // The next try will have another id; the reports of this one are kept where its id is.
    return { ...unsent, ...waiting(outcome.afterSeconds, top.errorCode ?? 0), claim: null }
  }
  const said = { carrier_id: top.providerId, status: top.status, status_rank: top.rank, ...errorOf(top) }
  return { ...said, state: outcome.state, claim: null, sent_at: sql<Date>`coalesce(sent_at, ${now})` }
}

// While it is on its way it may fail as the try before it did.
function errorOf({ rank, errorCode }: StatusReport): Pick<UpdateObject<Schema, 'outbox'>, 'error_code'> {
  if (rank === failedRank) return { error_code: errorCode ?? null }
  return rank >= deliveredRank ? { error_code: null } : {}
}

async function followUp(desk: FrontDesk, { row, top, outcome, isRepeat }: Folded): Promise<void> {
  if (top.rank === failedRank && !isRepeat) sayFailed(desk, top, row.coopId)
  await markContact(desk.db, row.contactId, top, row.sentAt)
  if (!isRepeat && isStranding(row, outcome)) await sendElsewhere(desk, { ...row, verdict: outcome.state })
}

async function markContact(db: Db, contactId: number, top: StatusReport, sentAt: Date): Promise<void> {
  if (top.rank >= deliveredRank) return markReachable(db, contactId)
  if (top.rank !== failedRank || top.errorCode === undefined) return
  await heed(db, contactId, top.errorCode, sentAt)
}

/** A report on an answer that went back with its webhook: it confirms it, or has it sent once more. */
async function recordReply(desk: FrontDesk, report: StatusReport, sid: string): Promise<void> {
  const inbound = await desk.db
    .selectFrom('inbound')
    .select(['coop_id', 'contact_id', 'received_at'])
    .where('sid', '=', sid)
    .executeTakeFirst()
  const told = await desk.db.transaction().execute(async (trx) => {
    await trx.selectFrom('inbound').select('sid').where('sid', '=', sid).forUpdate().execute()
    const { top: folded, isRepeat } = await foldEvents(trx, report)
    if (!folded || isRepeat) return folded && { folded, isRepeat }
    if (folded.rank >= deliveredRank) await cancelSecond(trx, sid)
    const outcome = outcomeAfter(folded, { attempt: 1, errorBefore: null })
    if (outcome.state === 'pending') await postSecond(trx, desk, sid, outcome.afterSeconds)
    else if (folded.rank >= sentRank) await confirm(trx, sid)
    return { folded, isRepeat }
  })
  if (!told || !inbound) return
  const { folded: top, isRepeat } = told
  if (top.rank === failedRank && !isRepeat) sayFailed(desk, top, inbound.coop_id)
  if (inbound.contact_id !== null) await markContact(desk.db, inbound.contact_id, top, inbound.received_at)
}

function sayFailed(desk: FrontDesk, { providerId, status, errorCode }: StatusReport, coop: string): void {
  desk.sayRefused({ event: 'message_failed', carrier: providerId, coop, status, code: errorCode ?? 0 })
}
