// Whom to ask. On SMS the carrier answers HELP itself, and then we say nothing.
import { flow, goBack } from '../src/conversation/flow.ts'

export const help = flow<{ how: string }>()({
  name: 'help',
  needs: [],
  start: 'who',
  aside: true,
  nodes: {
    who: {
      verb: 'say',
      text: ({ world, answers }) => (answers.how === 'word' && world.carrierAnswers ? '' : 'text'),
      gaps: ({ world }) => ({ coop: { words: world.charter.name }, human: { words: world.charter.human } }),
      next: goBack,
    },
  },
})
