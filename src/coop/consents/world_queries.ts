// What the world shows of consents, for many members at once, and the events that a batch appends.

import { statement } from '../../store/statement.ts'
import type { Language } from '../charter/charter.ts'
import type { Consent } from './consent.ts'
import { beginning, type Head, type LedgerEvent } from './ledger.ts'

interface LatestRow {
  member_id: number
  purpose: string
  action: 'given' | 'refused' | 'withdrawn'
  notice_version: number
  notice_hash: Buffer
  language: Language
  n: number
  hash: Buffer
}

/** The last event of each purpose of these members ($1). */
export const readLatest = statement<LatestRow>(
  'consents_latest',
  `select distinct on (member_id, purpose) member_id, purpose, action, notice_version, notice_hash, language, n, hash
   from consent_events where member_id = any($1::bigint[]) order by member_id, purpose, n desc`,
)

export interface Ledger {
  readonly consents: readonly Consent[]
  readonly head: Head
  /** The hash of the notice that each purpose's last event is about. */
  readonly notices: ReadonlyMap<string, Buffer>
}
export const emptyLedger: Ledger = { consents: [], head: beginning, notices: new Map() }

const newLedger = () => ({ consents: [] as Consent[], head: beginning, notices: new Map<string, Buffer>() })

/** Those rows by member. The head of a chain is always the last event of some purpose. */
export function ledgersOf(rows: readonly LatestRow[]): Map<number, Ledger> {
  const ledgers = new Map<number, ReturnType<typeof newLedger>>()
  for (const row of rows) {
    const ledger = ledgers.get(row.member_id) ?? newLedger()
    ledgers.set(row.member_id, ledger)
    ledger.consents.push({
      purpose: row.purpose,
      on: row.action === 'given',
      version: row.notice_version,
      language: row.language,
    })
    ledger.notices.set(row.purpose, row.notice_hash)
    if (row.n > ledger.head.n) ledger.head = row
  }
  return ledgers
}

/** Appends events, each complete with its hashes. */
export const appendEvents = statement(
  'consents_append',
  `insert into consent_events (member_id, n, coop_id, action, purpose, notice_version, notice_hash, language, channel,
     message_id, receipt, at, previous_hash, hash)
   select * from unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::text[], $6::int[], $7::bytea[], $8::text[],
     $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::bytea[], $14::bytea[])`,
)

/** The columns of those events, in the statement's order. */
export const eventColumns = (events: readonly LedgerEvent[]): unknown[] =>
  columns.map((name) => events.map((event) => event[name]))

const columns = [
  'member_id',
  'n',
  'coop_id',
  'action',
  'purpose',
  'notice_version',
  'notice_hash',
  'language',
  'channel',
  'message_id',
  'receipt',
  'at',
  'previous_hash',
  'hash',
] as const satisfies readonly (keyof LedgerEvent)[]
