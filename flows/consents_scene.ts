// What the consents flow sees of its world: the purpose that is meant, how it stands, and what a yes or a no to it
// establishes. Nothing here gives or withdraws a consent.
import type { Pickable, Scene } from '../src/conversation/flow.ts'
import type { Gaps } from '../src/conversation/reply.ts'
import {
  numberOf,
  purposeAt,
  type Standing,
  shownTo,
  standingOf,
  standingUnder,
} from '../src/coop/consents/consent.ts'
import type { Fact } from '../src/coop/facts.ts'

export interface Answers {
  action: 'on' | 'off'
  /** The number that followed the command. */
  rest: string
  /** She said in a sentence that it is her data, not her messages. */
  of: 'data'
  purpose: string
}
type Here = Scene<Answers>

const purposeOf = ({ world, answers }: Here) => world.charter.purposes.find(({ id }) => id === answers.purpose)

/** Whether the co-op still asks for the purpose that she was asked about. */
export const isAsked = (scene: Here): boolean =>
  scene.answers.purpose === undefined || purposeOf(scene)?.retired === false

/** The purpose that she means by its number; nothing where there is none. */
export function byNumber({ world, answers }: Here): Partial<Answers> {
  const purpose = purposeAt(world.charter, Number(answers.rest ?? 0))
  return purpose ? { purpose: purpose.id } : {}
}

/** Where a wish leads: to the one purpose that it names, if it does. */
export function wished({ answers }: Here): 'on' | 'off' | 'none' {
  if (!answers.purpose) return 'none'
  return answers.action === 'off' ? 'off' : 'on'
}

/** What is said where no purpose is meant: OFF alone may mean her messages too. */
export function withoutOne({ world, answers }: Here): 'unknown' | 'which_off' | 'pick_off' | 'none_on' | 'list' {
  if (answers.rest) return 'unknown'
  if (answers.action !== 'off') return 'list'
  if (answers.of !== 'data') return 'which_off'
  const isAnyOn = world.charter.purposes.some((purpose) => standingOf(purpose, world.consents) !== 'off')
  return isAnyOn ? 'pick_off' : 'none_on'
}

/** What is said where all is off: the list of uses is for members. */
export const noneOnText = ({ world }: Here): string => (world.member?.state === 'left' ? 'left' : 'text')

const standing = ({ world, answers }: Here): Standing =>
  standingUnder(world.charter, answers.purpose, world.consents)

/** Whether there is a yes to the words of today: she may have said it meanwhile, on another phone of hers. */
export const isOn = (scene: Here): boolean => standing(scene) === 'on'

/** Whether there is no yes to withdraw. With new words a purpose is neither on nor off: a yes reads them first. */
export const isOff = (scene: Here): boolean => standing(scene) === 'off'

/** Where a wish to switch a purpose on leads: to the words that a yes is to, where it is asked for at all. */
export function whenOn(scene: Here): 'is_on' | 'is_off' | 'notice' {
  if (standing(scene) === 'on') return 'is_on'
  return purposeOf(scene)?.retired ? 'is_off' : 'notice'
}

/** What is said of a purpose that is off: only a member can switch it on, and nobody one that is retired. */
export function isOffText(scene: Here): 'text' | 'left' | 'retired' {
  if (purposeOf(scene)?.retired) return 'retired'
  return scene.world.member?.state === 'left' ? 'left' : 'text'
}
/** Which list follows a number that no purpose has: whoever wanted to switch one off is never led to a yes. */
export const listFor = ({ answers }: Here): 'pick_off' | 'list' => (answers.action === 'off' ? 'pick_off' : 'list')

const shown = ({ world }: Here) => shownTo(world.charter, world.consents)

/** Every purpose that she is shown, by its number. */
export const all = (scene: Here): Pickable[] =>
  shown(scene).map(({ purpose: { id, name }, number }) => ({ id, digit: number, name: { words: name } }))

/** A line for every purpose, with how it stands. */
export const standings = (scene: Here): Gaps => ({
  lines: {
    lines: shown(scene).map(({ purpose, number }) => ({
      number,
      name: { words: purpose.name },
      state: { word: standingOf(purpose, scene.world.consents) },
    })),
  },
})

/** The highest number that a purpose has. */
export const highest = ({ world }: Here): Gaps => ({ last: world.charter.purposes.length })

/** What is said of one purpose. */
export const told = (scene: Here) => ({
  name: { words: purposeOf(scene)?.name ?? {} },
  number: numberOf(scene.world.charter, scene.answers.purpose ?? ''),
  receipt: scene.world.fresh.receipt,
})

/** What is said of a purpose together with the exact words that a yes is to. */
export const notice = (scene: Here): Gaps => ({
  ...told(scene),
  notice: { words: purposeOf(scene)?.notice.text ?? {} },
})

/** A yes to the words that she read. */
export const given = (scene: Here): Fact[] => [{ fact: 'consent_given', ...answered(scene) }]
/** A no to the words that she read. */
export const refused = (scene: Here): Fact[] => [{ fact: 'consent_refused', ...answered(scene) }]
/** The no that follows a yes: it takes back the words that she said yes to, whatever they are today. */
export function withdrawn(scene: Here): Fact[] {
  const given = scene.world.consents.find(({ purpose, on }) => on && purpose === scene.answers.purpose)
  const { version, language } = given ?? answered(scene)
  return [{ fact: 'consent_withdrawn', ...answered(scene), version, language }]
}

// Each is to this version of the notice, in this language, and has a receipt of its own.
const answered = (scene: Here) => ({
  purpose: scene.answers.purpose ?? '',
  version: purposeOf(scene)?.notice.version ?? 0,
  receipt: scene.world.fresh.receipt,
  language: scene.language,
})
