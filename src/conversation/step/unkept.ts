// A form that was begun and that another conversation took the place of is gone. She is told so, where there is room:
// what she had answered would else be lost without a word. UNDO says so itself.
import type { Machine } from '../machine.ts'
import type { Reply } from '../reply.ts'
import type { Answers, Question, Session } from '../session.ts'

/** What is said first of a form that was open before the step, has answers, and is nowhere after it. */
export function unkept(machine: Machine, before: Session, after: Session, replies: readonly Reply[]): Reply[] {
  const { open } = before
  if (!open || replies.length === 0 || !hasAnswers(machine, open)) return []
  const isThere = [after.open, after.under, after.lapsed].some((question) => question?.flow === open.flow)
  if (isThere || replies.some(({ flow }) => flow === open.flow || flow === 'undo')) return []
  return [{ flow: 'machine', node: 'unkept', text: 'text', gaps: {}, offers: [], brief: [] }]
}

function hasAnswers({ flows }: Machine, { flow, node, answers }: Question): boolean {
  const asked = flows[flow]?.nodes[node]
  return asked?.verb === 'fill' && hasValues(answers[asked.as])
}

const hasValues = (filling: Answers[string] | undefined): boolean =>
  typeof filling === 'object' &&
  filling !== null &&
  'values' in filling &&
  Object.keys(filling.values ?? {}).length > 0
