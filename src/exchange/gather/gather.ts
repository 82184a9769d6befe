// Gathers what arrives while a transaction runs into the next one. A message that cannot be stepped in time, or that
// fails by itself, is put aside; whatever happens to a batch, each of its messages ends once.
import type { Log } from '../../log.ts'
import { type LaneSlot, laneSlot } from '../../store/lane_slot.ts'
import type { Why } from '../aside/put_aside.ts'
import { runBatch } from '../batch/batch.ts'
import type { Exchange } from '../batch/exchange.ts'
import type { Left } from '../batch/slice.ts'
import { inLine } from '../lines.ts'
import type { Answer, Message } from '../message.ts'
import { turns } from '../turns.ts'
import { begins, longestGrowthMs, sizeToGrowTo } from './growth.ts'
import {
  heldUntil,
  lineOf,
  newQueue,
  putBack,
  type Queue,
  release,
  takeBatch,
  takeOverdue,
  type Waiting,
} from './queue.ts'
import { runsAgain } from './trouble.ts'

export interface Gather {
  /** Resolves to how the message ended; rejects where it could not even be put aside, so that it is sent again. */
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
  /** Keeps a message, which came `agoMs` ago, for the worker; resolves to its answer where it is handled already. */
  putAside(message: Message, why: Why, agoMs: number): Promise<Answer>
}

interface Gathering {
  readonly exchange: Exchange
  readonly settings: GatherSettings
  readonly queue: Queue
  readonly slots: readonly LaneSlot[]
  readonly running: Set<Promise<void>>
  announced: boolean
  /** Where a batch runs: the next one grows meanwhile. Without those whose end was waited for with patience. */
  readonly awaited: Set<LaneSlot>
  /** The next batch waits for so many messages, until `grown`. */
  growTo: number
  grown: NodeJS.Timeout | undefined
  stopping: boolean
}

const busyWaitMs = 2
/** A batch that takes longer waits for something, such as a slow disk: the others go on beside it. */
const patienceMs = 100
const mostTriesTogether = 4
const tick = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Opens a gather; its lanes are opened as they are needed. */
export function openGather(exchange: Exchange, settings: GatherSettings): Gather {
  const slots = Array.from({ length: settings.lanes }, () => laneSlot(settings.databaseUrl, settings.log))
  const gathering: Gathering = {
    exchange,
    settings,
    slots,
    queue: newQueue(),
    running: new Set(),
    announced: false,
    awaited: new Set(),
    growTo: 0,
    grown: undefined,
    stopping: false,
  }
  const sweep = setInterval(() => asideOverdue(gathering), Math.max(10, Math.min(250, settings.stepMs / 4)))
  return {
    submit: (message) => submit(gathering, message),
    stop: async () => {
      await drain(gathering)
      clearInterval(sweep)
      await Promise.all(slots.map((slot) => slot.close()))
    },
  }
}

function submit(gathering: Gathering, message: Message): Promise<Answer> {
  if (gathering.stopping) return Promise.reject(new Error('this process is stopping'))
  return new Promise((resolve, reject) => {
    const waiting = { message, resolve, reject, arrived: performance.now(), notBefore: 0, tries: 0, alone: false }
    gathering.queue.waiting.push(waiting)
    announce(gathering)
  })
}

// All that arrives in this turn of the event loop goes together, with what is read in the next (see `arrival.ts`).
function announce(gathering: Gathering): void {
  if (gathering.announced) return
  gathering.announced = true
  void turns(2).then(() => {
    gathering.announced = false
    pump(gathering)
  })
}

function pump(gathering: Gathering): void {
  const { queue, slots, settings, awaited, growTo } = gathering
  // Looked at once: a message held back at one look and free at the next would be neither taken nor waited for.
  const now = performance.now()
  const slot = begins(queue.waiting.length, awaited.size, growTo) ? slots.find(({ busy }) => !busy) : undefined
  const batch = slot ? takeBatch(queue, settings.most, now) : []
  if (slot && batch.length > 0) start(gathering, slot, batch)
  const until = heldUntil(queue, now)
  if (until !== undefined) setTimeout(() => announce(gathering), until - now)
}

function start(gathering: Gathering, slot: LaneSlot, batch: readonly Waiting[]): void {
  const { queue, settings } = gathering
  slot.busy = true
  gathering.awaited.add(slot)
  letGrow(gathering, 0)
  const goOn = () => {
    gathering.awaited.delete(slot)
    pump(gathering)
  }
  const patience = setTimeout(goOn, patienceMs)
  track(
    gathering,
    handle(gathering, slot, batch).finally(() => {
      clearTimeout(patience)
      release(queue, batch)
      slot.busy = false
      letGrow(gathering, sizeToGrowTo(batch.length, queue.waiting.length, settings.most))
      goOn()
    }),
  )
}

function letGrow(gathering: Gathering, to: number): void {
  clearTimeout(gathering.grown)
  gathering.growTo = to
  if (to === 0) return
  gathering.grown = setTimeout(() => {
    gathering.growTo = 0
    announce(gathering)
  }, longestGrowthMs)
}

function track({ running }: Gathering, work: Promise<void>): void {
  const tracked = work.finally(() => running.delete(tracked))
  running.add(tracked)
}

async function handle(gathering: Gathering, slot: LaneSlot, batch: readonly Waiting[]): Promise<void> {
  try {
    const lane = await slot.open()
    const left = await runBatch(
      lane,
      gathering.exchange,
      batch.map((each) => each.message),
    )
    settle(gathering, batch, left)
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    await slot.recover(error)
    sendBack(gathering, batch, error)
  }
}

function settle(gathering: Gathering, batch: readonly Waiting[], left: readonly Left[]): void {
  const waiters = new Map(batch.map((each) => [each.message, each]))
  const back: Waiting[] = []
  for (const each of left) {
    const waiter = waiters.get(each.message)
    if (!waiter) throw new Error('a batch answered a message that was not in it')
    if ('answer' in each) waiter.resolve(each.answer)
    else if ('error' in each) aside(gathering, waiter, each.error)
    else if ('aside' in each) aside(gathering, waiter, each.aside)
    else back.push(again(waiter, each))
  }
  putBack(gathering.queue, back)
}

function again(waiter: Waiting, left: Extract<Left, { again: string }>): Waiting {
  // What was remembered of her may have named the wrong lock.
  const message = { ...waiter.message, found: undefined }
  if (left.again === 'busy') return { ...waiter, message, notBefore: performance.now() + busyWaitMs }
  const sender = left.again === 'moved' ? left.sender : waiter.message.sender
  return { ...waiter, message: { ...message, sender } }
}

// A passing trouble runs the batch again; any other runs its messages one by one, and who fails again is put aside.
function sendBack(gathering: Gathering, batch: readonly Waiting[], error: Error): void {
  const passing = runsAgain(error)
  const event = passing ? 'batch_again' : 'batch_failed'
  gathering.settings.log.warn({ event, messages: batch.length, reason: error.message })
  const [only] = batch
  if (!passing && only && batch.length === 1) return aside(gathering, only, error)
  const back = batch.map((each) => ({
    ...each,
    tries: each.tries + 1,
    alone: !passing || each.tries + 1 >= mostTriesTogether,
    notBefore: passing ? performance.now() + 5 * (each.tries + 1) : 0,
  }))
  putBack(gathering.queue, back)
}

// Those of one person one after the other, and her next message waits until the last of them lies there: else a newer
// one could overtake it.
function aside(gathering: Gathering, waiter: Waiting, why: Why): void {
  const { queue, settings } = gathering
  const put = inLine(queue.asides, lineOf(waiter), () =>
    settings.putAside(waiter.message, why, performance.now() - waiter.arrived),
  )
  const ended = put.then(waiter.resolve, waiter.reject)
  track(
    gathering,
    ended.finally(() => announce(gathering)),
  )
}

// Whatever holds a message up, the carrier is answered in time: with silence now, and by the worker later.
function asideOverdue(gathering: Gathering): void {
  const overdue = takeOverdue(gathering.queue, performance.now() - gathering.settings.stepMs)
  for (const waiter of overdue) aside(gathering, waiter, 'late')
}

async function drain(gathering: Gathering): Promise<void> {
  gathering.stopping = true
  while (gathering.running.size > 0 || gathering.queue.waiting.length > 0) {
    pump(gathering)
    await Promise.race([...gathering.running, tick(20)])
  }
}
