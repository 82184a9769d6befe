// Sends the due rows of one sender: claim, render, request, and what became of it, written only by whoever still
// holds the claim. A row that it loses on the way is found by the sweep of unclear rows; it never sends one again
// by itself.
import { sql, type UpdateObject } from 'kysely'
import { spokenWith } from '../../coop/charter/spoken.ts'
import type { Address } from '../../coop/members/address.ts'
import { unsealAddress } from '../../coop/members/contact_keys.ts'
import { failpoint } from '../../failpoint.ts'
import { KeyError } from '../../store/keys.ts'
import type { Schema } from '../../store/schema.ts'
import { whatToDo } from '../../twilio/errors.ts'
import type { Desk } from '../desk.ts'
import { onceAMinute } from '../rounds/once_a_minute.ts'
import type { Rest, Round } from '../rounds/rounds.ts'
import { type Claim, type Claimed, claim } from './claim.ts'
import { type Stranded, sendElsewhere } from './elsewhere.ts'
import { unsealBody } from './outbox.ts'
import { isStranding, type Outcome, outcomeOf, untilMoved, waiting } from './outcome.ts'
import { heed } from './reach.ts'
import { type SenderRow, slowSender, stopSender } from './senders.ts'

/** The name of a sender's round: what its bell rings. */
export const deliveryOf = (sender: string): string => `deliver ${sender}`

// Fewer and fuller claims where tokens drip in.
const shortestPauseMs = 25

/** One claim at work. */
interface Delivery {
  readonly desk: Desk
  readonly sender: SenderRow
  readonly token: string
  /** When it was begun, by this process' own clock. */
  readonly since: number
  readonly keyIsMissing: (error: KeyError) => void
}

/** The round that sends for one sender, with a bound on what is under way at once. */
export function deliveryRound(desk: Desk, sender: SenderRow): Round {
  const underWay = new Set<Promise<void>>()
  const keyIsMissing = onceAMinute((error: KeyError) => desk.log.error({ event: 'key_missing', error }))
  const start = (work: Promise<void>) => {
    const tracked = work.finally(() => underWay.delete(tracked))
    underWay.add(tracked)
  }
  const run = async (): Promise<Rest> => {
    if (underWay.size >= desk.inFlight) await Promise.race(underWay)
    const charter = desk.charters.byId(sender.coopId)
    if (!charter) return 'done'
    failpoint('before_claim')
    const night = { ...charter.quiet, timezone: charter.timezone }
    const since = performance.now()
    const isDropped = !charter.senders.some(({ address }) => address === sender.address)
    const claimed = await claim(desk.db, sender.address, night, desk.inFlight - underWay.size, isDropped)
    failpoint('after_claim')
    const delivery = { desk, sender, token: claimed.token, since, keyIsMissing }
    for (const row of claimed.rows) start(deliver(delivery, row))
    for (const row of claimed.stranded) await move(desk, row)
    return restAfter(claimed)
  }
  const drain = async () => {
    while (underWay.size > 0) await Promise.all(underWay)
  }
  return { name: deliveryOf(sender.address), everyMs: desk.timing.sweep, run, drain }
}

function restAfter({ changed, waitMs }: Claim): Rest {
  if (changed > 0) return 'more'
  return waitMs === undefined ? 'done' : { inMs: Math.max(waitMs, shortestPauseMs) }
}

/** Finds another address for one row; resolves whatever happens: it is due again in a minute. */
async function move(desk: Desk, row: Stranded): Promise<void> {
  try {
    await sendElsewhere(desk, row)
  } catch (error) {
    desk.log.error({ event: 'send_not_moved', outbox: row.id, error })
  }
}

/** Sends one claimed row; resolves whatever happens. */
async function deliver(delivery: Delivery, row: Claimed): Promise<void> {
  const { desk, sender } = delivery
  try {
    const prepared = await prepare(delivery, row)
    if (!prepared) return
    const result = await desk.carrier.send({ ...prepared, from: sender.address as Address })
    failpoint('after_send_written')
    await settle(delivery, row, outcomeOf(result, { ...row, chance: Math.random() }))
    if (result.kind === 'refused')
      desk.sayRefused({ event: 'send_refused', outbox: row.id, coop: row.coopId, code: result.code })
  } catch (error) {
    // It stays as claimed: the sweep finds it, and finds out whether it was sent.
    desk.log.error({ event: 'send_not_settled', outbox: row.id, error })
  }
}

/** What to send; nothing where the row was put back instead. */
async function prepare(delivery: Delivery, row: Claimed) {
  const { desk, since } = delivery
  try {
    const message = await messageOf(desk, row)
    // A process that was stopped for a while must not send what others think lost by now.
    if (performance.now() - since < desk.timing.sending / 2) return message
    await putBack(delivery, row, 0)
  } catch (error) {
    await setAside(delivery, row, error)
  }
  return undefined
}

async function messageOf(desk: Desk, row: Claimed) {
  const to = unsealAddress(desk.keys, row.address)
  const body = await textOf(desk, row)
  const statusCallback = `${desk.publicUrl}/twilio/status?o=${row.id}&a=${row.attempt}`
  return { to, body, statusCallback, ...validity(row) }
}

/** A row that this process cannot send: one whose key is elsewhere stays, a damaged one is given up in the end. */
async function setAside(delivery: Delivery, row: Claimed, error: unknown): Promise<void> {
  if (error instanceof KeyError) {
    delivery.keyIsMissing(error)
    return putBack(delivery, row, 60)
  }
  const { id, attempt } = row
  delivery.desk.log.error({ event: 'send_not_prepared', outbox: id, attempt, error })
  await writeOutcome(
    delivery,
    id,
    attempt >= 5 ? { state: 'failed', code: 0 } : { state: 'pending', afterSeconds: 30 },
  )
}

/** Gives the row back as if it had not been claimed. */
async function putBack(delivery: Delivery, { id, attempt }: Claimed, afterSeconds: number): Promise<void> {
  await writeOutcome(delivery, id, { state: 'pending', afterSeconds }, { attempts: attempt - 1 })
}

async function textOf(desk: Desk, row: Claimed): Promise<string> {
  if (row.body) return unsealBody(desk.keys, row.body)
  const charter = desk.charters.byId(row.coopId)
  if (row.broadcastId === null || !charter) throw new Error(`Row ${row.id} of the outbox has no text left to send`)
  return desk.texts.of(row.broadcastId, spokenWith(charter, row.language), row.channel)
}

// The carrier itself drops what it could not deliver before it lost its point; ten hours is the most it knows.
const validity = ({ channel, secondsLeft }: Claimed) =>
  channel === 'sms' ? { validitySeconds: Math.max(1, Math.min(36_000, Math.floor(secondsLeft))) } : {}

async function settle(delivery: Delivery, row: Claimed, outcome: Outcome): Promise<void> {
  failpoint('before_update')
  if (!(await writeOutcome(delivery, row.id, untilMoved(row, outcome)))) return
  failpoint('after_update')
  const { desk, sender } = delivery
  if (outcome.state === 'pending') {
    if (outcome.slow !== undefined) await slowSender(desk.db, sender.address, outcome.slow)
    if (outcome.code !== undefined && whatToDo(outcome.code).failure === 'sender_stopped')
      await stopSender(desk.db, sender.address, outcome.code)
  } else if ('code' in outcome) {
    await heed(desk.db, row.contactId, outcome.code, row.claimedAt)
    if (isStranding(row, outcome)) await sendElsewhere(desk, { ...row, verdict: outcome.state })
  }
}

/** Writes what became of a row, if it is still ours; whether it was. */
async function writeOutcome(
  { desk, token }: Delivery,
  id: number,
  outcome: Outcome,
  more: { readonly attempts?: number } = {},
): Promise<boolean> {
  const { numUpdatedRows } = await desk.db
    .updateTable('outbox')
    .set({ ...columnsOf(outcome), ...more, claim: null })
    .where('id', '=', id)
    .where('claim', '=', token)
    .where('state', '=', 'sending')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

function columnsOf(outcome: Outcome): UpdateObject<Schema, 'outbox'> {
  const { state } = outcome
  switch (state) {
    case 'accepted': {
      const { carrierId, status, rank } = outcome
      return { state, carrier_id: carrierId, status, status_rank: rank, sent_at: sql<Date>`coopline_now()` }
    }
    case 'unknown':
      return { state }
    case 'pending':
      return waiting(outcome.afterSeconds, outcome.code)
    default:
      return { state, error_code: outcome.code || null }
  }
}
