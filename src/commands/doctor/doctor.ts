// coopline doctor: looks at every setting and server and says of each how it is and what to do. It changes nothing.
import { Command } from 'commander'
import { sql } from 'kysely'
import { isPretended, readSettings, type Settings, unknownSettings } from '../../config.ts'
import { loadCharters } from '../../coop/charter/queries.ts'
import { type BrokenChain, verifyLedger } from '../../coop/consents/queries.ts'
import { openLog } from '../../log.ts'
import { stoppedSenders } from '../../messaging/outbox/senders.ts'
import { clockIsMoved } from '../../store/clock.ts'
import { type Db, openDatabase, openPool } from '../../store/database.ts'
import { findInstance, type Running } from '../../store/instance.ts'
import { keysOf } from '../../store/keys.ts'
import { pendingMigrations } from '../../store/pending.ts'
import { openRedis, redisComplaint } from '../../store/redis.ts'
import { counted } from '../counted.ts'
import { keysFolder } from '../place.ts'
import { isAway, sayError } from '../running.ts'
import { examineCarrier } from './carrier.ts'
import { bad, type Finding, good, odd } from './findings.ts'
import { examineWork } from './work.ts'

export const doctorCommand = (): Command =>
  new Command('doctor').description('check every setting and server, and say what to do').action(async () => {
    const findings = await examine()
    for (const { how, what } of findings) console.log(`${marks[how]}  ${what}`)
    if (findings.some(({ how }) => how === 'bad')) process.exitCode = 1
  })

const marks = { good: 'ok  ', odd: 'look', bad: 'BAD ' } as const

async function examine(): Promise<Finding[]> {
  const place = placeOrMistakes()
  if ('mistakes' in place) return [program(), ...strangers(), bad(place.mistakes)]
  const { settings, running } = place
  return [
    program(),
    ...strangers(),
    ...(running ? [good(`Coopline runs on ${settings.data}, at ${running.url} (pid ${running.pid})`)] : []),
    ...(await examineCarrier(settings, running)),
    ...(await redis(settings, running)),
    ...(await postgres(settings, running)),
  ]
}

interface Placed {
  readonly settings: Settings
  readonly running: Running | undefined
}

/** The settings and the instance that runs on them, or why neither can be told. */
function placeOrMistakes(): Placed | { readonly mistakes: string } {
  try {
    const settings = readSettings('command')
    return { settings, running: settings.databaseUrl ? undefined : findInstance(settings.data) }
  } catch (error) {
    return { mistakes: sayError(error) }
  }
}

function program(): Finding {
  const [major = 0] = process.versions.node.split('.').map(Number)
  if (major >= 24) return good(`Node ${process.versions.node}`)
  return bad(`Node ${process.versions.node} is too old: run Coopline through npm, which brings its own Node 24`)
}

const strangers = () =>
  unknownSettings().map((name) => odd(`${name} is set and is no setting of ours: is it misspelled?`))

// What "npm start" brought comes back with it.
const cureOf = (setting: string, isSet: boolean): string =>
  isSet ? `start it, or mend ${setting}` : 'stop "npm start" with Ctrl-C and start it again'

async function redis({ redisUrl, timing }: Settings, running: Running | undefined): Promise<Finding[]> {
  const url = redisUrl ?? running?.redisUrl
  if (!url) return [odd('no Redis: sweeps and snapshots serve, a little slower')]
  const client = openRedis(url, timing.send, openLog('silent'))
  try {
    await new Promise((resolve) => {
      client.once('ready', resolve).once('error', resolve)
    })
    const complaint = await redisComplaint(client)
    if (!complaint) return [good('Redis answers and evicts nothing')]
    if (client.status === 'ready') return [bad(`Redis: ${complaint}`)]
    return [bad(`Redis: ${complaint}: ${cureOf('REDIS_URL', redisUrl !== undefined)}`)]
  } finally {
    client.disconnect()
  }
}

async function postgres(settings: Settings, running: Running | undefined): Promise<Finding[]> {
  const url = settings.databaseUrl ?? running?.databaseUrl
  if (!url)
    return [bad(`DATABASE_URL is not set, and no Coopline runs on ${settings.data}: set it, or run "npm start"`)]
  const db = openDatabase(openPool(url, 2, openLog('silent')))
  try {
    const version = await versionOf(db)
    const pending = await pendingMigrations(db)
    if (pending.length > 0) {
      return [version, bad(`${pending.length} migrations are missing: run "npm run coopline -- migrate"`)]
    }
    const folder = keysFolder(settings, running)
    return [
      version,
      ...(await durability(db)),
      await clock(db, settings),
      await keys(db, folder),
      ...(await coops(db)),
      ...(await senders(db)),
      await examineWork(db),
    ]
  } catch (error) {
    if (!isAway(error)) return [bad(`Postgres: ${sayError(error)}`)]
    return [bad(`Postgres does not answer: ${cureOf('DATABASE_URL', settings.databaseUrl !== undefined)}`)]
  } finally {
    await db.destroy()
  }
}

async function versionOf(db: Db): Promise<Finding> {
  const { rows } = await sql<{ version: string }>`select current_setting('server_version') as version`.execute(db)
  const version = rows[0]?.version ?? 'of an unknown version'
  return Number.parseInt(version, 10) >= 15
    ? good(`Postgres ${version}`)
    : bad(`Postgres ${version}: needs 15 or newer`)
}

async function durability(db: Db): Promise<Finding[]> {
  const { rows } = await sql<{ name: string; setting: string }>`
    select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes')`.execute(
    db,
  )
  const off = rows.filter(({ setting }) => setting === 'off')
  if (off.length === 0) return [good('a commit is on the disk before it is answered')]
  return off.map(({ name }) =>
    bad(`${name} is off: what members were told is lost with the power. Set ${name} = on`),
  )
}

async function clock(db: Db, { twilio }: Settings): Promise<Finding> {
  if (!(await clockIsMoved(db))) return good('the clock is not moved')
  const moved = 'the clock of the database was moved, as tests do'
  return twilio && !isPretended(twilio) ? bad(`${moved}: deadlines are wrong`) : odd(moved)
}

async function keys(db: Db, folder: string): Promise<Finding> {
  try {
    const { newest } = await keysOf(db, folder)
    return good(`the keys in ${folder} are those of this database; seal-${newest}.key seals`)
  } catch (error) {
    return bad(sayError(error))
  }
}

async function coops(db: Db): Promise<Finding[]> {
  const charters = await loadCharters(db)
  if (charters.length === 0) return [bad('no charter is applied: run "npm run coopline -- charter apply FILE"')]
  const findings = await Promise.all(
    charters.map(async ({ id, version }) => {
      const { chains, broken } = await verifyLedger(db, id)
      return broken.length > 0 ? broken.map((chain) => changed(id, chain)) : [whole(id, version, chains)]
    }),
  )
  return findings.flat()
}

const whole = (coop: string, version: number, chains: number): Finding =>
  good(`${coop}, charter version ${version}; the consents of ${counted(chains, 'member', 'members')} are whole`)

const changed = (coop: string, { member, event }: BrokenChain): Finding =>
  bad(`${coop}: the consents of member ${member} were changed from event ${event} on: compare with a backup`)

async function senders(db: Db): Promise<Finding[]> {
  const stopped = await stoppedSenders(db)
  return stopped.map(({ address, coopId, code }) =>
    bad(
      `${coopId}: nothing is sent from ${address}, since the carrier refused our credentials (error ${code}): mend ` +
        'TWILIO_API_KEY and TWILIO_API_SECRET; it is tried again every five minutes',
    ),
  )
}
