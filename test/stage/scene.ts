// A dialogue while it is played: who is in it, who spoke last, which numbers they have. It talks to the stage only.
import { nothing, type Records } from './records.ts'
import type { Newcomer } from './script.ts'
import type { Handle, Person, Stage, Told } from './stage.ts'

export interface Scene {
  readonly stage: Stage
  readonly people: Map<string, Person>
  /** The charters' files as organisers have changed them. */
  readonly sources: Map<string, string>
  /** Who owns each member number, also after her addresses have gone. */
  readonly owners: Map<number, string>
  last?: Handle
  picture: Records
}

export const openScene = (stage: Stage): Scene => ({
  stage,
  people: new Map(),
  sources: new Map(),
  owners: new Map(),
  picture: nothing,
})

export function personIn({ people }: Scene, name: string): Person {
  const person = people.get(name)
  if (!person) throw new Error(`Nobody is called ${name}: write "${name} is a member by sms" first`)
  return person
}

/** The co-op that the stage's organiser belongs to: that of whoever came first. */
export const coopOf = ({ people }: Scene): string => people.values().next().value?.coop ?? 'drivers'

export const othersIn = ({ people }: Scene): Person[] => [...people.values()].filter(({ hidden }) => hidden)

/** The last number that she was given. */
export function numberOf({ owners }: Scene, name: string): number {
  const own = [...owners].filter(([, owner]) => owner === name).map(([number]) => number)
  const last = own.at(-1)
  if (last === undefined) throw new Error(`${name} has no member number yet`)
  return last
}

/** Somebody comes in; a member has joined before she says her first line. */
export async function enter(scene: Scene, newcomer: Newcomer, hidden = false): Promise<void> {
  const { numbered, ...rest } = newcomer
  const digits = String(301 + scene.people.size)
  // Numbers that are kept for fiction.
  const name = numbered ? { phone: `+447700900${digits}` } : { id: `GB.13491208655302${digits}` }
  const person: Person = { ...rest, ...name, hidden }
  scene.people.set(person.name, person)
  await scene.stage.meet(person)
  if (person.kind === 'member') await joinAs(scene, person)
  await look(scene)
}

async function joinAs({ stage }: Scene, person: Person): Promise<void> {
  const { languages } = stage.charterOf(person.coop)
  const handle = { person, channel: person.channel }
  const digit = languages.indexOf(person.language) + 1
  if (digit === 0) throw new Error(`${person.coop} does not speak ${person.language}`)
  const texts = ['JOIN', ...(languages.length > 1 ? [String(digit)] : []), '1']
  for (const text of texts) await stage.say(handle, { text })
}

/** Takes a new picture of what is kept; returns the one before. */
export async function look(scene: Scene): Promise<Records> {
  const before = scene.picture
  scene.picture = await scene.stage.records()
  for (const { number, person } of scene.picture.members)
    if (person !== null && !scene.owners.has(number)) scene.owners.set(number, person)
  return before
}

/** She sends something; the repeat of a webhook is hers then. */
export async function sayAs(scene: Scene, from: Handle, sent: Parameters<Stage['say']>[1]): Promise<Told[]> {
  scene.last = from
  return scene.stage.say(from, sent)
}
