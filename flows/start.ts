// Messages again. On SMS the carrier has lifted its own block with the same word; elsewhere we say what is left to do.
import { end, flow } from '../src/conversation/flow.ts'

export const start = flow<object>()({
  name: 'start',
  needs: [],
  start: 'heard',
  nodes: {
    heard: {
      verb: 'say',
      text: ({ world }) => (world.carrierAnswers ? '' : world.blocked ? 'sms_too' : 'text'),
      facts: ({ world }) => [{ fact: 'opted_in', unblocked: world.carrierAnswers }],
      gaps: ({ world }) => ({ coop: { words: world.charter.name } }),
      next: end,
    },
  },
})
