// REPORT and what follows it, where a co-op has several forms: the form by its number or its word, and then the line.
import { expect, test } from 'vitest'
import { route } from '../../src/conversation/route/route.ts'
import { newSession } from '../../src/conversation/session.ts'
import { machine } from '../../src/messaging/machine.ts'
import { drivers, twoForms } from './coops.ts'
import { stepAll } from './walker.ts'
import { active, worldOf } from './worlds.ts'

const two = twoForms(drivers)
const [first, second] = two.forms
const coop = {
  ...two,
  forms: two.forms.map((form) => (form === second ? { ...form, word: { en: 'TAXI', hi: 'टैक्सी' } } : form)),
}

/** What is asked after a text, and of which form. */
function askedAfter(text: string) {
  const heard = { text, attached: false }
  const { event } = route({ machine, charter: coop, session: newSession, standing: active, heard })
  const { session, replies } = stepAll(newSession, event, worldOf(coop, 'en'))
  return { node: session.open?.node, form: session.open?.answers.form, texts: replies.map(({ node }) => node) }
}

test('the form alone, by number or word', () => {
  expect(askedAfter('REPORT')).toMatchObject({ node: 'form' })
  expect(askedAfter('REPORT 1')).toMatchObject({ node: 'fill', form: first?.id, texts: ['question'] })
  expect(askedAfter('REPORT 2')).toMatchObject({ node: 'fill', form: second?.id, texts: ['question'] })
  expect(askedAfter('report taxi')).toMatchObject({ node: 'fill', form: second?.id, texts: ['question'] })
})

test('with a line of which no form is named it is asked for which', () => {
  expect(askedAfter('REPORT 8 1900')).toMatchObject({ node: 'form' })
})
