// What must hold whatever the speed: messages at once and repeats, over one web process and over two. Each check walks
// senders of its own through the dialogue and then holds the database against what they sent.
import { setTimeout as sleep } from 'node:timers/promises'
import { mistakesIn, readLedger } from './audit.ts'
import { type Connection, openConnection, type Reply, saidIn } from './client.ts'
import type { Person, StepName } from './dialogue.ts'
import { sidOf, signedRequest } from './form.ts'
import type { Walk } from './load.ts'
import { holds, type Texts } from './texts.ts'

/** Where a check takes place: two web processes on one database, which may be the same one twice. */
export interface Scene {
  readonly url: string
  readonly texts: Texts
  readonly ports: readonly [number, number]
}

export interface Checked {
  readonly name: string
  readonly messages: number
  readonly mistakes: readonly string[]
  /** What else is to be told. */
  readonly note?: string
}

/** Tells of each walk what went wrong with it; the database is held against all walks afterwards. */
export async function check(
  name: string,
  scene: Scene,
  walks: readonly Walk[],
  walk: (walk: Walk) => Promise<string[]>,
): Promise<Checked> {
  const before = await readLedger(scene.url)
  const wrong = await eachOf(walks, 32, walk)
  const messages = walks.reduce((sum, each) => sum + each.messages.length, 0)
  return { name, messages, mistakes: [...wrong, ...mistakesIn(before, await readLedger(scene.url), walks)] }
}

async function eachOf<T>(all: readonly T[], width: number, use: (one: T) => Promise<string[]>): Promise<string[]> {
  const left = [...all]
  const wrong: string[] = []
  const work = async () => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) wrong.push(...(await use(one)))
  }
  await Promise.all(Array.from({ length: width }, work))
  return wrong
}

async function withConnections<T>(
  ports: readonly number[],
  use: (connections: Connection[]) => Promise<T>,
): Promise<T> {
  const connections = ports.map(openConnection)
  const result = await use(connections)
  for (const connection of connections) connection.close()
  return result
}

const about = ({ person }: Walk, what: string, { status, body }: Reply): string =>
  `${what} of sender ${person.n}: ${status} ${body.slice(0, 300)}`

const isRight = ({ texts }: Scene, { person }: Walk, step: StepName, { status, body }: Reply): boolean =>
  status === 200 && holds(texts[person.channel][step], person, saidIn(body))

// A stranger's first three digits: whatever their order, one is asked her language, one tells what the co-op is, and
// one makes her a member. Which reply came to which message tells in what order they were handled.
const three: readonly StepName[] = ['welcome', 'about', 'joined']

/** Three messages at once by each of these people. */
export async function bursts(name: string, scene: Scene, people: readonly Person[]): Promise<Checked> {
  const [one, other] = scene.ports
  let inOrder = 0
  const walks = people.map((person) => burstOf(person))
  const checked = await check(name, scene, walks, (walk) =>
    withConnections([one, other, one], async (connections) => {
      const replies = await Promise.all(
        walk.messages.map(({ request }, at) => connections[at]?.send(request) ?? lost),
      )
      const heard = replies.map((reply) => three.find((step) => isRight(scene, walk, step, reply)))
      if (heard.every((step, at) => step === three[at])) inOrder++
      return three.flatMap((step, at) =>
        heard.includes(step) ? [] : about(walk, `no ${step} in a burst`, replies[at] ?? lost),
      )
    }),
  )
  return { ...checked, note: `${inOrder} of ${people.length} in the order they were sent, none lost` }
}

const lost: Reply = { status: 0, body: 'not sent' }

const burstOf = (person: Person): Walk => ({
  person,
  messages: three.map((step, at) => ({ step, request: signedRequest(person, '1', sidOf(person, at)) })),
})

/** Every message twice, the repeat at once or some time after the answer: the same bytes, and acts once. */
export const repeats = (name: string, scene: Scene, walks: readonly Walk[], afterMs: number): Promise<Checked> =>
  check(name, scene, walks, (walk) =>
    withConnections(scene.ports, async ([one, other]) => {
      const wrong: string[] = []
      for (const { step, request } of walk.messages) {
        const first = one?.send(request) ?? Promise.resolve(lost)
        if (afterMs > 0) await first.then(() => sleep(afterMs))
        const [reply, repeat] = await Promise.all([first, other?.send(request) ?? lost])
        if (!isRight(scene, walk, step, reply)) wrong.push(about(walk, step, reply))
        if (repeat.body !== reply.body) wrong.push(about(walk, `repeat of ${step}`, repeat))
      }
      return wrong
    }),
  )
