// What one report is of: the key under which a second report corrects the first. It opens with the day, so that the
// day of any report can be read from its key.
import type { Gaps } from '../../conversation/reply.ts'
import type { Form } from '../charter/charter.ts'
import type { Values } from './values.ts'

/** The key of a report, such as `2026-11-24` or `2026-11-24,tomato,anand`. A report without a day is of today. */
export function reportKey(form: Form, values: Values, today: string): string {
  return form.key.map((id) => (id === 'day' ? (values.day ?? today) : part(form, values, id))).join(',')
}

/** The day that a report is of. */
export const dayOfKey = (key: string): string => key.slice(0, 10)

/** What a report is of, as a reply says it: the options that its key names, and its day. A form may be gone. */
export const sayKey = (form: Form | undefined, key: string, values: Values): Gaps => ({
  day: { day: dayOfKey(key) },
  of: { list: form?.key.flatMap((id) => optionName(form, values, id)) ?? [] },
})

function optionName(form: Form, values: Values, id: string) {
  const question = form.questions.find((each) => each.id === id)
  const option = question?.type === 'choice' ? question.options.find((each) => each.id === values[id]) : undefined
  return option ? [option.name] : []
}

/** Whether two versions of a report say the same; the order in which they were answered does not matter. */
export function sameValues(one: Values, other: Values): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
}

function part(form: Form, values: Values, id: string): string | number {
  const value = values[id]
  if (value === undefined) throw new Error(`A report of form "${form.id}" has no ${id}, which is part of its key`)
  return value
}
