// A steady load of reports by many members, for the tests that break something under it.
import { expect } from 'vitest'
import { quantile, sleep } from './lengths.ts'
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
    const line = `SHIFT 8.5 ${1500 + (turn++ % 1999)} 300`
    posts.push(insist ? phones.insist(person, line) : phones.text(person, line))
    await sleep(Math.max(0, (posts.length * 1000) / perSecond - (performance.now() - since)))
  }
  return await Promise.all(posts)
}

/** Every post was answered with 200 and a report that is kept. */
export function expectAllKept(posts: readonly Post[]): void {
  expect(posts.filter(({ status }) => status !== 200)).toEqual([])
  expect(posts.map(sayOf).filter((said) => !/^(?:Saved|Corrected): /.test(said))).toEqual([])
}

const together = 50

/** The slow end of a load: the usual p99 of fifty posts in a row, so that one hiccup does not decide. */
export function slowest(posts: readonly Post[]): number {
  const rows = Array.from({ length: Math.ceil(posts.length / together) }, (_, at) =>
    posts.slice(at * together, (at + 1) * together),
  )
  const ends = rows.map((row) =>
    quantile(
      row.map(({ ms }) => ms),
      0.99,
    ),
  )
  return quantile(ends, 0.5)
}
