// What an answer to a form is held against: the co-op's day and currency, her own last reports but for the one that it
// corrects, and the group's median. The median is looked up for the one question that it is about, when that is asked.
import { localDay } from '../../coop/calendar.ts'
import type { Form, Question } from '../../coop/charter/charter.ts'
import type { Usual } from '../../coop/reports/doubts.ts'
import { groupCell } from '../../coop/reports/insight.ts'
import { reportKey } from '../../coop/reports/key.ts'
import type { LineHearing } from '../../coop/reports/line.ts'
import type { Hearing } from '../../coop/reports/questions.ts'
import type { Values } from '../../coop/reports/values.ts'
import { leadingUnits } from '../hear/units.ts'
import type { Turn } from './turn.ts'

/** The co-op's own day on which she wrote. */
export const todayOf = ({ world, writtenAt = world.now }: Turn): string =>
  localDay(writtenAt, world.charter.timezone)

/** What a line is heard against; the group's median is that of the cell which the answers so far name. */
export const lineHearing = (turn: Turn, form: Form): LineHearing => ({
  currency: turn.world.charter,
  today: todayOf(turn),
  dayWords: turn.machine.vocabulary.dayWords,
  leadingUnits: leadingUnits[turn.language],
  groupOf: (question, values) => groupOf(turn, form, question, values),
})

/** What an answer to one question is heard against. */
export function answerHearing(turn: Turn, form: Form, question: Question, values: Values): Hearing {
  const { groupOf: _, ...hearing } = lineHearing(turn, form)
  const group = groupOf(turn, form, question, values)
  return group === undefined ? hearing : { ...hearing, group }
}

/** What the answers to a form are doubted by, question by question. */
export function usualOf(turn: Turn, form: Form, values: Values): (question: Question) => Usual {
  let own: readonly Values[] | undefined
  return (question) => {
    own ??= ownReports(turn, form, values)
    const group = groupOf(turn, form, question, values)
    return { currency: turn.world.charter, own, ...(group !== undefined && { group }) }
  }
}

function ownReports(turn: Turn, form: Form, values: Values): Values[] {
  const corrected = keyOf(form, values, todayOf(turn))
  return turn.world.reports
    .filter((report) => report.form === form.id && report.key !== corrected)
    .map((report) => report.values)
}

// None as long as a choice that is part of the key has not been answered.
const keyOf = (form: Form, values: Values, today: string): string | undefined =>
  form.key.every((id) => id === 'day' || values[id] !== undefined) ? reportKey(form, values, today) : undefined

function groupOf(turn: Turn, form: Form, question: Question, values: Values): number | undefined {
  if (question.id !== form.insight.figure) return undefined
  const { reports, insight } = turn.world
  const day = typeof values.day === 'string' ? values.day : todayOf(turn)
  return groupCell(form, values, day, insight, reports)?.median
}
