// Every process is replaced under load, one after the other, as a new version is rolled out: nothing is lost,
// nothing is answered with an error, and each process ends in good order.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addressOn } from '../../src/coop/members/address.ts'
import { length, limit, sleep } from './lengths.ts'
import { expectAllKept, steady } from './load.ts'
import { type FaultStage, faultStage } from './stage.ts'
import { expectSafe } from './truth.ts'
import { openQuick } from './votes.ts'

let stage: FaultStage
beforeAll(async () => {
  stage = await faultStage({ rate: 40 })
})
afterAll(() => stage?.end())

test('a rolling restart under load', limit(60), async () => {
  const people = await stage.join(100)
  await openQuick(stage, 'rolling')
  const before = [...stage.children]
  let done = false
  const load = (async () => {
    const posts = []
    while (!done) posts.push(...(await steady(stage, people, { perSecond: 30, ms: 500, insist: true })))
    return posts
  })()
  for (let round = 0; round < length(1, 4); round++) {
    for (const child of [...stage.webs(), ...stage.workers()]) {
      await stage.start(child.role)
      expect(await stage.retire(child)).toBe('0')
      await sleep(length(100, 1000))
    }
  }
  done = true
  expectAllKept(await load)
  expect(
    stage.phones.posts.map(({ status }) => status).filter((status) => status !== undefined && status !== 200),
  ).toEqual([])
  expect(before.every((child) => child.hasEnded())).toBe(true)
  await expectSafe(stage)
  const received = people.map(({ phone }) => stage.carrier.received(addressOn('sms', phone)))
  const calls = received.map((all) => all.filter(({ body }) => body.includes('rolling')).length)
  expect(calls).toEqual(people.map(() => 1))
})
