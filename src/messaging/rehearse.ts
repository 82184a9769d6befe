// Plays what a charter's own words fill through the machine, so that its writer hears what is too long before members
// do. Notices are measured where a charter is read, and votes where they are opened.
import type { Event } from '../conversation/event.ts'
import { newSession, type Question as Open, type Session } from '../conversation/session.ts'
import { step } from '../conversation/step/step.ts'
import type { Need, World } from '../conversation/world.ts'
import type { Applied, Form, Language, Question } from '../coop/charter/charter.ts'
import type { Member } from '../coop/members/member.ts'
import { newFilling } from '../coop/reports/filling.ts'
import { mostSegments } from '../coop/votes/words.ts'
import { machine } from './machine.ts'
import { countSegments } from './speak/segments.ts'
import { speak } from './speak/speak.ts'

export interface TooLong {
  readonly what: string
  readonly language: Language
  readonly segments: number
  readonly most: number
}

/** What is heard of a charter, and by whom. */
interface Take {
  readonly what: string
  readonly event: Event
  readonly session?: Session
  readonly member?: Member['state'] | 'none'
}

/** The texts of a charter that take more SMS segments than a member should have to read. */
export const tooLongIn = (charter: Applied): TooLong[] =>
  charter.languages.flatMap((language) => {
    const most = mostSegments(language)
    return takesOf(charter).flatMap((take) => {
      const { segments } = countSegments(heard(charter, language, take))
      return segments > most ? [{ what: take.what, language, segments, most }] : []
    })
  })

const start = (flow: string, answers: Open['answers'] = {}): Event => ({ event: 'started', flow, answers })

function takesOf({ joining, forms }: Applied): Take[] {
  const isOpen = joining === 'open'
  const refusal: Take = { what: 'what who is not invited hears', event: start('join'), member: 'none' }
  return [
    { what: 'what the co-op is (about)', event: start('join'), member: isOpen ? 'none' : 'invited' },
    ...(isOpen ? [] : [refusal]),
    { what: 'whom to ask (human)', event: start('help') },
    { what: 'the list of uses of data', event: start('consents') },
    { what: 'what the co-op holds of her', event: start('my') },
    { what: 'the question of who leaves', event: start('leave') },
    ...forms.flatMap((form) => form.questions.flatMap((question) => takesOfQuestion(form, question))),
  ]
}

// What is wrong with an answer is said with the question, so it is the longest that is heard of it.
const takesOfQuestion = (form: Form, question: Question): Take[] =>
  ['?', '9999999', '1/1/2001'].map((text) => ({
    what: `question ${question.id} of form ${form.id}, asked again after "${text}",`,
    event: { event: 'said', text },
    session: { ...newSession, open: asking(form, question) },
  }))

const asking = ({ id: form }: Form, { id }: Question): Open => ({
  ...{ flow: 'report', node: 'fill', serial: 1, askedAt: now, retries: 0, reminded: false },
  answers: { form, filling: { ...newFilling(today), pending: [id] } },
})

function heard(
  charter: Applied,
  language: Language,
  { event, session = newSession, member = 'active' }: Take,
): string {
  const world = worldOf(charter, language, member)
  const done = step(machine, { ...session, language }, event, world)
  if ('missing' in done) throw new Error(`a rehearsal lacks ${[...done.missing].join(', ')}`)
  return speak(done.replies, { charter, language: done.language, channel: 'sms' })
}

// A day that is long to write.
const today = '2026-09-23'
const now = Date.parse(`${today}T10:00:00Z`)
const everything: ReadonlySet<Need> = new Set(['consents', 'proposals', 'reports', 'insight', 'held', 'fresh'])

const worldOf = (charter: Applied, language: Language, state: Member['state'] | 'none'): World => ({
  loaded: everything,
  now,
  charter,
  carrierAnswers: false,
  ...(state !== 'none' && { member: { number: 12_345, state, language, joinedAt: now, suppressed: false } }),
  blocked: false,
  consents: charter.purposes.map(({ id, notice: { version } }) => ({ purpose: id, on: true, version, language })),
  proposals: [],
  reports: [],
  insight: [],
  held: { reports: 100, ballots: 10 },
  fresh: { receipt: 'WKMH4Q', number: 12_346 },
})
