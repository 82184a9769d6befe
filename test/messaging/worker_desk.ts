// What a worker of the tests stands on, in the test's own process or in one that it kills.
import { sql } from 'kysely'
import type { Applied } from '../../src/coop/charter/charter.ts'
import type { Recipients } from '../../src/messaging/broadcast/broadcast.ts'
import { openTexts } from '../../src/messaging/broadcast/texts.ts'
import type { Desk } from '../../src/messaging/desk.ts'
import { refusalsIn } from '../../src/messaging/outbox/refusals.ts'
import { createCarrier } from '../../src/twilio/client.ts'

export const account = {
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: 'a-token',
  apiKey: `SK${'0'.repeat(32)}`,
  apiSecret: 'a-secret',
}

export const quick = { sending: 1100, unclearSearch: 700, unclearAgain: 1000, sweep: 50 }

/** Whoever is active when it is asked: what a roll is to a vote. */
export const everybody: Recipients = ({ coopId }) =>
  sql`select id as member_id from members where coop_id = ${coopId} and state = 'active'`

type Given = Pick<Desk, 'db' | 'keys' | 'log' | 'publicUrl' | 'timing' | 'ringSender'> & {
  readonly charter: Applied
  readonly carrierUrl: string
}

export function makeDesk({ charter, carrierUrl, ...given }: Given): Desk {
  const charters = { current: () => [charter], byId: (coop: string) => (coop === charter.id ? charter : undefined) }
  const { accountSid, apiKey, apiSecret } = account
  const carrier = createCarrier({ accountSid, apiKey, apiSecret, apiBase: carrierUrl, timeoutMs: 800 })
  const texts = openTexts(
    given.db,
    charters,
    async ({ kind, proposal }) => [
      { flow: 'broadcast', node: kind, text: 'text', gaps: { slug: proposal }, offers: [] },
    ],
    (replies, { language }) => replies.map(({ node, gaps }) => `${node} ${gaps.slug} ${language}`).join('\n'),
  )
  return { ...given, charters, carrier, texts, sayRefused: refusalsIn(given.log), inFlight: 8 }
}
