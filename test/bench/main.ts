// npm run bench: how fast and how right Coopline is on this machine, beside the limit and beside what one writes first.
// Runs whole and by itself, and ends with 1 where a floor is missed. --quick takes two minutes and a fifth of the load;
// --connections and --rounds change the closed loop; --profile FOLDER has our process write CPU profiles there.
import { parseArgs } from 'node:util'
import { readAnchorSettings } from './canned.ts'
import { runChecks, weigh } from './correctness.ts'
import { runIdeal } from './ideal.ts'
import { makeMembers } from './members.ts'
import { runNaive } from './naive.ts'
import { openPlace, type Place } from './place.ts'
import { keep, lineOf, tables } from './report.ts'
import { type Bench, bothHalves, closedRun, type Figures, openRun, type Stage } from './runs.ts'
import { floorsOf, isHeld, isNoisy, type Round } from './verdict.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    connections: { type: 'string', default: '64' },
    rounds: { type: 'string' },
    profile: { type: 'string' },
    // How the bench starts its anchors.
    as: { type: 'string' },
    settings: { type: 'string' },
  },
})

/** The load: so many members, as many senders, half of them strangers. */
const load = {
  senders: values.quick ? 2_000 : 10_000,
  callsWaiting: 100_000,
  /** Walks of each half before the clock starts, nearly as many as in the load: a line that members text runs for days. */
  warming: values.quick ? 400 : 4_900,
  connections: Number(values.connections),
  rounds: Number(values.rounds ?? (values.quick ? 2 : 3)),
  /** Runs that may be repeated because others disturbed them. */
  repeats: values.quick ? 2 : 5,
  rate: 400,
  seconds: values.quick ? 4 : 8,
  checked: values.quick ? 40 : 100,
}
const stages = ['ideal', 'naive', 'ours'] as const

if (values.as !== undefined) beAnchor(values.as, values.settings ?? '')
else process.exitCode = await bench()

function beAnchor(name: string, file: string): void {
  const settings = readAnchorSettings(file)
  if (name === 'ideal') runIdeal(settings)
  else runNaive(settings)
}

async function bench(): Promise<number> {
  if (process.platform !== 'linux') throw new Error('The bench reads /proc: run it on Linux, or in a container.')
  const place = await openPlace()
  try {
    return await benchIn(place)
  } finally {
    await place.close()
  }
}

async function benchIn(place: Place): Promise<number> {
  const members = await makeMembers(place, load.senders, load.callsWaiting)
  const half = load.senders / 2
  const profile = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : []
  const bench: Bench = {
    place,
    members,
    walks: bothHalves(20_000, 0, half),
    warmUp: bothHalves(40_000, half, load.warming),
    nodeOptions: profile,
  }
  const { runs, rounds } = await closedRounds(bench)
  const open: Figures[] = []
  for (const stage of [...stages, 'ours', 'ours'] as const) {
    const [run] = await quietly(() => openRun(bench, stage, load), { left: 1 })
    open.push(run)
  }
  const checks = await runChecks(place, members, load.checked)
  const { wrong, ...weights } = await weigh(place, members, load.senders)
  const mistakes = [...runs, ...open].reduce((sum, run) => sum + run.wrong + run.mistakes.length, wrong)
  const all = checks.reduce((sum, check) => sum + check.mistakes.length, mistakes)
  const ours = open.filter(({ stage }) => stage === 'ours')
  const floors = floorsOf(rounds, ours, weights, all)
  const found = { settings: load, runs, open, checks, weights, floors }
  console.log(`\n${tables(found)}\n\nKept in ${keep(found)}`)
  return floors.every(isHeld) ? 0 : 1
}

/** Rounds of all stages. */
async function closedRounds(bench: Bench): Promise<{ runs: Figures[]; rounds: Round[] }> {
  const runs: Figures[] = []
  const rounds: Round[] = []
  const repeats = { left: load.repeats }
  for (let round = 0; round < load.rounds; round++) {
    const entries: [Stage, Figures][] = []
    for (const stage of stages) {
      const tried = await quietly(() => closedRun(bench, stage, load.connections), repeats)
      runs.push(...tried)
      entries.push([stage, tried[0]])
    }
    rounds.push(Object.fromEntries(entries) as Round)
  }
  return { runs, rounds }
}

/** Runs again what others disturbed, so long as there are repeats left; the quietest comes first and counts. */
async function quietly(run: () => Promise<Figures>, repeats: { left: number }): Promise<[Figures, ...Figures[]]> {
  const first = tell(await run())
  const tried: [Figures, ...Figures[]] = [first]
  while (isNoisy(tried[0]) && repeats.left > 0) {
    repeats.left--
    tried.unshift(tell(await run()))
    tried.sort((one, other) => one.steal + one.foreign - (other.steal + other.foreign))
  }
  return tried
}

function tell(run: Figures): Figures {
  console.log(lineOf(run).join('  '))
  return run
}
