// Every flow along every path in every language: nothing throws, everything that is to be said can be said and fits,
// every fact is one, and no node or text is left that nobody comes to.
import { describe, expect, test } from 'vitest'
import type { Reply } from '../../src/conversation/reply.ts'
import { newSession } from '../../src/conversation/session.ts'
import { longestRun } from '../../src/conversation/step/pace.ts'
import type { Language } from '../../src/coop/charter/charter.ts'
import { fact } from '../../src/coop/facts.ts'
import { machine } from '../../src/messaging/machine.ts'
import { countSegments } from '../../src/messaging/speak/segments.ts'
import { speak } from '../../src/messaging/speak/speak.ts'
import { nodesOf } from '../locales/files.ts'
import { drivers, spoken } from './coops.ts'
import { scenesOf } from './scenes.ts'
import { type Scene, stepAll, type Taken, walk } from './walker.ts'
import { worldOf } from './worlds.ts'

const nameOf = ({ flow, node, text }: Reply): string => `${flow}.${node}.${text}`

// What a member has asked to read at length: a notice and its question, and the text behind "read more".
const long = new Set(['consents.notice.text', 'vote.more.text'])

// Said by a session that nothing leads to, by a flood, and by whoever runs the machine.
const elsewhere = new Set(['machine.gone.text', 'machine.pause.text', 'machine.apology.text'])

function mostOf(replies: readonly Reply[], text: string): number {
  if (replies.some((reply) => long.has(nameOf(reply)))) return 3
  return /\p{Script=Devanagari}/u.test(text) ? 2 : 1
}

const walks = spoken.map(({ charter, language }) => ({
  title: `${charter.id} in ${language}`,
  scenes: scenesOf(charter, language),
}))

describe.each(walks)('$title', ({ scenes }) => {
  test.each(scenes)('$name', (scene) => {
    expect([...walked(scene).problems]).toEqual([])
  })
})

interface Walked {
  readonly problems: ReadonlySet<string>
  /** The names of all that was said. */
  readonly said: ReadonlySet<string>
}

// A scene is walked by the first test that looks at it: any of them can run alone.
const walksDone = new Map<Scene, Walked>()
function walked(scene: Scene): Walked {
  const before = walksDone.get(scene)
  if (before) return before
  const [problems, said] = [new Set<string>(), new Set<string>()]
  for (const taken of distinct(walk(scene))) {
    for (const each of taken.step.facts) fact.parse(each)
    for (const problem of check(taken)) problems.add(problem)
    for (const reply of taken.step.replies.flatMap((each) => [each, ...(each.brief ?? [])])) said.add(nameOf(reply))
  }
  walksDone.set(scene, { problems, said })
  return { problems, said }
}

// A hundred steps of a scene say and establish the same: it is looked at once.
function distinct(all: readonly Taken[]): Iterable<Taken> {
  const what = ({ step: { language, replies, facts } }: Taken) => JSON.stringify([language, replies, facts])
  return new Map(all.map((taken) => [what(taken), taken])).values()
}

function* check({ step, world }: Taken): Iterable<string> {
  const { language } = step
  const to = { charter: world.charter, language }
  for (const channel of ['sms', 'whatsapp'] as const) {
    const text = speak(step.replies, { ...to, channel })
    if (channel === 'sms') yield* tooLong(step.replies, text, language)
    if (/\{\{|undefined|NaN|\[object| {2}|^\s|\s$| [.]/.test(text)) yield `${channel} in ${language}: "${text}"`
  }
}

function* tooLong(replies: readonly Reply[], text: string, language: Language): Iterable<string> {
  const { segments, units } = countSegments(text)
  if (segments > mostOf(replies, text)) yield `${language} ${replies.map(nameOf)} takes ${units}: ${text}`
}

describe('all walks together', () => {
  test('every text of every flow has been said', () => {
    const said = new Set(walks.flatMap(({ scenes }) => scenes.flatMap((scene) => [...walked(scene).said])))
    const all = nodesOf('en').filter((name) => !name.startsWith('broadcast.') && !elsewhere.has(name))
    expect(all.filter((name) => !said.has(name))).toEqual([])
  })

  test('the words have no node that a flow lacks', () => {
    for (const name of nodesOf('en')) {
      const [flow = '', node = ''] = name.split('.')
      if (['broadcast', 'form', 'machine'].includes(flow)) continue
      expect(machine.flows[flow]?.nodes[node], name).toBeDefined()
    }
  })
})

test('a question whose node is gone ends politely, with the menu', () => {
  const open = { flow: 'join', node: 'renamed', answers: {}, serial: 1, askedAt: 0, retries: 0, reminded: false }
  const world = worldOf(drivers, 'en')
  for (const event of [
    { event: 'said', text: '1' },
    { event: 'pressed', digit: 1 },
  ] as const) {
    const step = stepAll({ ...newSession, open }, event, world)
    expect(step.replies.map(nameOf)).toEqual(['machine.gone.text', 'menu.menu.text'])
  }
})

test('a flood is told once to wait, then there is silence, and a stop is heard all the same', () => {
  const world = worldOf(drivers, 'en')
  let session = newSession
  const texts: string[] = []
  for (let at = 0; at <= longestRun + 1; at++) {
    const step = stepAll(session, { event: 'volunteered', text: 'hello' }, { ...world, now: world.now + at })
    session = step.session
    texts.push(speak(step.replies, { charter: drivers, language: 'en', channel: 'sms' }))
  }
  expect(texts.slice(-3)).toEqual([texts[0], expect.stringMatching(/half a minute/), ''])
  const stopped = stepAll(session, { event: 'started', flow: 'stop', answers: { how: 'sentence' } }, world)
  expect(stopped.facts).toEqual([{ fact: 'opted_out', blocked: false }])
})
