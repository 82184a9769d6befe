// Where a member finds everything, with 0: and where she lands when she is not understood.
import { flow, to } from '../src/conversation/flow.ts'

export const menu = flow<{ lost: boolean; stale: boolean }>()({
  name: 'menu',
  needs: [],
  start: 'enter',
  nodes: {
    enter: { verb: 'decide', next: ({ answers }) => (answers.stale ? 'stale' : answers.lost ? 'lost' : 'menu') },
    lost: { verb: 'say', next: 'menu' },
    stale: { verb: 'say', next: 'menu' },
    menu: {
      verb: 'choose',
      options: [
        { name: 'vote', next: to('vote') },
        { name: 'report', next: to('report') },
        { name: 'data', next: to('consents') },
        { name: 'my', next: to('my') },
        { name: 'language', next: to('language') },
        { name: 'help', next: to('help') },
      ],
    },
  },
})
