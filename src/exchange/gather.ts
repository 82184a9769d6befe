// Gathers what arrives while a transaction runs into the next one: at most one message of each person, the others in
// their order behind it. A message that cannot be stepped in time, or that fails by itself, is put aside.
import type { Log } from '../log.ts'
import { type Exchange, type Left, runBatch } from './batch.ts'
import { type Lane, openLane } from './lane.ts'
import type { Answer, Message } from './message.ts'
import { runsAgain } from './trouble.ts'

export interface Gather {
  /** Resolves to how the message ended; rejects where it could not even be put aside: the carrier must send it again. */
  submit(message: Message): Promise<Answer>
  /** Waits for what is under way and closes the lanes. */
  stop(): Promise<void>
}

export interface GatherSettings {
  readonly databaseUrl: string
  readonly lanes: number
  /** Most messages of one transaction. */
  readonly most: number
  /** Milliseconds until a message that waits is put aside. */
  readonly stepMs: number
  readonly log: Log
  /** Keeps a message for the worker; resolves to its answer where it turns out to be handled. */
  putAside(message: Message, error: Error | undefined): Promise<Answer>
}

interface Waiting {
  readonly message: Message
  readonly arrived: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
  /** Not before this instant: its lock is elsewhere for a moment. */
  notBefore: number
  /** Ran in a batch that failed: it is tried alone, and then put aside. */
  tries: number
  alone: boolean
}

const busyWaitMs = 2
const mostTries = 4
const reconnectMs = 100

/** Opens the lanes as they are needed. */
export function openGather(exchange: Exchange, settings: GatherSettings): Gather {
  let waiting: Waiting[] = []
  let stopping = false
  let announced = false
  const lines = new Set<string>()
  const running = new Set<Promise<void>>()
  const slots = Array.from({ length: settings.lanes }, () => laneSlot(settings))

  function announce(): void {
    if (announced) return
    announced = true
    setImmediate(() => {
      announced = false
      pump()
    })
  }

  function pump(): void {
    for (const slot of slots) {
      if (slot.busy || waiting.length === 0) continue
      const batch = take()
      if (batch.length > 0) start(slot, batch)
    }
    wakeForHeld()
  }

  /** The next batch: first come first, one of each person; a message that must run alone does. */
  function take(): Waiting[] {
    const batch: Waiting[] = []
    const rest: Waiting[] = []
    const held = new Set(lines)
    const now = Date.now()
    for (const each of waiting) {
      const { line } = each.message.sender
      const fits = batch.length < settings.most && (batch.length === 0 || !(each.alone || batch[0]?.alone))
      if (fits && !held.has(line) && each.notBefore <= now) batch.push(each)
      else rest.push(each)
      held.add(line)
    }
    waiting = rest
    return batch
  }

  let wake: NodeJS.Timeout | undefined
  function wakeForHeld(): void {
    if (wake || waiting.length === 0 || slots.every((slot) => slot.busy)) return
    const soonest = Math.min(...waiting.map((each) => each.notBefore))
    if (soonest <= Date.now()) return
    wake = setTimeout(() => {
      wake = undefined
      pump()
    }, soonest - Date.now())
  }

  function start(slot: LaneSlot, batch: Waiting[]): void {
    for (const each of batch) lines.add(each.message.sender.line)
    slot.busy = true
    const run = handle(slot, batch).finally(() => {
      for (const each of batch) lines.delete(each.message.sender.line)
      slot.busy = false
      running.delete(run)
      pump()
    })
    running.add(run)
  }

  async function handle(slot: LaneSlot, batch: Waiting[]): Promise<void> {
    try {
      const lane = await slot.open()
      settle(
        batch,
        await runBatch(
          lane,
          exchange,
          batch.map((each) => each.message),
        ),
      )
    } catch (error) {
      await slot.recover(error)
      sendBack(batch, error instanceof Error ? error : new Error(String(error)))
    }
  }

  function settle(batch: readonly Waiting[], left: readonly Left[]): void {
    const byMessage = new Map(batch.map((each) => [each.message, each]))
    const back: Waiting[] = []
    for (const each of left) {
      const waiter = byMessage.get(each.message)
      if (!waiter) throw new Error('a batch answered a message that was not in it')
      if ('answer' in each) waiter.resolve(each.answer)
      else if ('error' in each) aside(waiter, each.error)
      else back.push(held(waiter, each))
    }
    requeue(back)
  }

  function held(waiter: Waiting, left: Extract<Left, { again: string }>): Waiting {
    if (left.again === 'busy') return { ...waiter, notBefore: Date.now() + busyWaitMs }
    return { ...waiter, message: { ...waiter.message, sender: left.sender, found: Promise.resolve(undefined) } }
  }

  function sendBack(batch: readonly Waiting[], error: Error): void {
    const passing = runsAgain(error)
    settings.log.warn({
      event: passing ? 'batch_again' : 'batch_failed',
      messages: batch.length,
      reason: error.message,
    })
    const back: Waiting[] = []
    for (const each of batch) {
      const tries = each.tries + 1
      if (!passing && batch.length === 1) aside(each, error)
      else
        back.push({
          ...each,
          tries,
          alone: !passing || tries >= mostTries,
          notBefore: Date.now() + (passing ? 5 * tries : 0),
        })
    }
    requeue(back)
  }

  // They have been waiting longest, so they go first.
  function requeue(back: readonly Waiting[]): void {
    waiting = [...back, ...waiting]
    if (waiting.length > 0) announce()
  }

  function aside(waiter: Waiting, error: Error | undefined): void {
    const kept = settings.putAside(waiter.message, error).then(waiter.resolve, waiter.reject)
    const tracked = kept.finally(() => running.delete(tracked))
    running.add(tracked)
  }

  // Whatever holds a message up, she is answered in time: by silence now, and by the worker later.
  const overdue = setInterval(
    () => {
      const latest = Date.now() - settings.stepMs
      const late = waiting.filter((each) => each.arrived < latest)
      if (late.length === 0) return
      waiting = waiting.filter((each) => each.arrived >= latest)
      for (const each of late) aside(each, undefined)
    },
    Math.min(250, settings.stepMs / 4),
  )

  return {
    submit: (message) =>
      new Promise((resolve, reject) => {
        if (stopping) return reject(new Error('this process is stopping'))
        waiting.push({ message, arrived: Date.now(), resolve, reject, notBefore: 0, tries: 0, alone: false })
        announce()
      }),
    stop: async () => {
      stopping = true
      while (running.size > 0 || waiting.length > 0) {
        pump()
        await Promise.race([...running, new Promise((resolve) => setTimeout(resolve, 20))])
      }
      clearInterval(overdue)
      await Promise.all(slots.map((slot) => slot.close()))
    },
  }
}

interface LaneSlot {
  busy: boolean
  open(): Promise<Lane>
  /** After an error: the transaction is rolled back, or the connection given up. */
  recover(error: unknown): Promise<void>
  close(): Promise<void>
}

function laneSlot({ databaseUrl, log }: GatherSettings): LaneSlot {
  let lane: Lane | undefined
  const drop = (error: Error) => {
    if (lane) log.warn({ event: 'lane_lost', reason: error.message })
    lane = undefined
  }
  return {
    busy: false,
    open: async () => {
      lane ??= await openLane(databaseUrl, drop)
      return lane
    },
    recover: async (error) => {
      const failed = lane
      if (!failed) return void (await new Promise((resolve) => setTimeout(resolve, reconnectMs)))
      try {
        await failed.rollback()
      } catch {
        drop(error instanceof Error ? error : new Error(String(error)))
        await failed.close().catch(() => {})
      }
    },
    close: async () => {
      await lane?.close().catch(() => {})
      lane = undefined
    },
  }
}
