// The rows of this room.
import type { Generated } from 'kysely'

export interface ExchangeTables {
  inbound: {
    sid: string
    coop_id: string
    contact_id: number | null
    state: 'handled' | 'received' | 'given_up'
    body: Buffer | null
    person_index: Buffer | null
    turn: number | null
    reply_box: number | null
    reply_at: number | null
    received_at: Date
    states_fact: Generated<boolean>
    confirm_by: Date | null
    tries: Generated<number>
    next_try_at: Date | null
  }
  replies: { id: Generated<number>; sealed: Buffer; made_at: Date }
}
