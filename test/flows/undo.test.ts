// UNDO is about the report that she made last, of whatever form.
import { expect, test } from 'vitest'
import { newSession } from '../../src/conversation/session.ts'
import { drivers, twoForms } from './coops.ts'
import { stepAll } from './walker.ts'
import { now, reportOf, worldOf } from './worlds.ts'

test('an older report that is held longer is not taken back for one that has joined the pool', () => {
  const coop = twoForms(drivers)
  const [first, second] = coop.forms
  if (!first || !second) throw new Error('it has two forms')
  const older = { ...reportOf(coop, first), madeAt: now - 60_000, poolAt: now + 3_600_000 }
  const newer = { ...reportOf(coop, second), madeAt: now - 30_000, poolAt: now - 1_000 }
  const undo = { event: 'started', flow: 'undo', answers: {} } as const
  const after = (reports: (typeof older)[]) => stepAll(newSession, undo, worldOf(coop, 'en', { reports }))
  expect(after([older, newer])).toMatchObject({ facts: [], replies: [{ node: 'nothing' }] })
  expect(after([older])).toMatchObject({ facts: [{ fact: 'report_undone', form: first.id }] })
})
