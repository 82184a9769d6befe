// What goes wrong on a lane: writes that nobody waits for any more end no process.
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { newSession } from '../../../../src/conversation/session.ts'
import { addressOn } from '../../../../src/coop/members/address.ts'
import { record } from '../../../../src/exchange/batch/record/record.ts'
import type { Stepped, Steps } from '../../../../src/exchange/batch/stepped.ts'
import type { ClockMessage } from '../../../../src/exchange/message.ts'
import { openSessions } from '../../../../src/exchange/sessions.ts'
import { senderOf } from '../../../../src/exchange/webhook/arrival.ts'
import { machine } from '../../../../src/messaging/machine.ts'
import { openLane } from '../../../../src/store/lane.ts'
import { bySms, type ExchangeStage, exchangeStage, join, newPhone, type Web } from '../../stage.ts'

let stage: ExchangeStage
let web: Web
beforeAll(async () => {
  stage = await exchangeStage()
  web = await stage.open()
})
afterAll(() => stage.end())

test('writes of a batch that fails while it is recorded are heard, also where their connection is gone', async () => {
  const unheard: unknown[] = []
  const hear = (reason: unknown) => unheard.push(reason)
  process.on('unhandledRejection', hear)
  onTestFinished(() => void process.off('unhandledRejection', hear))
  const lane = await openLane(stage.databaseUrl, () => {})
  await lane.close()
  const { keys, charter } = stage
  const sender = senderOf(keys, charter.id, addressOn('sms', newPhone()), addressOn('sms', bySms))
  const message: ClockMessage = { kind: 'clock', sender, charter, found: undefined }
  await join(web, newPhone())
  const { rows } = await sql<never>`select id, version from contacts limit 1`.execute(stage.db)
  const contact = rows[0]
  if (!contact) throw new Error('nobody is there')
  const placed = { message, contact, memberId: 1, siblings: 0, blocked: false, session: newSession, lost: false }
  const fact = { fact: 'consent_given', purpose: 'none-such', version: 1, language: 'en', receipt: 'A' } as const
  const step: Stepped['step'] = { session: newSession, facts: [fact], replies: [], language: 'en' }
  const steps: Steps = {
    stepped: [{ placed, step, text: '', now: 0 }],
    failed: [],
    waiting: [],
    worlds: {
      now: 0,
      ledgerOf: () => ({ head: { n: 0, hash: Buffer.alloc(32) }, consents: [], notices: new Map() }),
      contactOf: () => 1,
      isClosing: () => false,
      worldOf: () => {
        throw new Error('nobody steps here')
      },
    },
  }
  const exchange = { keys, machine, sessions: openSessions(undefined), log: web.parts.log, confirmMs: 1 }
  expect(() => record(lane, exchange, steps)).toThrow('no purpose "none-such"')
  await expect(lane.rollback()).rejects.toThrow()
  await new Promise((resolve) => setTimeout(resolve))
  expect(unheard).toEqual([])
})
