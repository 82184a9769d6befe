// npm start: Coopline whole on one machine. It brings what no setting names, in order, and stops it in the other order.
import { join } from 'node:path'
import { Command } from 'commander'
import type { PretendCarrier } from '../../carrier/carrier.ts'
import { type Config, completeConfig, isPretended, readSettings, type Settings } from '../../config.ts'
import { loadCharters } from '../../coop/charter/queries.ts'
import type { Charters } from '../../exchange/charters.ts'
import { openCounter } from '../../exchange/counter.ts'
import { closeParts, openParts } from '../../exchange/parts.ts'
import { openWeb } from '../../exchange/webhook/web.ts'
import { openWorker } from '../../exchange/worker/worker.ts'
import { armFailpoint } from '../../failpoint.ts'
import { type Log, logFile, openLog } from '../../log.ts'
import { openDatabase, openPool } from '../../store/database.ts'
import { type Claim, claimInstance } from '../../store/instance.ts'
import { migrate } from '../../store/migrate.ts'
import { selfAs, untilAsked } from '../running.ts'
import {
  bringCarrier,
  bringCharters,
  bringKeys,
  bringServers,
  portOf,
  type Servers,
  watchPostgres,
} from './brought.ts'
import { type Started, welcome } from './welcome.ts'

export const startCommand = (): Command =>
  new Command('start').description('run whole on this machine, bringing what is missing').action(start)

/** What has been started, last first, so that a stop or a failure on the way goes back in order. */
type Undo = (() => Promise<void> | void)[]

async function start(): Promise<void> {
  const settings = readSettings('start')
  const claim = claimInstance(settings.data)
  const log = openLog(settings.logLevel, logFile(join(settings.data, 'coopline.log')))
  const undo: Undo = [() => claim.release()]
  const goBack = async () => {
    for (const each of undo.splice(0).toReversed()) await each()
  }
  const begun: Begun = {}
  // Only once signals are heard; a Ctrl-C on the way waits until what is being started can be stopped.
  const starting = Promise.resolve().then(() => startAll({ settings, claim, log, undo, begun }))
  const stop = () => starting.catch(() => {}).then(goBack)
  const self = selfAs('start')
  untilAsked(self, stop, log, () => killServers(begun.servers))
  try {
    const started = await starting
    log.info({ event: 'started', ...self, port: started.config.port })
    console.log(welcome(started))
    const leave = () => process.exit(1)
    undo.push(
      watchPostgres(started.servers, () => {
        log.error({ event: 'postgres_ended' })
        console.error(postgresEnded)
        goBack().then(leave, leave)
      }),
    )
  } catch (error) {
    await goBack()
    throw error
  }
}

const postgresEnded =
  'Postgres has ended by itself, and Coopline with it. Start it again with "npm start": what members were told is kept.'

/** What there is, from the moment that there is any. */
interface Begun {
  servers?: Servers
  charters?: Charters
}

interface Starting {
  readonly settings: Settings
  readonly claim: Claim
  readonly log: Log
  readonly undo: Undo
  readonly begun: Begun
}

async function startAll({ settings, claim, log, undo, begun }: Starting): Promise<Started> {
  const from = performance.now()
  const servers = await bringServers(settings)
  begun.servers = servers
  undo.push(() => stopServers(servers))
  const keys = settings.keys ?? join(settings.data, 'keys')
  const isReal = settings.twilio !== undefined && !isPretended(settings.twilio)
  const { charters, others } = await prepare({ databaseUrl: servers.databaseUrl, keys, log, isReal })
  const port = await portOf(settings.port)
  const brought = settings.twilio
    ? undefined
    : await bringCarrier(port, () => begun.charters?.current() ?? charters, settings.data)
  if (brought) undo.push(() => brought.carrier.stop())
  const twilio = settings.twilio ?? brought?.twilio
  const config = completeConfig({ ...settings, port }, { ...urlsOf(servers), keys, ...(twilio && { twilio }) })
  if (config.failpoint) armFailpoint(config.failpoint)
  begun.charters = await openAll(config, log, undo)
  announce(claim, config, brought?.carrier)
  const seconds = (performance.now() - from) / 1000
  return { config, servers, others, seconds, keysBrought: !settings.keys, pretended: isPretended(config.twilio) }
}

async function openAll(config: Config, log: Log, undo: Undo): Promise<Charters> {
  const parts = await openParts(config, log)
  undo.push(() => closeParts(parts))
  const counter = openCounter(parts)
  undo.push(() => counter.stop())
  const worker = openWorker(counter)
  undo.push(() => worker.stop())
  const app = openWeb(counter)
  undo.push(() => app.stop())
  await app.listen(config.port, config.host)
  return parts.charters
}

interface Ground {
  readonly databaseUrl: string
  readonly keys: string
  readonly log: Log
  /** Whether the carrier is a real one. */
  readonly isReal: boolean
}

/**
 * Migrations, keys and charters, on a connection of its own that is gone before anything runs. Beside a real
 * carrier no example co-op is put beside the real ones.
 */
async function prepare({ databaseUrl, keys, log, isReal }: Ground) {
  await migrate(databaseUrl)
  const db = openDatabase(openPool(databaseUrl, 2, log))
  try {
    await bringKeys(keys, db)
    const others = isReal ? [] : await bringCharters(db)
    return { charters: await loadCharters(db), others }
  } finally {
    await db.destroy()
  }
}

const urlsOf = ({ databaseUrl, redisUrl }: Servers) => ({ databaseUrl, ...(redisUrl && { redisUrl }) })

function announce(claim: Claim, config: Config, carrier: PretendCarrier | undefined): void {
  const { databaseUrl, redisUrl, keys, twilio } = config
  claim.announce({
    url: `http://127.0.0.1:${config.port}`,
    databaseUrl,
    keys,
    ...(redisUrl && { redisUrl }),
    // Only the pretended account's secrets: the phone needs them, and they open nothing else.
    ...(carrier && { carrierUrl: carrier.url, authToken: twilio.authTokens[0] ?? '' }),
  })
}

async function stopServers({ redis, postgres }: Servers): Promise<void> {
  await redis?.stop()
  await postgres?.stop()
}

/** At once, as the kernel would: Postgres recovers at the next start. */
function killServers(servers: Servers | undefined): void {
  for (const server of [servers?.redis, servers?.postgres]) {
    try {
      if (server) process.kill(server.pid, 'SIGQUIT')
    } catch {
      // It has ended by itself.
    }
  }
}
