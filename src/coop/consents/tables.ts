// The rows of this room.
import type { Language } from '../charter/charter.ts'

export interface ConsentTables {
  consent_events: {
    member_id: number
    n: number
    coop_id: string
    action: 'given' | 'refused' | 'withdrawn'
    purpose: string
    notice_version: number
    notice_hash: Buffer
    language: Language
    channel: 'sms' | 'whatsapp'
    message_id: string
    receipt: string
    at: Date
    previous_hash: Buffer
    hash: Buffer
  }
}
