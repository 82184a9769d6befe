// A web process is killed at every step of its transaction: the message is posted again, as the carrier does, and
// has acted once, whatever had become of it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { length, limit } from './lengths.ts'
import { newSid, sayOf } from './phones.ts'
import { type FaultStage, faultStage } from './stage.ts'
import { expectSafe } from './truth.ts'
import { openQuick } from './votes.ts'

let stage: FaultStage
beforeAll(async () => {
  stage = await faultStage({ webs: 1, workers: 1 })
})
afterAll(() => stage?.end())

const points = ['before_begin', 'after_lock', 'before_write', 'before_commit', 'after_commit', 'before_answer']

test.for(points)('killed at %s', limit(60), async (point) => {
  const people = await stage.join(length(6, 60))
  const slug = `kill-${point.replaceAll('_', '-')}`
  await openQuick(stage, slug)
  const victim = await stage.start('web', { COOPLINE_FAILPOINT: `${point}:2` })
  const place = stage.webs().indexOf(victim)
  const sids = people.map(() => newSid())
  // The first passes; the others are in the batch, or behind it, that ends with the process.
  for (const [at, person] of people.entries()) {
    const post = stage.phones.vote(person, slug, 1 + (at % 2), { sid: sids[at] ?? '', web: place })
    if (at === 0) await post
  }
  expect(await victim.ended).toBe('SIGKILL')
  const button = (at: number) =>
    ({ sid: sids[at] ?? '', channel: 'whatsapp', button: `v.${slug}.${1 + (at % 2)}` }) as const
  const answers = await Promise.all(
    people.map((person, at) => stage.phones.insist(person, `option ${1 + (at % 2)}`, button(at))),
  )
  expect(answers.map(sayOf).every((said) => said.startsWith('Counted: '))).toBe(true)
  const truth = await expectSafe(stage)
  const mine = truth.ballots.filter(({ vote }) => vote === slug)
  expect(mine.map(({ sid }) => sid).toSorted()).toEqual(sids.toSorted())
})
