// Notes that she wants her data gone, and says who does it by when. A person does it: `coopline member erase`.
import { end, flow } from '../src/conversation/flow.ts'

const dayMs = 86_400_000

export const erase = flow<object>()({
  name: 'erase',
  needs: [],
  start: 'noted',
  nodes: {
    noted: {
      verb: 'say',
      text: ({ world }) => (world.member?.erasureAskedAt === undefined ? 'text' : 'already'),
      facts: ({ world }) => (world.member?.erasureAskedAt === undefined ? [{ fact: 'erasure_asked' }] : []),
      gaps: ({ world }) => ({
        who: { words: world.charter.erasure.who },
        by: { instant: (world.member?.erasureAskedAt ?? world.now) + world.charter.erasure.days * dayMs },
      }),
      next: end,
    },
  },
})
