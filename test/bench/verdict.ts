// Holds the figures to the floors that the project has set itself. All speeds are ratios within a round, since the
// speed of a machine is nobody's merit.
import type { Checked } from './checks.ts'
import type { Figures, Round } from './runs.ts'

export interface Floor {
  readonly what: string
  readonly found: number
  readonly digits: number
  /** The least, or the most, that is allowed. */
  readonly least?: number
  readonly most?: number
  readonly aim?: number
}

/** The most memory of a process, in MB, while every member talked; and the replies that were wrong, and the first of them. */
export interface Weighed {
  readonly web: number
  readonly worker: number
  readonly wrong: number
  readonly samples: readonly string[]
}

/** What a bench has measured. */
export interface Measured {
  readonly rounds: readonly Round[]
  /** What was not as it must be when the rounds had ended. */
  readonly mistakes: readonly string[]
  readonly open: readonly Figures[]
  readonly checks: readonly Checked[]
  readonly weighed: Weighed
}

/** A load in which the host or others took so much that it says nothing. */
export const isNoisy = ({ steal, foreign }: Figures): boolean => steal >= 0.1 || foreign >= 0.3

/** CPU time of a message over all that took part in answering it. */
export const totalMicros = ({ micros }: Figures): number => micros.app + micros.postgres + micros.redis

/** Every floor with what was found, in quiet loads where there are any. */
export function floorsOf(measured: Measured): Floor[] {
  const { rounds, open, weighed } = measured
  const ratio = (of: (figures: Figures) => number, to: 'ideal' | 'naive') => {
    const fair = rounds.filter((round) => !isNoisy(round.ours) && !isNoisy(round[to]))
    return median((fair.length > 0 ? fair : rounds).map((round) => of(round.ours) / of(round[to])))
  }
  const paced = open.filter(({ stage }) => stage === 'ours')
  const quiet = paced.filter((run) => !isNoisy(run))
  const speed = ({ perSecond }: Figures) => perSecond
  const heaviest = Math.max(weighed.web, weighed.worker, ...rounds.map(({ ours }) => ours.memory))
  return [
    { what: 'messages per second / ideal', found: ratio(speed, 'ideal'), digits: 2, least: 0.6, aim: 0.75 },
    { what: 'messages per second / naive', found: ratio(speed, 'naive'), digits: 2, least: 1.8, aim: 2.3 },
    { what: 'CPU per message / ideal', found: ratio(totalMicros, 'ideal'), digits: 2, most: 2 },
    {
      what: 'p99 at 400 messages/s, ms',
      found: median((quiet.length > 0 ? quiet : paced).map(({ p99 }) => p99)),
      digits: 1,
      most: 50,
    },
    { what: 'memory of a process, MB', found: heaviest, digits: 0, most: 250 },
    { what: 'mistakes', found: mistakesOf(measured), digits: 0, most: 0 },
  ]
}

/** All turns, in the order in which they were taken. */
export const turnsOf = ({ rounds }: Measured): Figures[] => rounds.flatMap((round) => Object.values(round))

function mistakesOf(measured: Measured): number {
  const { mistakes, open, checks, weighed } = measured
  const wrong = [...turnsOf(measured), ...open].reduce((sum, load) => sum + load.wrong, weighed.wrong)
  return checks.reduce((sum, check) => sum + check.mistakes.length, wrong + mistakes.length)
}

/** Whether a floor is held. */
export const isHeld = ({ found, least, most }: Floor): boolean =>
  !(found < (least ?? Number.NEGATIVE_INFINITY)) && !(found > (most ?? Number.POSITIVE_INFINITY)) && found >= 0

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
