// Workers in processes of their own that are killed where a call is to be moved, or its fate is unclear, or at any
// instant: no one is missed and no one is called twice. The steps of sending one by one are in faults/worker_kills.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { addressOn } from '../../src/coop/members/address.ts'
import { moveClock } from '../../src/store/clock.ts'
import { compiled } from '../stage/compiled.ts'
import {
  bySms,
  callAll,
  countsOf,
  join,
  joinMany,
  type MessagingStage,
  messagingStage,
  nextPhone,
  outboxOf,
  until,
} from './stage.ts'
import type { Orders } from './worker.ts'
import { quick } from './worker_desk.ts'

const script = path.join(import.meta.dirname, 'worker.ts')

function startWorker(stage: MessagingStage, failpoint?: string): ChildProcess {
  const { url: databaseUrl, keyFolder, carrier, publicUrl, charter } = stage
  const orders: Orders = {
    ...{ databaseUrl, keyFolder, carrierUrl: carrier.url, publicUrl, charter, timing: quick },
    ...(failpoint && { failpoint }),
  }
  const child = spawn(process.execPath, [script, JSON.stringify(orders)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...compiled },
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return child
}

async function untilSent(stage: MessagingStage): Promise<void> {
  await until(async () => {
    const { rows } = await sql`
      select from broadcasts where state <> 'done'
      union all select from outbox where state in ('pending', 'sending', 'unknown')`.execute(stage.db)
    return rows.length === 0
  }, 25_000)
}

async function stop(...workers: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    workers.map(async (worker) => {
      if (worker.exitCode !== null || worker.signalCode !== null) return
      worker.kill('SIGTERM')
      await once(worker, 'exit')
    }),
  )
}

test('killed after a refusal and before another address was found: she gets the call by SMS all the same', {
  timeout: 40_000,
}, async () => {
  const stage = await messagingStage()
  await join(stage, addressOn('whatsapp', nextPhone()), { wroteHoursAgo: 1 })
  stage.carrier.faults.order({ fault: 'refuse', code: 63003 })
  await callAll(stage)
  const victim = startWorker(stage, 'after_update')
  const [, signal] = await once(victim, 'exit')
  expect(signal).toBe('SIGKILL')
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'pending', error_code: 63003 }])
  await moveClock(stage.db, 61)
  const survivor = startWorker(stage)
  // By WhatsApp it is accepted once more and fails by its callback; only then is another address looked for.
  await until(async () => (await outboxOf(stage.db)).every(({ sender }) => sender === bySms), 25_000)
  await untilSent(stage)
  await stop(survivor)
  expect(await outboxOf(stage.db)).toMatchObject([{ state: 'accepted', sender: bySms }])
})

test('killed while no callback comes through, the list tells', { timeout: 40_000 }, async () => {
  const stage = await messagingStage()
  stage.lose(10_000)
  const people = await joinMany(stage, 20)
  await callAll(stage)
  const victim = startWorker(stage, 'after_send_written:4')
  await once(victim, 'exit')
  const survivor = startWorker(stage)
  await untilSent(stage)
  await stop(survivor)
  expect(countsOf(stage, people)).toEqual(people.map(() => 1))
})

test('two workers that are killed over and over, with a carrier full of faults', { timeout: 60_000 }, async () => {
  const stage = await messagingStage()
  const people = await joinMany(stage, 80)
  await sql`update senders set rate = 100, tokens = 0 where address = ${bySms}`.execute(stage.db)
  const faulty = { ...stage, charter: { ...stage.charter, senders: slower(stage) } }
  const faults = ['too_many_requests', 'server_error', 'bad_gateway', 'reset_before', 'reset_after'] as const
  for (const fault of faults) stage.carrier.faults.order({ fault, times: 2 })
  await callAll(stage)
  for (let round = 0; round < 3; round++) {
    const workers = [startWorker(faulty), startWorker(faulty)]
    await new Promise((resolve) => setTimeout(resolve, 900))
    for (const worker of workers) worker.kill('SIGKILL')
    await Promise.all(workers.map((worker) => worker.exitCode ?? worker.signalCode ?? once(worker, 'exit')))
  }
  const survivors = [startWorker(faulty), startWorker(faulty)]
  await untilSent(stage)
  await stop(...survivors)
  // Whose call was in the hands of the killed twice is left to the organiser, rather than called thrice.
  const givenUp = new Set(
    (await outboxOf(stage.db)).filter(({ searches }) => searches >= 4).map((row) => row.member_id),
  )
  expect(givenUp.size).toBeLessThan(people.length / 2)
  expect(countsOf(stage, people)).toEqual(people.map(({ memberId }) => (givenUp.has(memberId) ? 0 : 1)))
})

const slower = ({ charter }: MessagingStage) => charter.senders.map((sender) => ({ ...sender, rate: 100 }))
