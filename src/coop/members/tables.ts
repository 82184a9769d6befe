// The rows of this room. Instants come as Date, bytea as Buffer, bigint as number.
import type { Generated } from 'kysely'
import type { Language } from '../charter/charter.ts'

export interface MemberTables {
  members: {
    id: Generated<number>
    coop_id: string
    state: 'invited' | 'active' | 'left' | 'erased'
    language: Language
    joined_at: Date | null
    left_at: Date | null
    suppressed_at: Date | null
    erasure_asked_at: Date | null
  }
  contacts: {
    id: Generated<number>
    coop_id: string
    address_index: Buffer
    person_index: Buffer
    address: Buffer
    channel: 'sms' | 'whatsapp'
    /** Who speaks here. */
    member_id: number | null
    same_as: number | null
    sender: string | null
    version: Generated<number>
    snapshot: Buffer | null
    last_inbound_at: Date | null
    asking_until: Date | null
    wake_at: Date | null
    blocked_at: Date | null
    unreachable_code: number | null
  }
  /** Where each member is reached: a member at several addresses, and the tables carry several members at one. */
  member_contacts: { member_id: number; contact_id: number }
}
