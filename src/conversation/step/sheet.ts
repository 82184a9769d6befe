// A form while a step is at it: what is filled in, and the turn and place in which it is.
import type { Form } from '../../coop/charter/charter.ts'
import { type Filling, newFilling, nextWant, type Want } from '../../coop/reports/filling.ts'
import { reportKey } from '../../coop/reports/key.ts'
import type { Fill } from '../flow.ts'
import type { Answers, Json } from '../session.ts'
import { todayOf, usualOf } from './against.ts'
import { type Place, sceneOf, type Turn } from './turn.ts'

export type FillNode = Fill<Answers, string>

/** The form in front of her: what is filled in so far, and the step in which it is. */
export interface Sheet {
  readonly turn: Turn
  readonly place: Place
  readonly node: FillNode
  readonly form: Form
  readonly filling: Filling
}

/** The form as the answers so far have it. */
export function sheetAt(turn: Turn, place: Place, node: FillNode): Sheet {
  const form = node.form(sceneOf(turn, place.answers))
  const kept = place.answers[node.as]
  return { turn, place, node, form, filling: kept ? (kept as object as Filling) : newFilling(todayOf(turn)) }
}

/** What it wants next. */
export const wantOf = ({ turn, form, filling }: Sheet): Want =>
  nextWant(form, filling, turn.world.charter, usualOf(turn, form, filling.values))

/** What the report that it makes is of: two of the same are one report and its correction. */
export const madeBy = ({ form, filling }: Sheet): string =>
  `${form.id} ${reportKey(form, filling.values, filling.begun)}`

/** Its place, with what is filled in among the answers. */
export const filledIn = ({ place, node, filling }: Sheet): Place => ({
  ...place,
  answers: { ...place.answers, [node.as]: filling as object as Json },
})
