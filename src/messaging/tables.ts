// The rows of this room.
import type { Generated } from 'kysely'
import type { Language } from '../coop/charter/charter.ts'
import type { Channel } from '../coop/members/address.ts'

export type OutboxClass = 'answer' | 'reminder' | 'notice' | 'call' | 'outcome'
export type OutboxState =
  | 'pending'
  | 'sending'
  | 'accepted'
  | 'unknown'
  | 'failed'
  | 'expired'
  | 'silenced'
  | 'window_closed'
  | 'unreachable'

export interface MessagingTables {
  senders: {
    address: string
    coop_id: string
    rate: number
    tokens: number
    refilled_at: Date
    stopped_at: Date | null
    stopped_code: number | null
  }
  broadcasts: {
    id: Generated<number>
    coop_id: string
    proposal: string
    kind: 'notice' | 'call' | 'outcome'
    state: 'waiting' | 'running' | 'done' | 'dropped'
    begins_at: Date
    expires_at: Date
    any_hour: boolean
    cursor: Generated<number>
  }
  broadcast_texts: { broadcast_id: number; channel: Channel; language: Language; body: string }
  outbox: {
    id: Generated<number>
    coop_id: string
    contact_id: number | null
    contact_version: number | null
    member_id: number | null
    class: OutboxClass
    broadcast_id: number | null
    inbound_sid: string | null
    sender: string | null
    body: Buffer | null
    segments: Generated<number>
    priority: number
    state: OutboxState
    next_attempt_at: Date
    expires_at: Date
    attempts: Generated<number>
    claim: string | null
    claimed_at: Date | null
    searches: Generated<number>
    carrier_id: string | null
    status: string | null
    status_rank: Generated<number>
    error_code: number | null
    sent_at: Date | null
    created_at: Date
  }
  status_events: { carrier_id: string; status: string; error_code: number | null; seen_at: Date }
}
