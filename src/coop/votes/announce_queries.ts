// What is laid out to be sent about a vote, and taken back again, in the transaction of whoever changes the vote. It
// sends nothing.
import { sql, type Transaction } from 'kysely'
import type { Schema } from '../../store/schema.ts'
import { dayMs } from '../calendar.ts'
import type { Vote } from './vote.ts'
import type { Broadcast } from './words.ts'

/** Lays out a broadcast to those whom it concerns. */
export const announce = (trx: Transaction<Schema>, vote: Vote, kind: Broadcast, begins: Date, expires: Date) =>
  trx
    .insertInto('broadcasts')
    .values({
      coop_id: vote.coop,
      proposal: vote.slug,
      kind,
      state: 'waiting',
      begins_at: begins,
      expires_at: expires,
      any_hour: vote.anyHour,
    })
    .execute()

const outcomeIsNewsFor = 7 * dayMs

/** Tells what came of a vote. */
export const announceOutcome = (trx: Transaction<Schema>, vote: Vote, at: number) =>
  announce(trx, vote, 'outcome', new Date(at), new Date(at + outcomeIsNewsFor))

/** Lays out no more calls to a vote. */
export const dropCalls = (trx: Transaction<Schema>, vote: Vote) =>
  broadcastsOf(trx, vote).where('state', 'in', ['waiting', 'running']).execute()

/**
 * Sends no more of what was laid out about a vote. Whether a text is on its way is settled when this returns, since it
 * waits for whoever is at one; one that fails after it is not tried again.
 */
export async function dropAll(trx: Transaction<Schema>, vote: Vote): Promise<void> {
  await broadcastsOf(trx, vote).execute()
  await sql`update outbox set state = 'expired' where state = 'pending' and broadcast_id in (
    select id from broadcasts where coop_id = ${vote.coop} and proposal = ${vote.slug})`.execute(trx)
}

const broadcastsOf = (trx: Transaction<Schema>, { coop, slug }: Vote) =>
  trx.updateTable('broadcasts').set({ state: 'dropped' }).where('coop_id', '=', coop).where('proposal', '=', slug)
