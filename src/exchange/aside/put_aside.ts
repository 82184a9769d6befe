// What could not be stepped in time, or failed by itself: committed alone, its body sealed, so that it is never lost.
// The worker steps it under the same locks and answers through the outbox; after five tries it is given up. Of one
// person only the first in line is tried, and what she writes meanwhile goes behind it.
import { sql } from 'kysely'
import type pg from 'pg'
import type { Heard } from '../../conversation/heard.ts'
import type { Applied } from '../../coop/charter/charter.ts'
import type { Address } from '../../coop/members/address.ts'
import type { Log } from '../../log.ts'
import type { Db } from '../../store/database.ts'
import type { Keys } from '../../store/keys.ts'
import { seal, unseal } from '../../store/seal.ts'
import { ms, statement } from '../../store/statement.ts'
import { answersOf } from '../batch/known.ts'
import { readBoxes, readKnown } from '../batch/statements.ts'
import { type Answer, bytesOf, type Message, type TextMessage } from '../message.ts'
import { senderOf } from '../webhook/arrival.ts'

const place = 'inbound.body'
const mostTries = 5
const waitsS = [0, 5, 20, 60, 300] as const

/** What is kept of a message until it is handled. */
interface Kept {
  readonly coop: string
  readonly from: Address
  readonly to: Address
  readonly heard: Heard
  readonly inReplyTo?: string
}

// Under the name that the person goes by ($6: the address that she wrote from), since that is the line in which her
// next message will stand.
const insertReceived = statement<{ sid: string }>(
  'insert_received',
  `insert into inbound (sid, coop_id, state, body, person_index, turn, received_at, next_try_at)
   values ($1, $2, 'received', $3, coalesce((select (select person_index from contacts where id = written.same_as)
       from contacts as written where written.address_index = $6), $4), nextval('inbound_turn'),
     coopline_now() - make_interval(secs => $5::float8), coopline_now())
   on conflict (sid) do nothing returning sid`,
)

/** Why a message is put aside: its error, or it could not be stepped in time, or an older one of hers lies there. */
export type Why = Error | 'late' | 'behind'
const reasons = { late: 'it could not be stepped in time', behind: 'an older one of hers lies aside' } as const

interface Place {
  readonly pool: pg.Pool
  readonly keys: Keys
  readonly log: Log
}

/** Keeps a message, which came `agoMs` ago, for the worker. One that turns out to be handled gets the answer it got. */
export async function putAside(at: Place, message: Message, why: Why, agoMs: number): Promise<Answer> {
  const error = why instanceof Error ? why : undefined
  if (message.kind === 'clock') throw error ?? new Error('a contact could not be woken in time')
  if (message.source === 'put_aside')
    throw error ?? new Error('a message that was put aside could not be stepped in time')
  const { pool, keys, log } = at
  const { rowCount } = await pool.query(insertReceived.text, [
    message.sid,
    message.sender.coop,
    seal(keys, JSON.stringify(keptOf(message)), place),
    bytesOf(message.sender.personIndex),
    agoMs / 1000,
    bytesOf(message.sender.addressIndex),
  ])
  const reason = why instanceof Error ? `${why.name}: ${why.message}` : reasons[why]
  log[error ? 'error' : 'warn']({ event: 'message_put_aside', sid: message.sid, reason })
  return rowCount === 1 ? { end: 'put_aside' } : answerBefore(at, message.sid)
}

async function answerBefore(at: Place, sid: string): Promise<Answer> {
  const { pool } = at
  const { rows } = await pool.query(readKnown.text, [[sid], []])
  const known = await answersOf(at, rows, async (boxes) => (await pool.query(readBoxes.text, [boxes])).rows)
  return known.get(sid)?.answer ?? { end: 'put_aside' }
}

const keptOf = ({ sender, heard, inReplyTo }: TextMessage): Kept => ({
  coop: sender.coop,
  from: sender.address,
  to: sender.to,
  heard,
  ...(inReplyTo !== undefined && { inReplyTo }),
})

export interface Due {
  readonly sid: string
  readonly coop_id: string
  readonly body: Buffer | null
  readonly tries: number
  readonly received_at: number
}

/**
 * The messages that are first in their line and due for a try; each is counted before it is tried, so that a crash
 * counts too.
 */
export async function takeDue(db: Db, most: number): Promise<Due[]> {
  const { rows } = await sql<Due>`
    update inbound set tries = tries + 1, next_try_at = coopline_now() + make_interval(secs =>
      (${[...waitsS]}::int[])[least(tries + 2, ${waitsS.length})])
    where sid in (
      select sid from inbound as one where state = 'received' and next_try_at <= (select coopline_now())
        and not exists (select from inbound as older where older.state = 'received'
          and older.person_index = one.person_index and older.turn < one.turn)
      order by next_try_at limit ${most} for update of one skip locked)
    returning sid, coop_id, body, tries, ${sql.raw(ms('received_at'))} as received_at`.execute(db)
  return rows
}

/** Puts a due message back as if it had not been tried, for so many seconds. */
export async function notTried(db: Db, sid: string, seconds: number): Promise<void> {
  await sql`
    update inbound set tries = tries - 1, next_try_at = coopline_now() + make_interval(secs => ${seconds})
    where sid = ${sid} and state = 'received'`.execute(db)
}

/** The message of such a row, to be stepped as any other. */
export function messageOf(keys: Keys, row: Due, charterOf: (coop: string) => Applied | undefined): TextMessage {
  const kept = JSON.parse(unseal(keys, row.body ?? Buffer.alloc(0), place)) as Kept
  const charter = charterOf(kept.coop)
  if (!charter) throw new Error(`co-op "${kept.coop}" has no charter any more`)
  return {
    kind: 'text',
    source: 'put_aside',
    sid: row.sid,
    sender: senderOf(keys, charter.id, kept.from, kept.to),
    charter,
    heard: { ...kept.heard, writtenAt: row.received_at },
    found: undefined,
    ...(kept.inReplyTo !== undefined && { inReplyTo: kept.inReplyTo }),
  }
}

export const isLastTry = (row: Due): boolean => row.tries >= mostTries
