// The worker process: it sends what is due, opens and closes votes, steps what was put aside, and looks after questions
// that have waited. Any number of them may run; each round takes its own locks.
import { publishInsights } from '../../coop/reports/queries.ts'
import { recipientsOf, runVotes } from '../../coop/votes/queries.ts'
import { broadcasts } from '../../messaging/broadcast/broadcast.ts'
import { addMessagingRounds, answerBell } from '../../messaging/rota.ts'
import { type Round, startRounds } from '../../messaging/rounds/rounds.ts'
import { now } from '../../store/clock.ts'
import { retryDue } from '../aside/retry.ts'
import { type Counter, sweepOf } from '../counter.ts'
import { forget } from './retention.ts'
import { wakeDue } from './wake.ts'

export interface Worker {
  /** Runs a round now. */
  ring(round: string): void
  stop(): Promise<void>
}

/** Starts a worker's rounds. */
export function openWorker(counter: Counter): Worker {
  const { log } = counter.parts
  const rounds = startRounds(
    [
      votesRound(counter),
      putAsideRound(counter),
      wakeRound(counter),
      insightsRound(counter),
      retentionRound(counter),
    ],
    log,
  )
  addMessagingRounds(rounds, counter.desk, recipientsOf)
  counter.bells.listen((round) => answerBell(rounds, round))
  return { ring: (round) => answerBell(rounds, round), stop: () => rounds.stop() }
}

function votesRound({ parts, bells }: Counter): Round {
  return {
    name: 'votes',
    everyMs: sweepOf(parts.config),
    run: async () => {
      const { opened, closed, unclosed, inMs } = await runVotes(parts.db)
      for (const { slug, reason } of unclosed)
        parts.log.error({ event: 'vote_not_closed', proposal: slug, reason: String(reason) })
      for (const vote of closed)
        parts.log.info({ event: 'vote_closed', proposal: vote.slug, outcome: vote.outcome })
      if (opened > 0 || closed.length > 0) await bells.ring(broadcasts)
      return inMs === undefined ? 'done' : { inMs }
    },
  }
}

const atOnce = 20

function putAsideRound(counter: Counter): Round {
  return {
    name: 'put aside',
    everyMs: Math.min(sweepOf(counter.parts.config), 2_000),
    run: async () => ((await retryDue(counter, atOnce)) > 0 ? 'more' : 'done'),
  }
}

function wakeRound(counter: Counter): Round {
  return {
    name: 'wake',
    everyMs: sweepOf(counter.parts.config),
    run: async () => ((await wakeDue(counter, atOnce)) === atOnce ? 'more' : 'done'),
  }
}

function insightsRound({ parts }: Counter): Round {
  return {
    name: 'insights',
    everyMs: parts.config.timing.insights,
    run: async () => {
      for (const charter of parts.charters.current()) await publishInsights(parts.db, charter, await now(parts.db))
      return 'done'
    },
  }
}

function retentionRound({ parts }: Counter): Round {
  let since: Date | undefined
  return {
    name: 'retention',
    everyMs: parts.config.timing.retention,
    run: async () => {
      const at = await now(parts.db)
      await forget(parts.db, since)
      since = at
      return 'done'
    },
  }
}
