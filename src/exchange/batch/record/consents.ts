// Appends the consent facts of a batch to the ledgers of their members, each after the head that was read under her
// lock.
import type { Applied } from '../../../coop/charter/charter.ts'
import { noticeHash } from '../../../coop/charter/notice.ts'
import { type LedgerEvent, nextEvent } from '../../../coop/consents/ledger.ts'
import { appendEvents, eventColumns, type Ledger } from '../../../coop/consents/world_queries.ts'
import type { Entry, Recording } from './entry.ts'

type ConsentFact = 'consent_given' | 'consent_refused' | 'consent_withdrawn'
const actions = { consent_given: 'given', consent_refused: 'refused', consent_withdrawn: 'withdrawn' } as const

/** Appends one event for each fact. A step answers one question, so no member has two of them here. */
export function recordConsents({ send, steps }: Recording, entries: readonly Entry<ConsentFact>[]): void {
  const rows = entries.toSorted((one, other) => one.member - other.member)
  const events = rows.map((entry) => eventOf(entry, steps.worlds.ledgerOf(entry.member)))
  send(appendEvents, eventColumns(events))
}

function eventOf(
  { fact, member, coop, channel, messageId, now, stepped }: Entry<ConsentFact>,
  { head, notices }: Ledger,
): LedgerEvent {
  const taken = fact.fact === 'consent_withdrawn' ? notices.get(fact.purpose) : undefined
  return nextEvent(head, {
    member_id: member,
    coop_id: coop,
    action: actions[fact.fact],
    purpose: fact.purpose,
    notice_version: fact.version,
    notice_hash: taken ?? hashOf(stepped.placed.message.charter, fact),
    language: fact.language,
    channel,
    message_id: messageId,
    receipt: fact.receipt,
    at: new Date(now),
  })
}

// The words of an applied charter never change, so each is hashed once.
const hashes = new WeakMap<Applied, Map<string, Buffer>>()

type Answered = Entry<ConsentFact>['fact']

function hashOf(charter: Applied, { purpose: id, version, language }: Answered): Buffer {
  const known = hashes.get(charter) ?? new Map<string, Buffer>()
  hashes.set(charter, known)
  const name = `${id} ${language}`
  const purpose = charter.purposes.find((each) => each.id === id && each.notice.version === version)
  if (!purpose)
    throw new Error(`charter ${charter.id} has no purpose "${id}" with notice ${version}: a step read another`)
  const hash = known.get(name) ?? Buffer.from(noticeHash(purpose, language), 'hex')
  known.set(name, hash)
  return hash
}
