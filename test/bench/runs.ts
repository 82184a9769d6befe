// What a stage does under load and what that costs: a database and a process of its own, a warm-up, the load. In a
// closed loop all stages stand side by side and take turns of about a second, since the speed of a machine drifts.
import { mistakesIn, readLedger } from './audit.ts'
import { firstHalf, peopleFrom, secondHalfOf } from './dialogue.ts'
import { closedLoop, type Outcome, openLoop, percentile, type Ready, readyOf, type Walk, walkOf } from './load.ts'
import type { Members } from './members.ts'
import { type Anchor, ask, type Place, type Running, startAnchor, startOurs } from './place.ts'
import type { Texts } from './texts.ts'
import { type Group, memoryOf, read, type Usage, usageBetween } from './usage.ts'

export type Stage = Anchor | 'ours'
export const stages = ['ideal', 'naive', 'ours'] as const satisfies readonly Stage[]

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
  /** The most memory that the process had until then, in MB. */
  readonly memory: number
  readonly steal: number
  readonly foreign: number
  /** Replies that were not the expected ones, and the first of them. */
  readonly wrong: number
  readonly samples: readonly string[]
}

/** A turn of each stage, one right after the other. */
export type Round = Readonly<Record<Stage, Figures>>

/** `count` strangers who walk the first half and as many members who walk the second. */
export const bothHalves = (stranger: number, member: number, count: number): Walk[] => [
  ...peopleFrom(stranger, count).map((person) => walkOf(person, firstHalf)),
  ...peopleFrom(member, count).map((person) => walkOf(person, secondHalfOf(person), 3)),
]

interface Pace {
  readonly width: number
  readonly count: number
  readonly tell: (figures: Figures) => Figures
}

/** All walks of all stages as fast as `width` connections take them, in so many turns; then what was not as it must be. */
export async function closedRounds(
  bench: Bench,
  { width, count, tell }: Pace,
): Promise<{ rounds: Round[]; mistakes: string[] }> {
  await bench.place.settle()
  const standing: Standing[] = []
  for (const stage of stages) standing.push(await stand(bench, stage))
  const messages = bench.walks.reduce((sum, walk) => sum + walk.messages.length, 0)
  // The last walks end on ever fewer connections, so they are nobody's turn.
  const each = Math.floor((0.9 * messages) / count)
  const turnOf = async (one: Standing) =>
    tell(await measured(bench, one, (port, texts) => closedLoop(port, texts, one.ready, width, each)))
  const rounds: Round[] = []
  for (let nth = 0; nth < count; nth++) {
    const turns: Figures[] = []
    for (const one of inTurn(standing, nth)) turns.push(await turnOf(one))
    rounds.push(Object.fromEntries(turns.map((turn) => [turn.stage, turn])) as Round)
  }
  const mistakes: string[] = []
  for (const one of standing) mistakes.push(...(await endAudited(bench, one, width)))
  return { rounds, mistakes }
}

/** Has the stage walk to the end of all walks and ends it; returns what was not as it must be. */
async function endAudited({ members, walks }: Bench, one: Standing, width: number): Promise<string[]> {
  const { samples } = await closedLoop(one.running.port, members.texts, one.ready, width)
  return [...samples, ...(await one.end(walks))].map((mistake) => `${one.stage}: ${mistake}`)
}

/** Each round begins with another, so that none always follows the same one. */
const inTurn = <T>(all: readonly T[], round: number): T[] => [
  ...all.slice(round % all.length),
  ...all.slice(0, round % all.length),
]

/** Messages at a fixed rate, by one stage alone. */
export async function openRun(
  bench: Bench,
  stage: Stage,
  pace: { rate: number; seconds: number },
): Promise<Figures> {
  await bench.place.settle()
  const standing = await stand(bench, stage)
  const figures = await measured(bench, standing, (port, texts) => openLoop(port, texts, standing.ready, pace))
  const mistakes = await standing.end()
  return { ...figures, wrong: figures.wrong + mistakes.length, samples: [...figures.samples, ...mistakes] }
}

/** A stage that stands warm on a database of its own. */
interface Standing {
  readonly stage: Stage
  readonly running: Running
  /** Who has still to walk. */
  readonly ready: Ready
  /**
   * Ends it; returns the first wrong replies of its warm-up, and what its database holds that it must not, where these
   * walks were walked to their ends.
   */
  end(walked?: readonly Walk[]): Promise<string[]>
}

async function stand(bench: Bench, stage: Stage): Promise<Standing> {
  const { place, members, warmUp } = bench
  const name = `bench_${stage}`
  const url = await databaseFor(bench, stage, name)
  const before = stage === 'ours' ? await readLedger(url) : undefined
  const running = await start(bench, stage, url)
  const warmth = await closedLoop(running.port, members.texts, readyOf(warmUp), 64)
  const audited = async (walked: readonly Walk[]) =>
    before ? mistakesIn(before, await readLedger(url), [...warmUp, ...walked]) : []
  return {
    stage,
    running,
    ready: readyOf(bench.walks),
    end: async (walked) => {
      await running.stop()
      const mistakes = walked ? await audited(walked) : []
      await place.dropDatabase(name)
      return [...warmth.samples, ...mistakes]
    },
  }
}

async function databaseFor({ place, members }: Bench, stage: Stage, name: string): Promise<string> {
  if (stage === 'ours') return place.database(name, members.template)
  const url = await place.database(name)
  await ask(
    url,
    `create table inbound (sid text primary key, sender text not null, body text, step int, reply text,
       at timestamptz not null default now())`,
  )
  return url
}

const start = ({ place, members, nodeOptions }: Bench, stage: Stage, url: string): Promise<Running> =>
  stage === 'ours' ? startOurs(place, 'web', url, { nodeOptions }) : startAnchor(place, stage, url, members.texts)

async function measured(
  { place, members }: Bench,
  { stage, running: { pid, port } }: Standing,
  load: (port: number, texts: Texts) => Promise<Outcome>,
): Promise<Figures> {
  const watched = { app: pid, postgres: place.postgres.pid, redis: place.redis.pid, load: process.pid }
  const from = read(watched)
  const outcome = await load(port, members.texts)
  const usage = usageBetween(from, read(watched))
  return figuresOf(stage, outcome, usage, memoryOf(pid).most)
}

function figuresOf(
  stage: Stage,
  { sent, seconds, latencies, wrong, samples }: Outcome,
  usage: Usage,
  memory: number,
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
    samples,
  }
}
