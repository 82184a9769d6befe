// Messages again. On SMS the carrier has lifted its own block with the same word; elsewhere we say what is left to do.
import { end, flow } from '../src/conversation/flow.ts'

export const start = flow<{ how: 'sentence' }>()({
  name: 'start',
  needs: [],
  start: 'heard',
  nodes: {
    heard: {
      verb: 'say',
      // A carrier that had blocked nothing says nothing either.
      text: ({ world }) => (!world.blocked ? 'text' : world.carrierAnswers ? '' : 'sms_too'),
      // The carrier hears nothing but the word alone.
      facts: ({ world, answers }) => [
        { fact: 'opted_in', unblocked: world.carrierAnswers && answers.how !== 'sentence' },
      ],
      gaps: ({ world }) => ({ coop: { words: world.charter.name } }),
      next: end,
    },
  },
})
