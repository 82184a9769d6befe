// What the report flow sees of its world: the form, the report that the filling makes, the one that it corrects, and
// what she hears back. All of it is found once, when the form is full, and lies among the answers from there on.
import type { Pickable, Scene } from '../src/conversation/flow.ts'
import { bareNumber } from '../src/conversation/hear/digits.ts'
import { firstWord, restAfterFirst } from '../src/conversation/hear/words.ts'
import type { Gaps } from '../src/conversation/reply.ts'
import type { World } from '../src/conversation/world.ts'
import { mondayOf } from '../src/coop/calendar.ts'
import type { Form } from '../src/coop/charter/charter.ts'
import { numberOf, standingUnder } from '../src/coop/consents/consent.ts'
import type { Fact, FactOf } from '../src/coop/facts.ts'
import { type Filling, unsaid } from '../src/coop/reports/filling.ts'
import { finish } from '../src/coop/reports/finish.ts'
import { cellOf, groupCell, insightValue } from '../src/coop/reports/insight.ts'
import { dayOfKey, reportKey, sameValues, sayKey } from '../src/coop/reports/key.ts'
import { isCalled } from '../src/coop/reports/line.ts'
import type { Report } from '../src/coop/reports/report.ts'
import { measureOf, sayMeasure } from '../src/coop/reports/scale.ts'
import { numbered } from './offers.ts'

export interface Answers {
  /** What followed REPORT. */
  rest: string
  form: string
  /** What was texted in one line. */
  line: string
  filling: Filling
  /** Never in a session: nothing is asked once the form is full. */
  finished: Finished
}
interface Finished {
  readonly report: Made
  /** The version that stands under the same key. */
  readonly before: Report | undefined
  readonly told: Gaps
}
type Made = FactOf<'report_made'>
type Here = Scene<Answers>

/** The form that is meant, where the co-op has but one or REPORT names it, and the line that followed. */
export function meant({ world, answers: { rest } }: Here): Partial<Answers> {
  const [only, ...others] = world.charter.forms
  if (only && others.length === 0) return { form: only.id, ...(rest !== undefined && { line: rest }) }
  if (rest === undefined) return {}
  const named = world.charter.forms.find(
    (form, at) => bareNumber(rest) === at + 1 || isCalled(form, firstWord(rest)),
  )
  return named ? { form: named.id, line: restAfterFirst(rest) } : { line: rest }
}

/** The forms of the co-op. */
export const forms = ({ world }: Here): Pickable[] => numbered(world.charter.forms)
/** Whether there is anything to report. */
export const hasForms = ({ world }: Here): boolean => world.charter.forms.length > 0

/** Whether the co-op still asks for the form that was begun. */
export const isAsked = ({ world, answers }: Here): boolean =>
  answers.form === undefined || world.charter.forms.some(({ id }) => id === answers.form)

/** The form that is filled. */
export function formOf({ world, answers }: Here): Form {
  const form = world.charter.forms.find(({ id }) => id === answers.form)
  if (!form) throw new Error(`charter ${world.charter.id} has no form "${answers.form}"`)
  return form
}

/** The full form made a report, beside the one that it corrects, and what she hears of it. */
export function finished(scene: Here): Partial<Answers> {
  const { world, answers } = scene
  const form = formOf(scene)
  const { filling } = answers
  if (!filling) throw new Error(`form "${form.id}" is to be finished, and nothing of it is filled`)
  const key = reportKey(form, filling.values, filling.begun)
  const before = world.reports.find((report) => report.form === form.id && report.key === key)
  const old = before && unsaid(form, filling, before.values, world.charter)
  const { values, figures } = finish(form, { ...old, ...filling.values }, filling.begun, world.charter)
  const report: Made = {
    fact: 'report_made',
    form: form.id,
    key,
    version: (before?.version ?? 0) + 1,
    week: mondayOf(dayOfKey(key)),
    cell: cellOf(form, values),
    values,
    figures,
    poolAt: world.now + form.hold * 1000,
  }
  return {
    finished: { report, before, told: { ...toldOf(form, report, world), ...comparison(form, report, world) } },
  }
}

function toldOf(form: Form, { key, values, poolAt }: Made, { charter, now }: World): Gaps {
  const figure = measureOf(form, form.insight.figure)
  return {
    ...sayKey(form, key, values),
    name: { words: figure?.name ?? form.name },
    unit: { words: figure?.unit ?? {} },
    pool: { instant: poolAt, now },
    form: { words: form.name },
    number: numberOf(charter, form.purpose),
  }
}

// Her own figure, and the group's median where it may be shown.
function comparison(form: Form, { key, values, figures }: Made, { charter, insight, reports }: World): Gaps {
  const figure = measureOf(form, form.insight.figure)
  if (!figure) return {}
  const day = dayOfKey(key)
  const own = insightValue(form, values, figures)
  const cell = groupCell(form, values, day, insight, reports)
  return {
    ...(own !== undefined && { value: sayMeasure(figure, own, charter) }),
    ...(cell && { median: sayMeasure(figure, cell.median, charter), count: cell.members }),
  }
}

function finishedIn({ answers }: Here): Finished {
  if (!answers.finished) throw new Error(`the report of form "${answers.form}" is spoken of, and is not finished`)
  return answers.finished
}

/** Whether the report says what stands already. */
export function isRepeated(scene: Here): boolean {
  const { report, before } = finishedIn(scene)
  return before !== undefined && sameValues(before.values, report.values)
}

/** The report, as it is kept. */
export const made = (scene: Here): Fact[] => [finishedIn(scene).report]
/** The report where she left the form that makes it, unless it says what stands already. */
export const newlyMade = (scene: Here): Fact[] => (isRepeated(scene) ? [] : made(scene))
/** How that is confirmed; not a word where nothing has changed. */
export const leftText = (scene: Here): string => (isRepeated(scene) ? '' : correctedOr('left', scene))
/** How the report is confirmed: as a new one, or as a correction. */
export const keptText = (scene: Here): string => correctedOr('text', scene)
const correctedOr = (text: string, scene: Here): string => (finishedIn(scene).before ? 'corrected' : text)
/** What every text of the flow may say. */
export const told = (scene: Here): Gaps => finishedIn(scene).told

/** Her own figure, beside the group's median where that may be shown; not a word where she gave no figure. */
export function insightText(scene: Here): string {
  const { value, median } = told(scene)
  if (value === undefined) return ''
  return median === undefined ? 'own' : 'text'
}

/** That reports do not count while the form's purpose is off, or has new words; not a word while it is on. */
export function countsText(scene: Here): string {
  const standing = standingUnder(scene.world.charter, formOf(scene).purpose, scene.world.consents)
  return standing === 'on' ? '' : standing
}
