// The chain of consent: whoever changes, drops, doubles or moves an event is found at that event.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  beginning,
  type Entry,
  type LedgerEvent,
  nextEvent,
  verifyChain,
} from '../../../src/coop/consents/ledger.ts'

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((some) => Buffer.from(some))
const said: fc.Arbitrary<Omit<Entry, 'n' | 'member_id' | 'coop_id'>> = fc.record({
  action: fc.constantFrom('given', 'refused', 'withdrawn'),
  purpose: fc.string(),
  notice_version: fc.nat(99),
  notice_hash: bytes,
  language: fc.constantFrom('en', 'hi', 'sw', 'es', 'fr'),
  channel: fc.constantFrom('sms', 'whatsapp'),
  message_id: fc.string(),
  receipt: fc.string(),
  at: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
})

const chains = fc.array(said, { minLength: 1, maxLength: 12 }).map((all) => {
  const chain: LedgerEvent[] = []
  for (const each of all)
    chain.push(nextEvent(chain.at(-1) ?? beginning, { member_id: 101, coop_id: 'drivers', ...each }))
  return chain
})

const changed = {
  member_id: (value: number) => value + 1,
  n: (value: number) => value + 1,
  coop_id: (value: string) => `${value}x`,
  action: (value: string) => (value === 'given' ? 'withdrawn' : 'given'),
  purpose: (value: string) => `${value}x`,
  notice_version: (value: number) => value + 1,
  notice_hash: (value: Buffer) => createHash('sha256').update(value).digest(),
  language: (value: string) => (value === 'en' ? 'hi' : 'en'),
  channel: (value: string) => (value === 'sms' ? 'whatsapp' : 'sms'),
  message_id: (value: string) => `${value}x`,
  receipt: (value: string) => `${value}x`,
  at: (value: Date) => new Date(value.getTime() + 1),
  previous_hash: (value: Buffer) => createHash('sha256').update(value).digest(),
  hash: (value: Buffer) => createHash('sha256').update(value).digest(),
} as const satisfies { [Column in keyof LedgerEvent]: (value: never) => unknown }

test('a chain that nobody touched holds', () => {
  fc.assert(
    fc.property(chains, (chain) => {
      expect(verifyChain(chain)).toEqual({})
    }),
  )
  expect(verifyChain([])).toEqual({})
})

test.each(Object.keys(changed) as (keyof typeof changed)[])('changing %s names the event', (column) => {
  fc.assert(
    fc.property(chains, fc.nat(), (chain, pick) => {
      const at = pick % chain.length
      const forged = chain.map((event, place) =>
        place === at ? { ...event, [column]: Reflect.apply(changed[column], undefined, [event[column]]) } : event,
      )
      expect(verifyChain(forged).broken).toBe(forged[at]?.n)
    }),
  )
})

test('an event that is left out, doubled or moved is found', () => {
  fc.assert(
    fc.property(chains, fc.nat(), (chain, pick) => {
      fc.pre(chain.length > 1)
      const at = pick % (chain.length - 1)
      expect(verifyChain(chain.toSpliced(at, 1)).broken).toBe(at + 2)
      expect(verifyChain(chain.toSpliced(at + 1, 0, ...chain.slice(at, at + 1))).broken).toBe(at + 1)
    }),
  )
})

test('the fields keep their borders: text cannot move from one into the next', () => {
  const event = { member_id: 1, coop_id: 'a', action: 'given', purpose: 'p', notice_version: 1 } as const
  const rest = { notice_hash: Buffer.alloc(32), language: 'en', channel: 'sms', at: new Date(0) } as const
  const one = nextEvent(beginning, { ...event, ...rest, message_id: 'SM1', receipt: '2' })
  const other = nextEvent(beginning, { ...event, ...rest, message_id: 'SM', receipt: '12' })
  expect(one.hash.equals(other.hash)).toBe(false)
})
