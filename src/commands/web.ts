// npm run web: hears the carrier's webhooks and answers them. It brings nothing: all its settings must be there.
import { Command } from 'commander'
import { completeConfig, readSettings } from '../config.ts'
import { openCounter } from '../exchange/counter.ts'
import { closeParts, openParts } from '../exchange/parts.ts'
import { openWeb } from '../exchange/webhook/web.ts'
import { armFailpoint } from '../failpoint.ts'
import { openLog } from '../log.ts'
import { selfAs, untilAsked } from './running.ts'

export const webCommand = (): Command =>
  new Command('web').description('hear webhooks and answer them; needs all settings').action(web)

async function web(): Promise<void> {
  const config = completeConfig(readSettings('web'))
  if (config.failpoint) armFailpoint(config.failpoint)
  const log = openLog(config.logLevel)
  const parts = await openParts(config, log)
  const counter = openCounter(parts)
  const app = openWeb(counter)
  const port = await app.listen(config.port, config.host)
  const self = selfAs('web')
  log.info({ event: 'started', ...self, port })
  untilAsked(
    self,
    async () => {
      await app.stop(config.timing.letGo)
      await counter.stop()
      await closeParts(parts)
    },
    log,
  )
}
