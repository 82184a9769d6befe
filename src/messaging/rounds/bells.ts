// Says to workers, at once or later, that a round has something to do. A bell carries the round's name and nothing
// else; one that is lost, doubled or failed decides nothing, since sweeps find what no bell announced. Ringing
// never throws.
import { Queue, Worker } from 'bullmq'
import type { Log } from '../../log.ts'
import { connectRedis, type RedisClient } from '../../store/redis.ts'
import type { Timing } from '../../timing.ts'
import { onceAMinute } from './once_a_minute.ts'

export interface Bells {
  /** Rings for a round, once in so many milliseconds; resolves within the time that a bell may take. */
  ring(round: string, delayMs?: number): Promise<void>
  /** Hands on what rings, until closed. */
  listen(heard: (round: string) => void): void
  close(): Promise<void>
}

/** The bells of a machine without Redis: silent, so that sweeps do it all. */
const silent: Bells = { ring: async () => {}, listen: () => {}, close: async () => {} }

const name = 'bells'
// One slot of a cluster for all keys of the queue.
const prefix = '{coopline}'
const kept = { removeOnComplete: true, removeOnFail: { age: 60, count: 100 } }

/** Opens the bells behind a Redis, or behind a cluster where the url names several nodes. */
export function openBells(url: string | undefined, timing: Pick<Timing, 'bell' | 'drain'>, log: Log): Bells {
  if (url === undefined) return silent
  const hush = quieten(log)
  const connection = connectRedis(url, false, { maxRetriesPerRequest: 0 })
  hush(connection)
  let queue: Queue | undefined
  // BullMQ never recovers from a first greeting that failed: so it greets a Redis that is there, and anew if that
  // fails.
  connection.on('ready', () => {
    queue ??= new Queue(name, { connection, prefix, skipWaitingForReady: true, defaultJobOptions: kept })
    hush(queue)
    queue.waitUntilReady().catch(() => {
      queue = undefined
    })
  })
  const greeted = within(timing.bell, firstGreeting(connection))
  const added = async (round: string, delayMs: number) => {
    await greeted
    await add(queue, round, delayMs)
  }
  let worker: { close(): Promise<void> } | undefined
  return {
    ring: onceAtATime((round, delayMs) => within(timing.bell, added(round, delayMs))),
    listen: (heard) => {
      worker ??= listen(url, heard, hush)
    },
    close: async () => {
      await within(timing.drain, Promise.all([worker?.close(), queue?.close()]))
      connection.disconnect()
    },
  }
}

// A command rings as soon as it has opened its bells: before Redis has answered nobody would hear it.
const firstGreeting = (connection: RedisClient): Promise<void> =>
  new Promise((resolve) => {
    for (const event of ['ready', 'error', 'close']) connection.once(event, () => resolve())
  })

async function add(queue: Queue | undefined, round: string, delayMs: number): Promise<void> {
  // A later bell for one instant is put up once, however many ask for it. BullMQ takes no colon in an id.
  const at = Math.ceil((Date.now() + delayMs) / 1000)
  const id = delayMs > 0 ? { jobId: `${round}-at-${at}`.replaceAll(':', '_'), delay: delayMs } : {}
  await queue?.add('ring', { round }, id)
}

function listen(url: string, heard: (round: string) => void, hush: Hush): { close(): Promise<void> } {
  const connection = connectRedis(url, true, { maxRetriesPerRequest: null })
  const take = async (job: { readonly data: unknown }) => {
    const round = roundOf(job.data)
    if (round !== undefined) heard(round)
  }
  const worker = new Worker(name, take, { connection, prefix, concurrency: 16, drainDelay: 1, ...removal })
  hush(worker, connection)
  return {
    close: async () => {
      await worker.close(true)
      connection.disconnect()
    },
  }
}

const removal = { removeOnComplete: { count: 0 }, removeOnFail: { age: 60, count: 100 } }

function roundOf(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('round' in data)) return undefined
  return typeof data.round === 'string' ? data.round : undefined
}

/** While a bell is on its way others of the same name are one: it rings once more after it. */
function onceAtATime(ring: (round: string, delayMs: number) => Promise<void>): Bells['ring'] {
  const ringing = new Map<string, { again: boolean }>()
  const start = async (round: string): Promise<void> => {
    const state = { again: false }
    ringing.set(round, state)
    await ring(round, 0)
    ringing.delete(round)
    if (state.again) void start(round)
  }
  return async (round, delayMs = 0) => {
    const present = ringing.get(round)
    if (delayMs > 0) await ring(round, delayMs)
    else if (present) present.again = true
    else await start(round)
  }
}

/** Waits for it or for so long, and never throws: what fails here is found by a sweep. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work.catch(() => {}), late])
  clearTimeout(timer)
}

type Hush = (...emitters: readonly { on(event: 'error', heard: (error: Error) => void): unknown }[]) => void

/** Without a listener an error would end the process; the operator needs one line a minute at most. */
function quieten(log: Log): Hush {
  const heard = onceAMinute((error: Error) => log.warn({ event: 'bells_silent', reason: error.message }))
  return (...emitters) => {
    for (const emitter of emitters) emitter.on('error', heard)
  }
}
