// Where a member finds everything, with 0: and where she lands when she is not understood.
import { flow, to } from '../src/conversation/flow.ts'

export const menu = flow<{ lost: boolean; stale: boolean }>()({
  name: 'menu',
  needs: [],
  start: 'enter',
  nodes: {
    // All of it is for members: anyone else is shown the way in.
    enter: {
      verb: 'decide',
      next: ({ world, answers }) =>
        world.member?.state !== 'active' ? to('join') : answers.stale ? 'stale' : answers.lost ? 'lost' : 'menu',
    },
    lost: { verb: 'say', next: 'menu' },
    stale: { verb: 'say', next: 'menu' },
    menu: {
      verb: 'choose',
      names: true,
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
