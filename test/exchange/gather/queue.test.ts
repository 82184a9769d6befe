// The queue hands each person's messages out one at a time and in their order, whatever else happens.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  heldUntil,
  newQueue,
  putBack,
  release,
  takeBatch,
  takeOverdue,
  type Waiting,
} from '../../../src/exchange/gather/queue.ts'
import { type ClockMessage, identityOf } from '../../../src/exchange/message.ts'
import { drivers } from '../../flows/coops.ts'

function waiting(line: string, arrived: number, more: Partial<Waiting> = {}): Waiting {
  const index = Buffer.from(line.padEnd(16))
  const sender = {
    coop: 'drivers',
    address: 'sms:+447700900301',
    to: 'sms:+447700900100',
    channel: 'sms',
    ...identityOf(index, index),
    line,
  } as const
  const message: ClockMessage = { kind: 'clock', sender, charter: drivers, found: undefined }
  return { message, arrived, resolve: () => {}, reject: () => {}, notBefore: 0, tries: 0, alone: false, ...more }
}
const names = (batch: readonly Waiting[]) => batch.map((each) => `${each.message.sender.line}${each.arrived}`)

describe('a batch', () => {
  test('holds one message of each person, first come first', () => {
    const queue = newQueue()
    queue.waiting = [waiting('a', 1), waiting('b', 2), waiting('a', 3), waiting('c', 4)]
    expect(names(takeBatch(queue, 10, 0))).toEqual(['a1', 'b2', 'c4'])
    expect(names(takeBatch(queue, 10, 0))).toEqual([])
  })

  test('of a message that must run alone is that message', () => {
    const queue = newQueue()
    queue.waiting = [waiting('a', 1, { alone: true }), waiting('b', 2), waiting('c', 3, { alone: true })]
    expect(names(takeBatch(queue, 10, 0))).toEqual(['a1'])
    expect(names(takeBatch(queue, 10, 0))).toEqual(['b2'])
    expect(names(takeBatch(queue, 10, 0))).toEqual(['c3'])
  })

  test('leaves one out that is held back, and all behind it of the same person', () => {
    const queue = newQueue()
    queue.waiting = [waiting('a', 1, { notBefore: 5 }), waiting('a', 2), waiting('b', 3)]
    expect(names(takeBatch(queue, 10, 0))).toEqual(['b3'])
    expect(heldUntil(queue, 0)).toBe(5)
    expect(names(takeBatch(queue, 10, 5))).toEqual(['a1'])
  })
})

test('while her message is being put aside, none behind it is taken', () => {
  const queue = newQueue()
  queue.waiting = [waiting('a', 2), waiting('b', 3)]
  queue.asides.set('a', Promise.resolve())
  expect(names(takeBatch(queue, 10, 0))).toEqual(['b3'])
  queue.asides.delete('a')
  expect(names(takeBatch(queue, 10, 0))).toEqual(['a2'])
})

test('one behind a message that is under way is not put aside before it', () => {
  const queue = newQueue()
  queue.waiting = [waiting('a', 1), waiting('a', 2)]
  const batch = takeBatch(queue, 10, 0)
  expect(names(takeOverdue(queue, 5))).toEqual([])
  putBack(queue, batch)
  release(queue, batch)
  expect(names(takeOverdue(queue, 5))).toEqual(['a1', 'a2'])
})

test('what waits too long is taken out, whatever holds it', () => {
  const queue = newQueue()
  queue.waiting = [waiting('a', 1, { notBefore: 99 }), waiting('b', 8)]
  expect(names(takeOverdue(queue, 5))).toEqual(['a1'])
  expect(names(queue.waiting)).toEqual(['b8'])
})

test('each person is answered in her order, and nothing is lost, under any order of batches and failures', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('arrive' as const), line: fc.constantFrom('a', 'b', 'c', 'd') }),
    fc.record({ do: fc.constant('take' as const), most: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ do: fc.constantFrom('finish' as const, 'fail' as const), which: fc.nat(3) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = newQueue()
      const done: Waiting[] = []
      const running: Waiting[][] = []
      let arrived = 0
      const end = (batch: Waiting[], failed: boolean) => {
        running.splice(running.indexOf(batch), 1)
        if (failed) putBack(queue, batch)
        else done.push(...batch)
        release(queue, batch)
      }
      for (const each of steps) {
        if (each.do === 'arrive') queue.waiting.push(waiting(each.line, arrived++))
        else if (each.do === 'take') running.push(takeBatch(queue, each.most, 0))
        else end(running[each.which % Math.max(1, running.length)] ?? [], each.do === 'fail')
      }
      while (running.length > 0) end(running[0] ?? [], false)
      while (queue.waiting.length > 0) {
        const batch = takeBatch(queue, 2, 0)
        done.push(...batch)
        release(queue, batch)
      }
      expect(done.length).toBe(arrived)
      for (const line of 'abcd') {
        const own = done.filter((each) => each.message.sender.line === line).map((each) => each.arrived)
        expect(own).toEqual(own.toSorted((one, other) => one - other))
      }
    }),
  )
})
