// Notes that she wants her data gone, and says who does it by when. A person does it: `coopline member erase`.
import { end, flow } from '../src/conversation/flow.ts'
import type { World } from '../src/conversation/world.ts'

const dayMs = 86_400_000
const dueAt = ({ member, charter, now }: World): number =>
  (member?.erasureAskedAt ?? now) + charter.erasure.days * dayMs
function textFor(world: World): 'text' | 'already' | 'overdue' {
  if (world.member?.erasureAskedAt === undefined) return 'text'
  return world.now > dueAt(world) + dayMs ? 'overdue' : 'already'
}

export const erase = flow<object>()({
  name: 'erase',
  needs: [],
  start: 'noted',
  nodes: {
    noted: {
      verb: 'say',
      text: ({ world }) => textFor(world),
      facts: ({ world }) => (world.member?.erasureAskedAt === undefined ? [{ fact: 'erasure_asked' }] : []),
      gaps: ({ world }) => ({
        who: { words: world.charter.erasure.who },
        human: { words: world.charter.human },
        by: { instant: dueAt(world) },
      }),
      next: end,
    },
  },
})
