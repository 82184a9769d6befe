// What becomes of a form that she leaves, for something else or by not coming back: one that has all it must have is
// kept as it stands, and she is told so; any other is not, and she is told that. UNDO drops either, and says so itself.
import type { Fact } from '../../coop/facts.ts'
import { asItStands, missingIn, refitted } from '../../coop/reports/filling.ts'
import type { Machine } from '../machine.ts'
import type { Reply } from '../reply.ts'
import type { Answers, Question, Session } from '../session.ts'
import { settled } from './act.ts'
import { usualOf } from './against.ts'
import { filledIn, madeBy, type Sheet, sheetAt } from './sheet.ts'
import { isLacking, nodeOf, placeOf, sceneOf, type Turn } from './turn.ts'

/** A form that she has left: what is kept of it, if anything. */
export interface Left {
  readonly kept: Kept | undefined
  /** Another report takes its place, and speaks for itself. */
  readonly isRedone: boolean
}
interface Kept {
  /** What the report is of. */
  readonly made: string
  readonly facts: readonly Fact[]
  readonly replies: readonly Reply[]
}

/**
 * The form that was open before the step, or lay under what was, where another flow has taken its place. What that flow
 * counts, it counts with the report in it.
 */
export function leave(turn: Turn, { open, under }: Session, isCancelled: boolean): Left | undefined {
  const form = [open, under].find((question) => question && hasAnswers(turn.machine, question))
  const { instead } = turn
  if (!form || !instead || instead.takesBack === form.flow) return undefined
  const kept = isCancelled ? undefined : keptOf(turn, form)
  const { held } = turn.world
  const more = kept?.facts.filter((fact) => fact.fact === 'report_made' && fact.version === 1).length ?? 0
  turn.world = { ...turn.world, held: { ...held, reports: held.reports + more } }
  return { kept, isRedone: instead.name === form.flow }
}

/** Establishes first what was kept, unless the step has made the same report anew, and says what became of the form. */
export function tell({ facts, made, replies }: Turn, { kept, isRedone }: Left): void {
  if (kept && made.includes(kept.made)) return
  facts.unshift(...(kept?.facts ?? []))
  // A stop that the carrier has answered is not answered over.
  if (replies.length > 0) replies.unshift(...(kept?.replies ?? (isRedone ? [] : [ofMachine('unkept', [])])))
}

/** Keeps a form to which she does not come back; whether it could be kept. Who asked for silence is not told. */
export function keep(turn: Turn, question: Question): boolean {
  const kept = keptOf(turn, question)
  if (!kept) return false
  turn.facts.push(...kept.facts)
  if (!turn.world.member?.suppressed) turn.replies.push(...kept.replies)
  return true
}

function keptOf(turn: Turn, question: Question): Kept | undefined {
  const sheet = sheetOf(turn, question)
  if (!sheet || missingIn(sheet.form, sheet.filling.values) || isLacking(turn, sheet.place.flow)) return undefined
  const { form, filling } = sheet
  const whole = asItStands(form, filling, turn.world.charter, usualOf(turn, form, filling.values))
  return whole && asLeft({ ...sheet, filling: whole })
}

// An instant before what else she does now: UNDO takes back the later of two.
function sheetOf(turn: Turn, question: Question): Sheet | undefined {
  const place = placeOf(turn, question)
  const node = place && nodeOf(place.flow, place.node)
  if (!place || node?.verb !== 'fill') return undefined
  const sheet = sheetAt({ ...turn, world: { ...turn.world, now: turn.world.now - 1 } }, place, node)
  return { ...sheet, filling: refitted(sheet.form, sheet.filling, turn.world.charter) }
}

function asLeft(sheet: Sheet): Kept {
  const { turn, place, node } = sheet
  const scene = sceneOf(turn, settled(turn, filledIn(sheet).answers, node))
  const { text, gaps, facts } = node.left
  const said = { flow: place.flow.name, node: place.node, text: text(scene), gaps: gaps(scene), offers: [] }
  const made = madeBy(sheet)
  return { made, facts: facts(scene), replies: said.text === '' ? [] : [{ ...said, brief: [ofMachine('kept')] }] }
}

const ofMachine = (node: string, brief?: readonly Reply[]): Reply => ({
  ...{ flow: 'machine', node, text: 'text', gaps: {}, offers: [] },
  ...(brief && { brief }),
})

function hasAnswers({ flows }: Machine, { flow, node, answers }: Question): boolean {
  const asked = flows[flow]?.nodes[node]
  return asked?.verb === 'fill' && hasValues(answers[asked.as])
}

const hasValues = (filling: Answers[string] | undefined): boolean =>
  typeof filling === 'object' &&
  filling !== null &&
  'values' in filling &&
  Object.keys(filling.values ?? {}).length > 0
