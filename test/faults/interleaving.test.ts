// Messages of one member at once, on two web processes and two channels: what comes of them is what one after the
// other would have made of them, in the order in which they were committed, and none is lost.
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { length, limit } from './lengths.ts'
import { type Person, type Post, sayOf } from './phones.ts'
import { type FaultStage, faultStage } from './stage.ts'
import { expectSafe } from './truth.ts'
import { openSilent } from './votes.ts'

let stage: FaultStage
beforeAll(async () => {
  stage = await faultStage({ workers: 0 })
})
afterAll(() => stage?.end())

const slug = 'together'
type Word = 'ON 1' | 'OFF 1' | 'ON 2' | 'OFF 2' | 'one' | 'ballot 1' | 'ballot 2' | 'report' | 'other report'

/** What a member may send; each word is one message. */
const words: readonly Word[] = [
  ...(['ON 1', 'OFF 1', 'ON 2', 'OFF 2', 'one', 'one'] as const),
  ...(['ballot 1', 'ballot 2', 'report', 'other report'] as const),
]

function say(person: Person, word: Word, web: number): Promise<Post> {
  const { text, vote } = stage.phones
  if (word === 'ballot 1' || word === 'ballot 2') return vote(person, slug, Number(word.at(-1)), { web })
  const bodies: Partial<Record<Word, string>> = {
    one: '1',
    report: 'SHIFT 8.5 1900 300',
    'other report': 'SHIFT 9 2000 400',
  }
  return text(person, bodies[word] ?? word, { web })
}

/** The model: what each message does to a member, one after the other. It knows nothing of the program's own. */
interface State {
  /** The question that is open: a notice by its number, the menu, or the ballot. */
  readonly asked: 1 | 2 | 'menu' | 'ballot' | undefined
  readonly on: ReadonlySet<number>
  readonly ballot: number | undefined
  readonly versions: readonly string[]
}
const nothing: State = { asked: undefined, on: new Set(), ballot: undefined, versions: [] }

function after(state: State, word: Word): { state: State; says: RegExp } {
  const calm = { ...state, asked: undefined }
  const purpose = Number(word.at(-1))
  const isOn = state.on.has(purpose)
  if (word.startsWith('ON')) {
    if (isOn) return { state: calm, says: / is on\. / }
    return { state: { ...state, asked: purpose === 1 ? 1 : 2 }, says: /Share/ }
  }
  if (word.startsWith('OFF')) {
    const on = new Set([...state.on].filter((each) => each !== purpose))
    return { state: { ...calm, on }, says: isOn ? /^Off: / : / is off already/ }
  }
  if (word === 'one') return afterOne(state)
  if (word.startsWith('ballot')) {
    const says = [undefined, purpose].includes(state.ballot) ? /^Counted: / : /^Changed to: /
    // Pressed on WhatsApp: what was asked by SMS stays asked.
    return { state: { ...state, ballot: purpose }, says }
  }
  if (state.versions.at(-1) === word) return { state: calm, says: /Nothing has changed/ }
  const says = state.versions.length === 0 ? /^Saved: / : /^Corrected: /
  return { state: { ...calm, versions: [...state.versions, word] }, says }
}

function afterOne(state: State): { state: State; says: RegExp } {
  const { asked } = state
  if (asked === undefined) return { state: { ...state, asked: 'menu' }, says: /did not understand/ }
  if (asked === 'menu') return { state: { ...state, asked: 'ballot' }, says: /1 For/ }
  const calm = { ...state, asked: undefined }
  if (asked === 'ballot') return after(calm, 'ballot 1')
  return { state: { ...calm, on: new Set([...state.on, asked]) }, says: /^On: / }
}

async function committed(person: Person): Promise<string[]> {
  const { rows } = await sql<{ sid: string }>`
    select sid from inbound join contacts on contacts.id = contact_id where member_id = ${person.memberId}
    order by received_at, inbound.xmin::text::bigint`.execute(stage.db)
  return rows.map(({ sid }) => sid)
}

async function stateOf({ memberId }: Person) {
  const { db } = stage
  const consents = await db
    .selectFrom('consent_events')
    .select(['purpose', 'action', 'n'])
    .where('member_id', '=', memberId)
    .orderBy('n')
    .execute()
  const last = new Map(consents.map(({ purpose, action }) => [purpose, action]))
  const on = stage.charter.purposes.flatMap(({ id }, at) => (last.get(id) === 'given' ? [at + 1] : []))
  const ballots = await db.selectFrom('ballots').select('option').where('member_id', '=', memberId).execute()
  const reports = await db.selectFrom('reports').select('version').where('member_id', '=', memberId).execute()
  return { on, ballot: ballots[0]?.option, versions: reports.length }
}

function check(order: readonly string[], said: ReadonlyMap<string, { word: Word; post: Post }>): State {
  let state = nothing
  for (const sid of order) {
    const one = said.get(sid)
    if (!one) throw new Error(`${sid} was committed and never sent`)
    const next = after(state, one.word)
    expect(sayOf(one.post), one.word).toMatch(next.says)
    state = next.state
  }
  return state
}

const burst = fc.array(fc.record({ word: fc.constantFrom(...words), web: fc.nat(1), at: fc.nat(3) }), {
  minLength: 3,
  maxLength: 12,
})

test('any messages at once end as some order of them would', limit(60), async () => {
  const people = await stage.join(length(40, 400) + 60)
  await openSilent(stage, slug)
  let next = 0
  const property = fc.asyncProperty(burst, async (messages) => {
    const person = people[next++ % people.length]
    if (!person) throw new Error('nobody joined')
    const said = new Map<string, { word: Word; post: Post }>()
    await Promise.all(
      messages.map(async ({ word, web, at }) => {
        await new Promise((resolve) => setTimeout(resolve, at * 2))
        const post = await say(person, word, web)
        said.set(post.sid, { word, post })
      }),
    )
    expect([...said.values()].map(({ post }) => post.status)).toEqual(messages.map(() => 200))
    const order = await committed(person)
    expect(order.toSorted()).toEqual([...said.keys()].toSorted())
    const state = check(order, said)
    const { on, ballot, versions } = await stateOf(person)
    expect({ on, ballot, versions }).toEqual({
      on: [...state.on].toSorted(),
      ballot: state.ballot,
      versions: state.versions.length,
    })
  })
  await fc.assert(property, { numRuns: length(40, 400), endOnFailure: true })
  await expectSafe(stage)
})

test('three at once on two web processes: all three act, in some order', limit(40), async () => {
  const people = await stage.join(length(20, 200))
  const lines = ['8.5 1900 300', '9 2000 400', '9.5 2100 500']
  await Promise.all(
    people.map(async (person) => {
      const posts = await Promise.all(lines.map((line, at) => stage.phones.text(person, line, { web: at % 2 })))
      const said = posts.map((post) => sayOf(post).slice(0, 5)).toSorted()
      expect(said).toEqual(['Corre', 'Corre', 'Saved'])
      expect((await stateOf(person)).versions).toBe(3)
    }),
  )
  await expectSafe(stage)
})
