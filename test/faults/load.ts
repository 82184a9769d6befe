// A steady load of reports by many members, for the tests that break something under it.
import { expect } from 'vitest'
import { length, quantile, sleep } from './lengths.ts'
import type { Person, Post } from './phones.ts'
import { sayOf } from './phones.ts'
import type { FaultStage } from './stage.ts'

let turn = 0

/** Reports at an even pace, each of another member and none like the one before; resolves with all posts. */
export async function steady(
  { phones }: FaultStage,
  people: readonly Person[],
  { perSecond, ms, insist = false }: { perSecond: number; ms: number; insist?: boolean },
): Promise<Post[]> {
  const posts: Promise<Post>[] = []
  const since = performance.now()
  while (performance.now() - since < ms) {
    const person = people[turn % people.length]
    if (!person) throw new Error('A load needs people')
    const line = `SHIFT 8.5 ${1500 + (turn++ % 400)} 300`
    posts.push(insist ? phones.insist(person, line) : phones.text(person, line))
    await sleep(Math.max(0, (posts.length * 1000) / perSecond - (performance.now() - since)))
  }
  return await Promise.all(posts)
}

/** Every post was answered with 200 and a report that is kept. */
export function expectAllKept(posts: readonly Post[]): void {
  expect(posts.filter(({ status }) => status !== 200)).toEqual([])
  expect(posts.map(sayOf).filter((said) => !/^(?:Kept|Corrected): /.test(said))).toEqual([])
}

/** The slow end of a load: its p99, or where the load is short its p95, which one hiccup does not move. */
export const slowest = (posts: readonly Post[]): number =>
  quantile(
    posts.map(({ ms }) => ms),
    length(0.95, 0.99),
  )
