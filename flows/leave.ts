// Ending a membership, with one confirmation. Leaving, stopping and erasing are three things, and she is told so.
import { end, flow } from '../src/conversation/flow.ts'

export const leave = flow<object>()({
  name: 'leave',
  needs: [],
  start: 'sure',
  nodes: {
    sure: {
      verb: 'choose',
      names: true,
      gaps: ({ world }) => ({ coop: { words: world.charter.name } }),
      options: [
        { name: 'leave', next: 'left' },
        { name: 'stay', next: 'stayed' },
      ],
    },
    left: { verb: 'say', facts: () => [{ fact: 'member_left' }], next: end },
    stayed: { verb: 'say', next: end },
  },
})
