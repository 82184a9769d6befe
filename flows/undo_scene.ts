// What UNDO sees of its world: the last report that is held, and what that is of.
import type { Scene } from '../src/conversation/flow.ts'
import type { Gaps } from '../src/conversation/reply.ts'
import type { World } from '../src/conversation/world.ts'
import type { Fact } from '../src/coop/facts.ts'
import { sayKey } from '../src/coop/reports/key.ts'

export interface Answers {
  /** UNDO came while a report was being made: it is about that one. */
  unfinished: boolean
}
type Here = Scene<Answers>

// The last that she made, of whatever form: an older one that is held longer is not the one that she means. Of two that
// one message made, the one that it was about joins the pool last.
function lastHeld({ reports, now }: World) {
  const [last] = reports.toSorted((one, other) => other.madeAt - one.madeAt || other.poolAt - one.poolAt)
  return last && last.poolAt > now ? last : undefined
}

/** Whether a report is held that can be taken back. */
export const isHeld = ({ world }: Here): boolean => lastHeld(world) !== undefined

/** How a dropped report is spoken of: with how to take back the last one too, where there is one. */
export const droppedText = (scene: Here): string => (isHeld(scene) ? 'held' : 'text')

/** How it is said what was taken back: a report, or the correction of one. */
export const undoneText = ({ world }: Here): string => ((lastHeld(world)?.version ?? 1) > 1 ? 'corrected' : 'text')

/** The report, as taken back. */
export function undone({ world }: Here): Fact[] {
  const held = lastHeld(world)
  return held ? [{ fact: 'report_undone', form: held.form, key: held.key, version: held.version }] : []
}

/** What the held report is of, such as its crop, market and day. */
export function told({ world }: Here): Gaps {
  const held = lastHeld(world)
  const form = world.charter.forms.find(({ id }) => id === held?.form)
  return held ? sayKey(form, held.key, held.values) : {}
}
