// No more messages that we begin, on any of her channels. It ends an open question and touches neither her
// membership nor her consents. A carrier that answered STOP itself is not answered over.
import { end, flow } from '../src/conversation/flow.ts'

export const stop = flow<{ how: 'word' | 'sentence' }>()({
  name: 'stop',
  needs: [],
  start: 'silenced',
  nodes: {
    silenced: {
      verb: 'say',
      text: ({ world, answers }) => {
        if (answers.how === 'word' && world.carrierAnswers) return ''
        return world.member?.state === 'active' ? 'text' : 'stranger'
      },
      facts: ({ world, answers }) => [
        { fact: 'opted_out', blocked: answers.how === 'word' && world.carrierAnswers },
      ],
      gaps: ({ world }) => ({ coop: { words: world.charter.name } }),
      next: end,
    },
  },
})
