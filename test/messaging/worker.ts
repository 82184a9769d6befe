// A worker of its own process, for the tests that kill it: `node worker.ts '{"databaseUrl": …}'`.
import pino from 'pino'
import type { Applied } from '../../src/coop/charter/charter.ts'
import { armFailpoint } from '../../src/failpoint.ts'
import { deliveryOf } from '../../src/messaging/outbox/deliver.ts'
import { addMessagingRounds } from '../../src/messaging/rota.ts'
import { startRounds } from '../../src/messaging/rounds/rounds.ts'
import { openDatabase, openPool } from '../../src/store/database.ts'
import { readKeys } from '../../src/store/keys.ts'
import { everybody, makeDesk } from './worker_desk.ts'

/** What the test hands over. */
export interface Orders {
  readonly databaseUrl: string
  readonly keyFolder: string
  readonly carrierUrl: string
  readonly publicUrl: string
  readonly charter: Applied
  readonly timing: { sending: number; unclearSearch: number; unclearAgain: number; sweep: number }
  readonly failpoint?: string
}

const orders: Orders = JSON.parse(process.argv[2] ?? '{}')
if (orders.failpoint) armFailpoint(orders.failpoint)
const log = pino({ level: 'warn' })
const db = openDatabase(openPool(orders.databaseUrl, 6, log))
const rounds = startRounds([], log)
const { keyFolder, databaseUrl: _, failpoint: __, ...rest } = orders
const ringSender = (sender: string) => rounds.ring(deliveryOf(sender))
addMessagingRounds(rounds, makeDesk({ ...rest, db, log, keys: readKeys(keyFolder), ringSender }), everybody)
process.once('SIGTERM', async () => {
  await rounds.stop()
  await db.destroy()
})
