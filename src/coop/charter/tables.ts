// The rows of this room.
import type { Generated } from 'kysely'

export interface CharterTables {
  charters: { coop_id: string; version: number; source: string; applied_at: Generated<Date> }
}
