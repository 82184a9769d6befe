// What the co-op holds of her, in short; whether she asked for it to be erased, whether words have changed that she had
// said yes to, and whether she gets no messages from us.
import { end, flow } from '../src/conversation/flow.ts'
import type { World } from '../src/conversation/world.ts'
import { shownTo, standingOf } from '../src/coop/consents/consent.ts'
import { erasureDueAt } from '../src/coop/members/member.ts'

// Nothing is done under words that she has not read, and nobody asks her again until she comes by.
function textFor({ member, charter, consents }: World): 'text' | 'changed' | 'silenced' | 'left' | 'erasing' {
  if (member?.erasureAskedAt !== undefined) return 'erasing'
  if (member?.state === 'left') return 'left'
  const isChanged = charter.purposes.some((purpose) => standingOf(purpose, consents) === 'new_words')
  if (isChanged) return 'changed'
  return member?.suppressed ? 'silenced' : 'text'
}

export const my = flow<object>()({
  name: 'my',
  needs: ['consents', 'held'],
  start: 'mine',
  nodes: {
    mine: {
      verb: 'say',
      text: ({ world }) => textFor(world),
      gaps: ({ world }) => ({
        number: world.member?.number ?? 0,
        coop: { words: world.charter.name },
        since: { instant: world.member?.joinedAt ?? world.now },
        by: { instant: erasureDueAt(world) },
        on: world.charter.purposes.filter((purpose) => standingOf(purpose, world.consents) === 'on').length,
        purposes: shownTo(world.charter, world.consents).length,
        count: world.held.reports,
        ballots: world.held.ballots,
      }),
      next: end,
    },
  },
})
