// Sessions over the death of a process: the web process is killed again and again under load, and once Redis is
// emptied with it. Whoever got no answer sends the same bytes again, as the carrier does.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Checked, check, type Scene } from './checks.ts'
import { type Connection, openConnection, type Reply, saidIn } from './client.ts'
import type { Walk } from './load.ts'
import { type Place, type Running, startOurs } from './place.ts'
import { holds } from './texts.ts'

/** Walks all while a web process of its own is killed so many times. */
export async function restarts(
  place: Place,
  scene: Omit<Scene, 'ports'>,
  walks: readonly Walk[],
  times: number,
): Promise<Checked> {
  let web = await startOurs(place, 'web', scene.url)
  const { port } = web
  const state = { walked: false, kills: 0 }
  const killing = killAgain(times, state, async (time) => {
    await web.stop('SIGKILL')
    if (time === 1) await place.settle()
    web = await startOurs(place, 'web', scene.url, { port })
    return web
  })
  const checked = await check('sessions outlive kill -9', { ...scene, ports: [port, port] }, walks, (walk) =>
    walkThrough(port, scene, walk),
  )
  state.walked = true
  await killing
  await web.stop()
  const enough = state.kills > 0 ? [] : ['the load was over before the first kill']
  return {
    ...checked,
    mistakes: [...enough, ...checked.mistakes],
    note: `${state.kills} kills${state.kills > 1 ? ', Redis emptied with one of them' : ''}`,
  }
}

async function killAgain(
  times: number,
  state: { readonly walked: boolean; kills: number },
  kill: (time: number) => Promise<Running>,
): Promise<void> {
  for (let time = 0; time < times; time++) {
    await sleep(150)
    if (state.walked) return
    await kill(time)
    state.kills++
  }
}

async function walkThrough(port: number, { texts }: Omit<Scene, 'ports'>, walk: Walk): Promise<string[]> {
  const { person, messages } = walk
  const connection = openConnection(port)
  const wrong: string[] = []
  for (const { step, request } of messages) {
    const { status, body } = await untilAnswered(connection, request)
    if (status !== 200 || !holds(texts[person.channel][step], person, saidIn(body)))
      wrong.push(`${step} of sender ${person.n}: ${status} ${body.slice(0, 300)}`)
  }
  connection.close()
  return wrong
}

const patienceMs = 20_000

async function untilAnswered(connection: Connection, request: Buffer): Promise<Reply> {
  const until = performance.now() + patienceMs
  for (;;) {
    const reply = await connection.send(request)
    if ((reply.status !== 0 && reply.status < 500) || performance.now() > until) return reply
    await sleep(40)
  }
}
