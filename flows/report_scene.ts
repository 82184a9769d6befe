// What the report flow sees of its world: the form, the draft that has been filled, and the report it corrects.

import type { Scene } from '../src/conversation/flow.ts'
import type { Gaps } from '../src/conversation/reply.ts'
import type { Form } from '../src/coop/charter/charter.ts'
import { type Filling, newFilling } from '../src/coop/reports/filling.ts'
import { finish } from '../src/coop/reports/finish.ts'
import { cellOf, groupCell, insightValue, readerIsIn } from '../src/coop/reports/insight.ts'
import { dayOfKey, sameValues } from '../src/coop/reports/key.ts'
import { measureOf, sayMeasure } from '../src/coop/reports/scale.ts'
import type { Values } from '../src/coop/reports/values.ts'
import { localDay, mondayOf } from '../src/coop/reports/week.ts'

export interface ReportAnswers {
  form: string
  /** What was texted in one line. */
  line: string
  filling: Filling
  rest: string
}
type Here = Scene<ReportAnswers>

export function formOf({ world, answers }: Here): Form {
  const form = world.charter.forms.find(({ id }) => id === answers.form)
  if (!form) throw new Error(`charter ${world.charter.id} has no form "${answers.form}"`)
  return form
}

/** The report as it would be kept: its day is today where she named none. */
export function draftOf(scene: Here) {
  const { world, answers } = scene
  const form = formOf(scene)
  const { begun, values: filled } = answers.filling ?? newFilling(localDay(world.now, world.charter.timezone))
  const { key, values, figures } = finish(form, filled, begun, world.charter)
  return {
    form: form.id,
    key,
    version: (corrected(scene, key)?.version ?? 0) + 1,
    week: mondayOf(dayOfKey(key)),
    cell: cellOf(form, values),
    values,
    figures,
    poolAt: world.now + form.hold * 1000,
  }
}

const corrected = ({ world, answers }: Here, key: string) =>
  world.reports.find((report) => report.form === answers.form && report.key === key)

/** The report that this one corrects, and whether it says the same. */
export function existing(scene: Here): { same: boolean } | undefined {
  const draft = draftOf(scene)
  const before = corrected(scene, draft.key)
  return before && { same: sameValues(before.values, draft.values) }
}

/** What she hears back: her own figure, the group's median where it may be shown, when the report joins the pool. */
export function said(scene: Here): Gaps {
  const { world } = scene
  const form = formOf(scene)
  const draft = draftOf(scene)
  const figure = measureOf(form, form.insight.figure)
  const own = insightValue(form, draft.values, draft.figures)
  const day = dayOfKey(draft.key)
  const cell = groupCell(form, draft.values, day, world.insight, readerIsIn(form, draft.values, day, world.reports))
  return {
    day: { day },
    of: { list: form.key.flatMap((id) => optionName(form, draft.values, id)) },
    name: { words: figure?.name ?? form.name },
    unit: { words: figure?.unit ?? {} },
    pool: { instant: draft.poolAt, now: world.now },
    form: { words: form.name },
    number: world.charter.purposes.findIndex(({ id }) => id === form.purpose) + 1,
    ...(figure && own !== undefined && { value: sayMeasure(figure, own, world.charter) }),
    ...(figure && cell && { median: sayMeasure(figure, cell.median, world.charter), count: cell.members }),
  }
}

function optionName(form: Form, values: Values, id: string) {
  const question = form.questions.find((each) => each.id === id)
  const option = question?.type === 'choice' ? question.options.find((each) => each.id === values[id]) : undefined
  return option ? [option.name] : []
}
