// What can happen on the stage beside what members send: a line of a dialogue that begins with "--". Each kind of line is
// one row of the table at the end.
import { coopOf, enter, numberOf, othersIn, personIn, type Scene, sayAs } from './scene.ts'
import {
  byInvitation,
  motionCalled,
  sourceOf,
  type Terms,
  withNewNotice,
  withOptionsSwapped,
  withoutPurpose,
} from './scenery.ts'
import type { Handle, Person, Sent, Told } from './stage.ts'

const minuteMs = 60_000
const unitMs: Readonly<Record<string, number>> = { minute: minuteMs, hour: 60 * minuteMs, day: 1440 * minuteMs }
const units = '(minute|hour|day)s?'

/** Does what a line says, and lets a minute pass after it. Throws where no row of the table fits. */
export async function direct(scene: Scene, direction: string): Promise<Told[]> {
  for (const [shape, act] of directions) {
    const words = shape.exec(direction)?.slice(1)
    if (words) return act(scene, ...words.map((word) => word ?? ''))
  }
  throw new Error(`Nothing on the stage is called "${direction}": test/stage/directions.ts has all that can happen`)
}

type Act = (scene: Scene, ...words: string[]) => Promise<Told[]>

const aMinute = ({ stage }: Scene): Promise<Told[]> => stage.pass(minuteMs)
/** Does something that only shows in what comes of it in the next minute. */
const quietly =
  (act: (scene: Scene, ...words: string[]) => Promise<unknown>): Act =>
  async (scene, ...words) => {
    await act(scene, ...words)
    return aMinute(scene)
  }
/** Does something that is answered at once. */
const telling =
  (act: Act): Act =>
  async (scene, ...words) => [...(await act(scene, ...words)), ...(await aMinute(scene))]

const spanMs = (count: string, unit: string): number => Number(count) * (unitMs[unit] ?? Number.NaN)
const handleOf = (scene: Scene, name: string): Handle => {
  const person = personIn(scene, name)
  return { person, channel: person.channel }
}
const sends = (change: (word: string, more: string) => Sent): Act =>
  telling((scene, name = '', word = '', more = '') => sayAs(scene, handleOf(scene, name), change(word, more)))

async function later(scene: Scene, count = '', unit = ''): Promise<Told[]> {
  const told = await scene.stage.pass(spanMs(count, unit))
  await scene.stage.publishMedians()
  return told
}

async function opens(scene: Scene, slug = '', said = ''): Promise<void> {
  const { charter, motion } = motionCalled(slug, scene.stage.charterOf(coopOf(scene)), termsOf(said))
  await scene.stage.openVote(charter, motion)
}

function termsOf(said: string): Terms {
  const spanIn = (shape: RegExp) => {
    const [, count = '', unit = ''] = shape.exec(said) ?? []
    return count === '' ? undefined : spanMs(count, unit) / 1000
  }
  const [open, notice] = [spanIn(/^(\d+) (minute|hour|day)s?/), spanIn(/notice (\d+) (minute|hour|day)s?/)]
  const quorum = /quorum (\d+)%/.exec(said)?.[1]
  return {
    ...(open !== undefined && { open }),
    ...(notice !== undefined && { notice }),
    ...(quorum !== undefined && { quorum: Number(quorum) }),
  }
}

async function atOnce(scene: Scene, name = '', count = '', said = ''): Promise<Told[]> {
  const [text = '', ...last] = said.split(', then ')
  const texts = [...Array.from({ length: Number(count) }, () => text), ...last]
  const told: Told[] = []
  for (const each of texts) told.push(...(await sayAs(scene, handleOf(scene, name), { text: each })))
  return told
}

async function changeCharter(scene: Scene, change: (source: string) => string): Promise<void> {
  const coop = coopOf(scene)
  const source = change(scene.sources.get(coop) ?? sourceOf(coop))
  scene.sources.set(coop, source)
  await scene.stage.applyCharter(source)
}

async function othersJoin(scene: Scene, count = ''): Promise<void> {
  const coop = coopOf(scene)
  const [language = 'en'] = scene.stage.charterOf(coop).languages
  const first = othersIn(scene).length + 1
  for (let at = first; at < first + Number(count); at++)
    await enter(scene, { name: `other${at}`, kind: 'member', channel: 'sms', language, coop, numbered: true }, true)
}

const othersText =
  (textsOf: (person: Person, at: number) => readonly string[]) =>
  async (scene: Scene): Promise<Told[]> => {
    const told: Told[] = []
    for (const [at, person] of othersIn(scene).entries())
      for (const text of textsOf(person, at))
        told.push(...(await scene.stage.say({ person, channel: 'sms' }, { text })))
    return told
  }

const partAt = (texts: string, at: number): string => texts.split('|')[at]?.trim() ?? ''

const directions: readonly (readonly [RegExp, Act])[] = [
  [new RegExp(`^(\\d+) ${units} later$`), later],
  [/^organiser opens ([a-z-]+)(?:: (.+))?$/, quietly(opens)],
  [/^organiser closes ([a-z-]+)$/, quietly((scene, slug = '') => scene.stage.closeVote(coopOf(scene), slug))],
  [/^organiser withdraws ([a-z-]+)$/, quietly((scene, slug = '') => scene.stage.withdrawVote(coopOf(scene), slug))],
  [
    /^organiser merges ([a-z]+) into ([a-z]+)$/,
    quietly((scene, gone = '', keep = '') =>
      scene.stage.merge(coopOf(scene), numberOf(scene, keep), numberOf(scene, gone)),
    ),
  ],
  [
    /^organiser erases ([a-z]+)$/,
    quietly((scene, name = '') => scene.stage.erase(coopOf(scene), numberOf(scene, name))),
  ],
  [
    /^charter changes the notice of ([a-z-]+)$/,
    quietly((scene, purpose = '') => changeCharter(scene, (source) => withNewNotice(source, purpose))),
  ],
  [
    /^charter retires ([a-z-]+)$/,
    quietly((scene, purpose = '') => changeCharter(scene, (source) => withoutPurpose(source, purpose))),
  ],
  [
    /^charter swaps the first options of ([a-z-]+)$/,
    quietly((scene, question = '') => changeCharter(scene, (source) => withOptionsSwapped(source, question))),
  ],
  [/^charter asks for invitations$/, quietly((scene) => changeCharter(scene, byInvitation))],
  [/^(\d+) others join$/, quietly(othersJoin)],
  [/^all others text (.+)$/, telling((scene, texts = '') => othersText(() => texts.split(', then '))(scene))],
  [
    /^the others text (.+)$/,
    telling((scene, texts = '') => othersText((_, at) => [partAt(texts, at)].filter(Boolean))(scene)),
  ],
  [
    /^twilio repeats the last webhook$/,
    async ({ stage, last }) => {
      if (!last) throw new Error('Nobody has sent anything yet that could be repeated')
      await stage.repeat(last)
      return []
    },
  ],
  [/^([a-z]+) presses (.+) \(([a-z0-9.-]+)\)$/, sends((text, button) => ({ text, button }))],
  [/^([a-z]+) sends a photo(?:: (.+))?$/, sends((text) => ({ text, attachment: 'photo' }))],
  [/^([a-z]+) sends her location$/, sends(() => ({ text: '', attachment: 'location' }))],
  [/^([a-z]+) replies to the call with (.+)$/, sends((text) => ({ text, replies: true }))],
  [/^([a-z]+) sends (\d+) texts at once: (.+)$/, telling(atOnce)],
  [/^redis is emptied$/, quietly(({ stage }) => stage.befall({ trouble: 'redis_emptied' }))],
  [/^redis is down$/, quietly(({ stage }) => stage.befall({ trouble: 'redis_down' }))],
  [/^redis comes back$/, quietly(({ stage }) => stage.befall({ trouble: 'redis_back' }))],
  [/^the web process is killed and started$/, quietly(({ stage }) => stage.befall({ trouble: 'web_killed' }))],
  [
    /^the carrier loses the next answer to ([a-z]+)$/,
    async (scene, name = '') => {
      await scene.stage.befall({ trouble: 'answer_lost', to: handleOf(scene, name) })
      return []
    },
  ],
  [
    /^the carrier says (\d+) to ([a-z]+)$/,
    async (scene, code = '', name = '') => {
      await scene.stage.befall({ trouble: 'refused', code: Number(code), to: handleOf(scene, name) })
      return []
    },
  ],
]
