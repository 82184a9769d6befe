// Messages again. On SMS the carrier has lifted its own block with the same word; elsewhere we say what is left to do.
import { end, flow } from '../src/conversation/flow.ts'

export const start = flow<object>()({
  name: 'start',
  needs: [],
  start: 'heard',
  nodes: {
    heard: {
      verb: 'say',
      // A carrier that had blocked nothing says nothing either.
      text: ({ world }) => (!world.blocked ? 'text' : world.carrierAnswers ? '' : 'sms_too'),
      facts: ({ world }) => [{ fact: 'opted_in', unblocked: world.carrierAnswers }],
      gaps: ({ world }) => ({ coop: { words: world.charter.name } }),
      next: end,
    },
  },
})
