// What the co-op holds of her, in short.

import { end, flow } from '../src/conversation/flow.ts'
import { shownTo, standingOf } from '../src/coop/consents/consent.ts'

export const my = flow<object>()({
  name: 'my',
  needs: ['consents', 'held'],
  start: 'mine',
  nodes: {
    mine: {
      verb: 'say',
      text: ({ world }) => (world.member?.state === 'left' ? 'left' : 'text'),
      gaps: ({ world }) => ({
        number: world.member?.number ?? 0,
        coop: { words: world.charter.name },
        since: { instant: world.member?.joinedAt ?? world.now },
        on: world.charter.purposes.filter((purpose) => standingOf(purpose, world.consents) === 'on').length,
        purposes: shownTo(world.charter, world.consents).length,
        count: world.held.reports,
        ballots: world.held.ballots,
      }),
      next: end,
    },
  },
})
