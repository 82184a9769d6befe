// One run of one stage: a fresh database, a fresh process, a warm-up, the load, and what all of it cost.
import { mistakesIn, readLedger } from './audit.ts'
import { firstHalf, peopleFrom, secondHalfOf } from './dialogue.ts'
import { closedLoop, type Outcome, openLoop, percentile, type Walk, walkOf } from './load.ts'
import type { Members } from './members.ts'
import { type Anchor, ask, type Place, type Running, startAnchor, startOurs } from './place.ts'
import type { Texts } from './texts.ts'
import { type Group, memoryOf, read, type Usage, usageBetween } from './usage.ts'

export type Stage = Anchor | 'ours'

export interface Bench {
  readonly place: Place
  readonly members: Members
  /** Half of the walks are those of strangers, half those of members. */
  readonly walks: readonly Walk[]
  /** Walked before the clock starts, by others. */
  readonly warmUp: readonly Walk[]
  readonly nodeOptions: readonly string[]
}

export interface Figures {
  readonly stage: Stage
  readonly sent: number
  readonly perSecond: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Microseconds of CPU time for each message. */
  readonly micros: Readonly<Record<Group, number>>
  /** The most memory that the process had, in MB. */
  readonly memory: number
  readonly steal: number
  readonly foreign: number
  /** Replies that were not the expected ones, and counts in the database that do not add up. */
  readonly wrong: number
  readonly mistakes: readonly string[]
}

/** `count` strangers who walk the first half and as many members who walk the second. */
export const bothHalves = (stranger: number, member: number, count: number): Walk[] => [
  ...peopleFrom(stranger, count).map((person) => walkOf(person, firstHalf)),
  ...peopleFrom(member, count).map((person) => walkOf(person, secondHalfOf(person), 3)),
]

/** All walks, as fast as so many connections can take them. */
export const closedRun = (bench: Bench, stage: Stage, width: number): Promise<Figures> =>
  measured(bench, stage, bench.walks, (port, texts) => closedLoop(port, texts, bench.walks, width))

/** Messages at a fixed rate. */
export const openRun = (bench: Bench, stage: Stage, pace: { rate: number; seconds: number }): Promise<Figures> =>
  measured(bench, stage, undefined, (port, texts) => openLoop(port, texts, bench.walks, pace))

type Load = (port: number, texts: Texts) => Promise<Outcome>

/** `walked`: what the database is held against afterwards; not given where the load may end midway. */
async function measured(
  bench: Bench,
  stage: Stage,
  walked: readonly Walk[] | undefined,
  load: Load,
): Promise<Figures> {
  const { place, members } = bench
  const url = await databaseFor(bench, stage)
  const before = stage === 'ours' ? await readLedger(url) : undefined
  await place.settle()
  const running = await start(bench, stage, url)
  const warmth = await closedLoop(running.port, members.texts, bench.warmUp, 64)
  const watched = { app: running.pid, postgres: place.postgres.pid, redis: place.redis.pid, load: process.pid }
  const from = read(watched)
  const outcome = await load(running.port, members.texts)
  const usage = usageBetween(from, read(watched))
  const memory = memoryOf(running.pid).most
  await running.stop()
  const mistakes = before && walked ? mistakesIn(before, await readLedger(url), [...bench.warmUp, ...walked]) : []
  await place.dropDatabase(databaseName)
  return figuresOf(stage, outcome, usage, memory, [...warmth.samples, ...outcome.samples, ...mistakes])
}

const databaseName = 'bench_run'

async function databaseFor({ place, members }: Bench, stage: Stage): Promise<string> {
  if (stage === 'ours') return place.database(databaseName, members.template)
  const url = await place.database(databaseName)
  await ask(
    url,
    `create table inbound (sid text primary key, sender text not null, body text, step int, reply text,
       at timestamptz not null default now())`,
  )
  return url
}

const start = ({ place, members, nodeOptions }: Bench, stage: Stage, url: string): Promise<Running> =>
  stage === 'ours' ? startOurs(place, 'web', url, { nodeOptions }) : startAnchor(place, stage, url, members.texts)

function figuresOf(
  stage: Stage,
  { sent, seconds, latencies, wrong }: Outcome,
  usage: Usage,
  memory: number,
  mistakes: readonly string[],
): Figures {
  const micros = (group: Group) => (usage.cores[group] * seconds * 1e6) / sent
  return {
    stage,
    sent,
    perSecond: sent / seconds,
    p50: percentile(latencies, 50),
    p95: percentile(latencies, 95),
    p99: percentile(latencies, 99),
    micros: { app: micros('app'), postgres: micros('postgres'), redis: micros('redis'), load: micros('load') },
    memory,
    steal: usage.steal,
    foreign: usage.foreign,
    wrong,
    mistakes,
  }
}
