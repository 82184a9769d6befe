// Votes of a fault test: opened as the command line opens them.
import { sql } from 'kysely'
import { readProposal } from '../../src/coop/votes/proposal_file.ts'
import { openVote } from '../../src/coop/votes/queries.ts'
import type { FaultStage } from './stage.ts'

/** Opens a show of hands among all who are members now, and calls them. */
export async function openQuick({ db, charter }: FaultStage, slug: string): Promise<void> {
  const source = `slug: ${slug}\ntitle: { en: Pay text, hi: संदेश }\ntext: { en: Send it?, hi: भेजें? }\nkind: quick\n`
  const read = readProposal(source, charter)
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes))
  await openVote(db, { charter, motion: { ...read.proposal, slug }, measure: () => 1 })
}

/** The same, of which nobody is told: a digit is then never taken for a ballot. */
export async function openSilent(stage: FaultStage, slug: string): Promise<void> {
  await openQuick(stage, slug)
  await sql`update broadcasts set state = 'dropped' where proposal = ${slug}`.execute(stage.db)
}

/** Everybody who was there before is no member any more: the next roll is of new people. */
export const clearRoll = ({ db }: FaultStage) =>
  sql`update members set state = 'left', left_at = coopline_now() where state = 'active'`.execute(db)
