// Joins the tables that each room types for itself. Types only: nothing of a room is run from here.
import type { Generated } from 'kysely'
import type { CharterTables } from '../coop/charter/tables.ts'
import type { ConsentTables } from '../coop/consents/tables.ts'
import type { MemberTables } from '../coop/members/tables.ts'
import type { ReportTables } from '../coop/reports/tables.ts'
import type { VoteTables } from '../coop/votes/tables.ts'
import type { ExchangeTables } from '../exchange/tables.ts'
import type { MessagingTables } from '../messaging/tables.ts'

interface StoreTables {
  clock: { only_row: Generated<boolean>; shift: string; standing_at: Date | null }
  keys: { name: string; fingerprint: Buffer }
}

export interface Schema
  extends StoreTables,
    CharterTables,
    MemberTables,
    ConsentTables,
    ReportTables,
    VoteTables,
    ExchangeTables,
    MessagingTables {}
