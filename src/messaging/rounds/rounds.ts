// The worker's loop: each round runs at its interval, at once when its bell rings, and never twice at once here.
// It knows nothing of what the rounds do; one that fails is logged and comes again later and later.
import type { Log } from '../../log.ts'

/** There is more to do now; nothing for a while; or something at a known time. */
export type Rest = 'more' | 'done' | { readonly inMs: number }

export interface Round {
  readonly name: string
  readonly everyMs: number
  run(): Promise<Rest>
  /** Waits for what a run has left under way. */
  drain?(): Promise<void>
}

export interface Rounds {
  /** Runs a round now, or once more after its present run; a name that is not here is passed over. */
  ring(name: string): void
  has(name: string): boolean
  add(round: Round): void
  /** Starts nothing any more, and waits for what runs. */
  stop(): Promise<void>
}

const longestPauseMs = 60_000

/** Starts the rounds, each with a first run at once. */
export function startRounds(first: readonly Round[], log: Log): Rounds {
  const loops = new Map<string, Loop>()
  const add = (round: Round) => {
    if (!loops.has(round.name)) loops.set(round.name, startLoop(round, log))
  }
  for (const round of first) add(round)
  return {
    add,
    has: (name) => loops.has(name),
    ring: (name) => loops.get(name)?.ring(),
    stop: async () => {
      await Promise.all([...loops.values()].map((loop) => loop.stop()))
    },
  }
}

interface Loop {
  ring(): void
  stop(): Promise<void>
}

function startLoop(round: Round, log: Log): Loop {
  const bell = makeBell()
  const failures = { running: 0 }
  let stopped = false
  const loop = async () => {
    while (!stopped) {
      const pause = await runOnce(round, failures, log)
      if (pause > 0) await bell.wait(pause)
      // A round with more to do lets the others and the requests have their turn.
      else await new Promise(setImmediate)
    }
    await round.drain?.()
  }
  const ended = loop()
  return {
    ring: bell.ring,
    stop: () => {
      stopped = true
      bell.ring()
      return ended
    },
  }
}

async function runOnce(round: Round, failures: { running: number }, log: Log): Promise<number> {
  try {
    const rest = await round.run()
    failures.running = 0
    if (rest === 'more') return 0
    return rest === 'done' ? round.everyMs : Math.max(1, Math.min(rest.inMs, round.everyMs))
  } catch (error) {
    failures.running++
    log.error({ event: 'round_failed', round: round.name, failures: failures.running, error })
    return Math.min(longestPauseMs, 250 * 2 ** Math.min(failures.running, 20))
  }
}

/** A wait that a bell cuts short; a bell during the run before it counts too. */
function makeBell() {
  let rung = false
  let wake: (() => void) | undefined
  const ring = () => {
    rung = true
    wake?.()
  }
  const wait = async (ms: number) => {
    if (!rung) {
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        wake = resolve
        timer = setTimeout(resolve, ms)
      })
      clearTimeout(timer)
      wake = undefined
    }
    rung = false
  }
  return { ring, wait }
}
