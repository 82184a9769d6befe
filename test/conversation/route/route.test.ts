// Which flow a message is for, before anything is known of it but who wrote and what was asked: the carrier's word
// goes before a button, a button before a command, a command before the open question.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/conversation/event.ts'
import type { Heard, Standing } from '../../../src/conversation/heard.ts'
import { route } from '../../../src/conversation/route/route.ts'
import { newSession, type Question, type Session } from '../../../src/conversation/session.ts'
import { machine } from '../../../src/messaging/machine.ts'
import { drivers } from '../../flows/coops.ts'
import { active } from '../../flows/worlds.ts'

const question: Question = {
  ...{ flow: 'report', node: 'fill', answers: {}, serial: 4 },
  ...{ askedAt: 0, retries: 0, reminded: false },
}
const asked: Session = { ...newSession, serial: 4, open: question }

interface Case extends Partial<Heard> {
  readonly session?: Session
  readonly standing?: Partial<Standing>
}
function routed(text: string, { session = newSession, standing = {}, ...more }: Case = {}): Event {
  const heard = { text, attached: false, ...more }
  return route({ machine, charter: drivers, session, standing: { ...active, ...standing }, heard }).event
}
const started = (flow: string, answers: object = {}) => ({ event: 'started', flow, answers })
const said = (text: string) => ({ event: 'said', text })
const volunteered = (text: string) => ({ event: 'volunteered', text })

describe("the carrier's words", () => {
  test.each([
    ...['STOP', 'stop', ' Stop ', 'UNSUBSCRIBE'].map((word) => [word, {}] as const),
    ...['QUIT', 'END', 'CANCEL', ' cancel'].map((word) => [word, { cancels: true }] as const),
  ])('%s stops, whatever is open, and %j', (word, more) => {
    for (const session of [newSession, asked])
      expect(routed(word, { session })).toEqual(started('stop', { how: 'word', ...more }))
  })

  test('what the carrier says it has answered goes before what was written', () => {
    expect(routed('1', { session: asked, carrierWord: 'stop' })).toEqual(started('stop', { how: 'word' }))
    expect(routed('1', { session: asked, carrierWord: 'help' })).toEqual(started('help', { how: 'word' }))
    expect(routed('1', { session: asked, carrierWord: 'start' })).toEqual(started('start'))
    expect(routed('anything', { choice: 'q4.1', carrierWord: 'stop' })).toEqual(started('stop', { how: 'word' }))
  })

  test('a plain request to stop is one too', () => {
    expect(routed('please stop texting me', { session: asked })).toEqual(started('stop', { how: 'sentence' }))
    // With a full stop it is no word of the carrier's, who takes the whole text or nothing.
    expect(routed('Stop.', { session: asked })).toEqual(started('stop', { how: 'sentence' }))
  })

  test('YES means nothing but to whom is silenced, START only where nothing is asked', () => {
    const silenced = { standing: { silenced: true } }
    expect(routed('YES', silenced)).toEqual(started('start'))
    expect(routed('UNSTOP', { ...silenced, session: asked })).toEqual(started('start'))
    expect(routed('YES', { session: asked })).toEqual(said('YES'))
    expect(routed('YES')).toEqual(volunteered('YES'))
    expect(routed('START')).toEqual(started('start'))
    expect(routed('START', { session: asked })).toEqual(said('START'))
  })
})

describe('a button', () => {
  test('of the question that is open is its answer', () => {
    expect(routed('Save now', { session: asked, choice: 'q4.1' })).toEqual({ event: 'pressed', digit: 1 })
  })

  test.each(['q3.1', 'q5.1', 'q4', 'q4.', 'x4.1', ' q4.1'])('%s is an old one', (choice) => {
    expect(routed('Save now', { session: asked, choice })).toEqual(started('menu', { stale: true }))
  })

  test('of a ballot votes, whatever is open and however long ago it was sent', () => {
    expect(routed('For', { session: asked, choice: 'v.fuel-data.2' })).toEqual(
      started('vote', { slug: 'fuel-data', digit: 2 }),
    )
  })

  test('of a ballot shows the way in to who is no member any more', () => {
    const left = { member: 'left', silenced: false } as const
    expect(routed('For', { standing: left, choice: 'v.fuel-data.2' })).toEqual(started('join'))
    expect(routed('2', { standing: left, repliedTo: 'fuel' })).toEqual(started('join'))
  })

  test('a digit in reply to a call is for that vote; at a word the vote is put to her', () => {
    expect(routed('2', { session: asked, repliedTo: 'fuel' })).toEqual(started('vote', { slug: 'fuel', digit: 2 }))
    expect(routed('why?', { repliedTo: 'fuel' })).toEqual(started('vote', { slug: 'fuel', said: 'why?' }))
    expect(routed('MENU', { repliedTo: 'fuel' })).toEqual(started('menu'))
  })
})

describe('a command', () => {
  test('goes before the open question, in any language of the co-op', () => {
    for (const session of [newSession, asked]) {
      expect(routed('MENU', { session })).toEqual(started('menu'))
      expect(routed('off 2', { session })).toEqual(started('consents', { action: 'off', rest: '2' }))
      expect(routed('शिफ्ट 8 1900 300', { session })).toEqual(
        started('report', { form: 'shift', line: '8 1900 300' }),
      )
    }
  })

  test('is none where more follows than may follow it', () => {
    expect(routed('menu please do', { session: asked })).toEqual(said('menu please do'))
    expect(routed('OFF to work', { session: asked })).toEqual(said('OFF to work'))
  })

  test('a digit is the open question’s', () => {
    expect(routed('0', { session: asked })).toEqual(said('0'))
    expect(routed('0')).toEqual(started('menu'))
  })

  test.each([
    ['none', 'REPORT', 'join'],
    ['invited', 'ON 1', 'join'],
    ['left', 'VOTE', 'join'],
    ['left', 'ON 1', 'join'],
    ['left', 'OFF 1', 'consents'],
    ['left', 'ERASE', 'erase'],
    ['left', 'MY', 'my'],
    ['none', 'ERASE', 'join'],
    ['erased', 'MY', 'join'],
    ['none', 'LANG', 'language'],
    ['none', 'SARATHI', 'join'],
  ] as const)('from whoever is "%s", %s leads to %s', (standing, text, flow) => {
    expect(routed(text, { standing: { member: standing } })).toMatchObject({ event: 'started', flow })
  })
})

describe('with nothing asked and no command', () => {
  test.each(['yesterday 8 1900', 'kal, 8 1900 300', '22/11 8 1900', '22 Nov 8 1900', 'tomorrow 8 1900'])(
    '%j is a report of that day',
    (line) => expect(routed(line)).toEqual(started('report', { form: 'shift', line })),
  )

  test('a day goes before the word of a form too, and before nothing else', () => {
    const line = 'yesterday SHIFT 8 1900'
    expect(routed(line)).toEqual(started('report', { form: 'shift', line }))
    for (const text of ['yesterday', 'yesterday 8', 'yesterday I drove 8 1900', 'tell 8 1900'])
      expect(routed(text)).toEqual(volunteered(text))
  })

  test('two numbers are a report, one is not', () => {
    expect(routed('8.5 1900 300')).toEqual(started('report', { form: 'shift', line: '8.5 1900 300' }))
    expect(routed('८ १९०० ३००')).toMatchObject({ flow: 'report' })
    expect(routed('8')).toEqual(volunteered('8'))
    expect(routed('I drove 8 hours for 1900')).toEqual(volunteered('I drove 8 hours for 1900'))
  })

  test('whoever is no member is shown the way in', () => {
    for (const text of ['hello', '1', '8.5 1900 300', ''])
      expect(routed(text, { standing: { member: 'none' } })).toEqual(started('join'))
  })

  test('a picture without a word is one; with words it is those', () => {
    expect(routed(' ', { attached: true })).toEqual({ event: 'attached' })
    expect(routed(' ', { attached: true, session: asked })).toEqual({ event: 'attached' })
    expect(routed('8', { attached: true, session: asked })).toEqual(said('8'))
  })
})

test('any text at all is routed, quickly, and to a flow that is there', () => {
  const heard = fc.record({
    text: fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constantFrom('OFF', 'stop', 'v.x.1', '0 0 0')),
    choice: fc.option(fc.oneof(fc.string(), fc.constantFrom('q4.1', 'v.a.1', 'q99.1')), { nil: undefined }),
    attached: fc.boolean(),
    standing: fc.constantFrom('none', 'invited', 'active', 'left', 'erased'),
    open: fc.boolean(),
  })
  fc.assert(
    fc.property(heard, ({ text, choice, attached, standing, open }) => {
      const event = routed(text, {
        session: open ? asked : newSession,
        standing: { member: standing },
        attached,
        ...(choice !== undefined && { choice }),
      })
      if (event.event === 'started') expect(machine.flows).toHaveProperty(event.flow)
      else expect(['said', 'volunteered', 'pressed', 'attached']).toContain(event.event)
    }),
    { numRuns: 300 },
  )
})
