// A batch grows only where many talk at once, and nobody waits for those who say nothing more.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { begins, sizeToGrowTo } from '../../../src/exchange/gather/growth.ts'
import { type ExchangeStage, join, many, newPhone, stageOfTest } from '../stage.ts'

test('the next batch grows to all who talk at once, and not beyond the most; few are not waited for', () => {
  expect(sizeToGrowTo(32, 32, 100)).toBe(64)
  expect(sizeToGrowTo(100, 400, 100)).toBe(100)
  expect(sizeToGrowTo(15, 0, 100)).toBe(0)
  expect(sizeToGrowTo(1, 20, 100)).toBe(0)
})

test('a batch begins alone at any size, or at the one that it is let grow to, and beside another once it is large', () => {
  expect(begins(0, 0, 0)).toBe(false)
  expect(begins(1, 0, 0)).toBe(true)
  expect(begins(30, 0, 64)).toBe(false)
  expect(begins(64, 0, 64)).toBe(true)
  expect(begins(59, 1, 0)).toBe(false)
  expect(begins(60, 1, 100)).toBe(true)
})

test('whoever writes alone after many were answered together is answered as soon', async () => {
  const { web } = await stageOfTest()
  const phones = many(30, newPhone)
  await Promise.all(phones.map((phone) => join(web, phone)))
  for (const phone of phones.slice(0, 5)) {
    await Promise.all(phones.map((each) => web.say(each, 'MENU')))
    const since = performance.now()
    expect((await web.say(phone, 'MENU')).text).toMatch(/^What would/)
    expect(performance.now() - since).toBeLessThan(500)
  }
})

test('many who each write again once they are answered share transactions', async () => {
  const { stage, web } = await stageOfTest()
  const phones = many(30, newPhone)
  await Promise.all(phones.map((phone) => join(web, phone)))
  const transactions = async () => {
    const before = await transactionsOf(stage)
    await Promise.all(
      phones.map(async (phone) => {
        for (const fares of many(12, (at) => 900 + at)) await web.say(phone, `SHIFT 8 ${fares} 30`)
      }),
    )
    return (await transactionsOf(stage)) - before
  }
  // Twelve messages of each in turn: twelve transactions are the fewest, and in two groups they would be twice as many.
  // A machine that stands still for a moment makes some more, but not each time.
  const rounds = [await transactions(), await transactions(), await transactions()]
  expect(Math.min(...rounds)).toBeLessThan(18)
})

// Rows that were written together have one xmin.
async function transactionsOf({ db }: ExchangeStage): Promise<number> {
  const { rows } = await sql<{ n: string }>`select count(distinct xmin::text) as n from inbound`.execute(db)
  return Number(rows[0]?.n)
}
