// The rows of this room. `week` is a day as text, YYYY-MM-DD.
import type { JSONColumnType } from 'kysely'
import type { Values } from './values.ts'

export interface ReportTables {
  reports: {
    member_id: number
    form: string
    key: string
    version: number
    coop_id: string
    week: string
    cell: string
    values: JSONColumnType<Values>
    figures: JSONColumnType<Values>
    made_at: Date
    pool_at: Date
    message_id: string
  }
  insights: {
    coop_id: string
    form: string
    week: string
    cell: string
    median: number
    members: number
    published_at: Date
  }
}
