// Ballots that race the close of their vote, by the clock and by many hands at once, one web process living ten
// minutes ahead and one ten minutes behind: what was answered "counted" is what was counted.
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeVote, findVote } from '../../src/coop/votes/queries.ts'
import { length, limit, sleep, until } from './lengths.ts'
import { type Person, type Post, sayOf } from './phones.ts'
import { type FaultStage, faultStage } from './stage.ts'
import { expectSafe } from './truth.ts'
import { clearRoll, openQuick, openSilent } from './votes.ts'

let stage: FaultStage
beforeAll(async () => {
  stage = await faultStage({ webs: 1, workers: 2 })
  await Promise.all([stage.start('web', {}, clockOff(600)), stage.start('web', {}, clockOff(-600))])
})
afterAll(() => stage?.end())

/** Words to node that shift the clock of the whole process, as a machine's that was set wrong. */
function clockOff(seconds: number): string[] {
  const script = `
    const Real = Date
    const now = () => Real.now() + ${seconds * 1000}
    globalThis.Date = class extends Real {
      constructor(...given) { given.length > 0 ? super(...given) : super(now()) }
      static now() { return now() }
    }`
  return ['--import', `data:text/javascript,${encodeURIComponent(script)}`]
}

/** Everybody votes at about one instant, each on another process than the one before. */
function allVote(people: readonly Person[], slug: string): Promise<Post[]> {
  return Promise.all(
    people.map(async (person, at) => {
      await sleep(Math.random() * 60)
      return stage.phones.vote(person, slug, 1 + (at % 3), { web: at % 3 })
    }),
  )
}

async function expectCounted(posts: readonly Post[], slug: string): Promise<number> {
  const vote = await findVote(stage.db, stage.charter.id, slug)
  const options = ['For', 'Against', 'Abstain']
  const said = posts.map(sayOf)
  const counted = options.map((option) => said.filter((each) => each.startsWith(`Counted: ${option}.`)).length)
  expect(vote?.outcome?.counts).toEqual(counted)
  const late = said.filter((each) => / closed |is closed|not counted/.test(each)).length
  expect(late).toBe(posts.length - counted.reduce((sum, count) => sum + count, 0))
  return late
}

test('ballots at the closing instant, round after round', limit(60), async () => {
  let late = 0
  const rounds = length(20, 200)
  for (let round = 0; round < rounds; round++) {
    await clearRoll(stage)
    const people = await stage.join(9)
    const slug = `race-${round}`
    await openSilent(stage, slug)
    const byHand = round % 2 === 0
    if (!byHand)
      await sql`update proposals set closes_at = coopline_now() + interval '40 ms' where slug = ${slug}`.execute(
        stage.db,
      )
    const closing = byHand
      ? sleep(30).then(() => closeVote(stage.db, { coop: stage.charter.id, slug, by: 'an organiser' }))
      : undefined
    const posts = await allVote(people, slug)
    await closing
    await until('the vote is closed', async () => {
      return (await findVote(stage.db, stage.charter.id, slug))?.status === 'closed'
    })
    late += await expectCounted(posts, slug)
  }
  // The race was one: some came in time and some too late.
  expect(late).toBeGreaterThan(rounds)
  expect(late).toBeLessThan(8 * rounds)
  await expectSafe(stage)
})

test('twenty close at once: one outcome, told once to each', limit(40), async () => {
  await clearRoll(stage)
  const people = await stage.join(8)
  await openQuick(stage, 'twenty')
  await allVote(people, 'twenty')
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      closeVote(stage.db, { coop: stage.charter.id, slug: 'twenty', by: `organiser ${at}` }),
    ),
  )
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(outcomes.map(() => outcomes[0]?.outcome))
  await expectSafe(stage)
  const { rows } = await sql`select from broadcasts where proposal = 'twenty' and kind = 'outcome'`.execute(
    stage.db,
  )
  expect(rows.length).toBe(1)
})
