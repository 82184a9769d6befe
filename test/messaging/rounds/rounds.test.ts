// The worker's loop: at its interval, at once by bell, never twice at once.
import pino from 'pino'
import { expect, test } from 'vitest'
import { type Rest, startRounds } from '../../../src/messaging/rounds/rounds.ts'

const log = pino({ level: 'silent' })
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function counting(everyMs: number, run: (n: number) => Promise<Rest> = async () => 'done') {
  let runs = 0
  return { name: 'a', everyMs, run: () => run(++runs), runs: () => runs }
}

test('a round runs at its interval', async () => {
  const round = counting(20)
  const rounds = startRounds([round], log)
  await pause(150)
  await rounds.stop()
  expect(round.runs()).toBeGreaterThanOrEqual(4)
  expect(round.runs()).toBeLessThanOrEqual(9)
})

test('a bell runs it at once, and bells during a run make one more', async () => {
  const round = counting(60_000, async () => {
    await pause(20)
    return 'done'
  })
  const rounds = startRounds([round], log)
  await pause(30)
  for (let n = 0; n < 10; n++) rounds.ring('a')
  await pause(10)
  for (let n = 0; n < 10; n++) rounds.ring('a')
  await pause(60)
  await rounds.stop()
  expect(round.runs()).toBe(3)
})

test('a round that has more to do goes on, one that knows when comes back then', async () => {
  const round = counting(60_000, async (n) => (n < 5 ? 'more' : { inMs: 10 }))
  const rounds = startRounds([round], log)
  await pause(50)
  await rounds.stop()
  expect(round.runs()).toBeGreaterThanOrEqual(6)
})

test('one that fails comes again, later and later, and hinders no other', async () => {
  const bad = counting(5, async () => {
    throw new Error('on purpose')
  })
  const good = { ...counting(5), name: 'b' }
  const rounds = startRounds([bad, good], log)
  await pause(300)
  await rounds.stop()
  expect(bad.runs()).toBe(1)
  expect(good.runs()).toBeGreaterThan(10)
})

test('stopping waits for what runs and for what it left under way', async () => {
  const done: string[] = []
  const run = async (): Promise<Rest> => {
    await pause(30)
    done.push('run')
    return 'more'
  }
  const drain = async () => {
    await pause(10)
    done.push('drained')
  }
  const rounds = startRounds([{ name: 'a', everyMs: 1, run, drain }], log)
  await pause(5)
  await rounds.stop()
  expect(done).toEqual(['run', 'drained'])
})
