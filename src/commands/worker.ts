// npm run worker: sends what is due, and does what the clock asks for. It brings nothing.
import { Command } from 'commander'
import { completeConfig, readSettings } from '../config.ts'
import { openCounter } from '../exchange/counter.ts'
import { closeParts, openParts } from '../exchange/parts.ts'
import { openWorker } from '../exchange/worker/worker.ts'
import { armFailpoint } from '../failpoint.ts'
import { openLog } from '../log.ts'
import { selfAs, untilAsked } from './running.ts'

export const workerCommand = (): Command =>
  new Command('worker')
    .description('send what is due, close votes, publish medians; needs all settings')
    .action(work)

async function work(): Promise<void> {
  const config = completeConfig(readSettings('worker'))
  if (config.failpoint) armFailpoint(config.failpoint)
  const log = openLog(config.logLevel)
  const parts = await openParts(config, log)
  const counter = openCounter(parts)
  const worker = openWorker(counter)
  const self = selfAs('worker')
  log.info({ event: 'started', ...self })
  untilAsked(
    self,
    async () => {
      await worker.stop()
      await counter.stop()
      await closeParts(parts)
    },
    log,
  )
}
