// What a form says by itself: its questions, doubts and offers, and what was wrong with an answer or a line.
import type { Form, Question } from '../../coop/charter/charter.ts'
import type { Want } from '../../coop/reports/filling.ts'
import type { Unread } from '../../coop/reports/line.ts'
import { offersOf, type Problem } from '../../coop/reports/questions.ts'
import type { Gaps, Offer, Reply } from '../reply.ts'

/** Why nothing of a line could be kept, and how a line goes. */
export const unread = (form: Form, { unread: why }: Unread): Reply[] =>
  why === 'several' ? [say('line', why, {})] : [say('line', why, {}), orderOf(form)]

// On an SMS that has no room the answers that may be left out are not named.
function orderOf({ questions }: Form): Reply {
  const names = (optional: boolean) => ({
    list: questions.filter((each) => each.optional === optional).map(({ name }) => name),
  })
  const gaps = { line: names(false), more: names(true) }
  if (gaps.more.list.length === 0) return say('line', 'order', gaps)
  return { ...say('line', 'order_then', gaps), brief: [say('line', 'order_etc', gaps)] }
}

/** A text of the form. */
export const say = (node: string, text: string, gaps: Gaps, offers: readonly Offer[] = []): Reply => ({
  flow: 'form',
  node,
  text,
  gaps,
  offers,
})

/** The question that asks for what the form wants. */
export function asking(want: Exclude<Want, { want: 'nothing' }>): Reply {
  switch (want.want) {
    case 'answer':
      return say('question', 'text', askGaps(want.question), optionsOf(want.question))
    case 'certainty': {
      const gaps = { ...want.doubt.gaps, name: { words: want.question.name } }
      return say('doubt', want.doubt.doubt, gaps, named('right', 'fix'))
    }
    case 'check':
      return say('check', 'text', want.gaps, named('right', 'fix'))
    case 'more': {
      const names = { list: want.questions.map((question) => question.name) }
      return say('more', 'text', { names }, named('save', 'add'))
    }
  }
}

/** Why an answer was not taken, and its question again. */
export function refusing(question: Question, { problem, gaps }: Problem): Reply {
  const all = { ...gaps, name: { words: question.name }, ...askGaps(question) }
  return say('problem', problem, all, optionsOf(question))
}

// However often it is asked, a question that may be passed over says so.
function askGaps({ ask, optional }: Question): Gaps {
  return optional ? { ask: { word: 'or_skip' }, question: { words: ask } } : { ask: { words: ask } }
}

const optionsOf = (question: Question): Offer[] => (question.type === 'choice' ? offersOf(question) : [])

const named = (...names: string[]): Offer[] => names.map((name, at) => ({ digit: at + 1, name }))
