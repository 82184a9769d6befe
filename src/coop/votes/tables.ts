// The rows of this room.
import type { JSONColumnType } from 'kysely'
import type { Words } from '../charter/charter.ts'
import type { Outcome, Rule } from './tally.ts'

export interface VoteTables {
  proposals: {
    coop_id: string
    slug: string
    kind: string
    charter_version: number
    title: JSONColumnType<Words>
    text: JSONColumnType<Words>
    more: JSONColumnType<Words> | null
    options: JSONColumnType<Words[]>
    rule: JSONColumnType<Rule>
    binding: boolean
    any_hour: boolean
    roll_count: number
    quorum: number
    status: 'notice' | 'open' | 'closed'
    noticed_at: Date
    opens_at: Date
    closes_at: Date
    closed_at: Date | null
    closed_by: string | null
    outcome: JSONColumnType<Outcome> | null
  }
  roll: { coop_id: string; proposal: string; member_id: number }
  ballots: {
    coop_id: string
    proposal: string
    member_id: number
    option: number
    cast_at: Date
    message_id: string
  }
}
