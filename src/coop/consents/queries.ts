// Reads the ledger of consent from Postgres, whole chains of it. It never writes.
import type { Db } from '../../store/database.ts'
import { type LedgerEvent, verifyChain } from './ledger.ts'

/** One member's events, oldest first. */
export const readLedger = (db: Db, member: number): Promise<LedgerEvent[]> =>
  db.selectFrom('consent_events').selectAll().where('member_id', '=', member).orderBy('n').execute()

/** A chain that does not hold: whose, and from which event on. */
export interface BrokenChain {
  readonly member: number
  readonly event: number
}

/** Checks every chain of a co-op; names those that do not hold. */
export async function verifyLedger(db: Db, coop: string): Promise<{ chains: number; broken: BrokenChain[] }> {
  const broken: BrokenChain[] = []
  let chains = 0
  for (let after = 0; ; ) {
    const members = await membersAfter(db, coop, after)
    for (const member of members) {
      const event = verifyChain(await readLedger(db, member)).broken
      if (event !== undefined) broken.push({ member, event })
    }
    chains += members.length
    const last = members.at(-1)
    if (last === undefined) return { chains, broken }
    after = last
  }
}

const pageOfMembers = 500

async function membersAfter(db: Db, coop: string, after: number): Promise<number[]> {
  const rows = await db
    .selectFrom('consent_events')
    .select('member_id')
    .distinct()
    .where('coop_id', '=', coop)
    .where('member_id', '>', after)
    .orderBy('member_id')
    .limit(pageOfMembers)
    .execute()
  return rows.map((row) => row.member_id)
}
