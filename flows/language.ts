// Another language, at any time: an open question is asked again in the new one.
import { askAgain, flow } from '../src/conversation/flow.ts'
import { type Answers, chosen, named, offered } from './language_scene.ts'

export const language = flow<Answers>()({
  name: 'language',
  needs: [],
  start: 'named',
  aside: true,
  nodes: {
    named: { verb: 'decide', set: named, next: ({ answers }) => (answers.language ? 'changed' : 'which') },
    which: { verb: 'pick', as: 'language', names: true, from: offered, next: 'changed' },
    changed: { verb: 'say', facts: chosen, next: askAgain },
  },
})
