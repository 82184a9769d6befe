// Drives a stage: many senders, each walking her half of the dialogue one message after the other, in a closed loop (a
// free connection takes the next sender) or an open one (messages are due at fixed instants). Every reply is checked.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, openConnection, saidIn } from './client.ts'
import { type Person, type StepName, steps } from './dialogue.ts'
import { sidOf, signedRequest } from './form.ts'
import { holds, type Texts } from './texts.ts'

/** What a sender sends, made before the clock starts. */
export interface Walk {
  readonly person: Person
  readonly messages: readonly Message[]
}
export interface Message {
  readonly step: StepName
  readonly request: Buffer
}

export interface Outcome {
  readonly sent: number
  readonly seconds: number
  /** Milliseconds of each message, from the instant it was sent, or was due, to its whole answer; in ascending order. */
  readonly latencies: Float64Array
  readonly wrong: number
  /** The first replies that were not the expected ones. */
  readonly samples: readonly string[]
}

/** A walk through these steps; `from` counts the messages that she sent before. */
export const walkOf = (person: Person, names: readonly StepName[], from = 0): Walk => ({
  person,
  messages: names.map((step, at) => ({
    step,
    request: signedRequest(person, steps[step].send(person), sidOf(person, from + at)),
  })),
})

/** Keeps count of what came back. */
export interface Tally {
  add(walk: Walk, message: Message, since: number, status: number, body: string): boolean
  outcome(): Outcome
}

/** A tally that starts now. */
export function openTally(texts: Texts): Tally {
  const began = performance.now()
  const latencies: number[] = []
  const samples: string[] = []
  let wrong = 0
  return {
    add: ({ person }, { step }, since, status, body) => {
      latencies.push(performance.now() - since)
      const right = status === 200 && holds(texts[person.channel][step], person, saidIn(body))
      if (right) return true
      wrong++
      if (samples.length < 5) samples.push(`${step} of sender ${person.n}: ${status} ${body.slice(0, 300)}`)
      return false
    },
    outcome: () => ({
      sent: latencies.length,
      seconds: (performance.now() - began) / 1000,
      latencies: Float64Array.from(latencies).sort(),
      wrong,
      samples,
    }),
  }
}

interface Walker {
  readonly walk: Walk
  at: number
}

/** The senders who have something to say, in a random order that is the same in each run; loads may share them in turn. */
export interface Ready {
  /** One who has something to say; none where those who have wait for an answer. */
  take(): Walker | undefined
  /** Her last message is answered. */
  back(walker: Walker): void
  /** How many walks have not come to their end. */
  left(): number
}

/** All of these senders, ready for their first messages. */
export function readyOf(walks: readonly Walk[]): Ready {
  const ready: Walker[] = walks.map((walk) => ({ walk, at: 0 }))
  let left = walks.length
  let seed = 1
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return seed / 2 ** 32
  }
  return {
    take: () => {
      const at = Math.floor(random() * ready.length)
      const [last] = ready.splice(-1)
      const chosen = ready[at]
      if (last === undefined || chosen === undefined) return last
      ready[at] = last
      return chosen
    },
    back: (walker) => {
      if (walker.at < walker.walk.messages.length) ready.push(walker)
      else left--
    },
    left: () => left,
  }
}

async function sendNext(connection: Connection, walker: Walker, tally: Tally, due?: number): Promise<void> {
  const message = walker.walk.messages[walker.at++]
  if (!message) throw new Error(`sender ${walker.walk.person.n} has nothing left to say`)
  const since = due ?? performance.now()
  const { status, body } = await connection.send(message.request)
  tally.add(walker.walk, message, since, status, body)
}

/** So many messages, or all to the ends of their walks: each connection takes the next one as soon as it is free. */
export async function closedLoop(
  port: number,
  texts: Texts,
  ready: Ready,
  width: number,
  most = Number.POSITIVE_INFINITY,
): Promise<Outcome> {
  const tally = openTally(texts)
  let begun = 0
  const work = async (connection: Connection) => {
    while (ready.left() > 0 && begun < most) {
      const walker = ready.take()
      if (!walker) {
        await sleep(1)
        continue
      }
      begun++
      await sendNext(connection, walker, tally)
      ready.back(walker)
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: width }, () => work(openConnection(port))))
  return tally.outcome()
}

/** `rate` messages a second at fixed instants for so many seconds, whatever the stage does. */
export async function openLoop(
  port: number,
  texts: Texts,
  ready: Ready,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<Outcome> {
  const tally = openTally(texts)
  const idle: Connection[] = []
  const underWay = new Set<Promise<void>>()
  const began = performance.now()
  const post = async (due: number) => {
    const walker = ready.take()
    if (!walker) throw new Error('the open loop has too few senders for its rate')
    const connection = idle.pop() ?? openConnection(port)
    await sendNext(connection, walker, tally, due)
    idle.push(connection)
    ready.back(walker)
  }
  for (let sent = 0; sent < rate * seconds; ) {
    for (; sent < rate * seconds && performance.now() >= began + (sent * 1000) / rate; sent++) {
      const posted = post(began + (sent * 1000) / rate).finally(() => underWay.delete(posted))
      underWay.add(posted)
    }
    await sleep(1)
  }
  await Promise.all(underWay)
  for (const connection of idle) connection.close()
  return tally.outcome()
}

/** A percentile of ascending values. */
export const percentile = (ascending: Float64Array, percent: number): number =>
  ascending[Math.max(0, Math.ceil((percent / 100) * ascending.length) - 1)] ?? 0
