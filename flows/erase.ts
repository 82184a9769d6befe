// Notes that she wants her data gone, and says who does it by when. A person does it: `coopline member erase`. Until
// then ERASE once more lets her keep it: it may have been a slip, or somebody else's who held her phone.
import { end, flow, type Scene } from '../src/conversation/flow.ts'
import { dayMs } from '../src/coop/calendar.ts'
import { erasureDueAt } from '../src/coop/members/member.ts'

function stateOf({ world }: Scene<object>): 'noted' | 'asked' | 'overdue' {
  if (world.member?.erasureAskedAt === undefined) return 'noted'
  return world.now > erasureDueAt(world) + dayMs ? 'overdue' : 'asked'
}
const told = ({ world }: Scene<object>) => ({
  who: { words: world.charter.erasure.who },
  human: { words: world.charter.human },
  by: { instant: erasureDueAt(world) },
})

export const erase = flow<object>()({
  name: 'erase',
  needs: [],
  start: 'enter',
  nodes: {
    enter: { verb: 'decide', next: stateOf },
    noted: { verb: 'say', facts: () => [{ fact: 'erasure_asked' }], gaps: told, next: end },
    asked: {
      verb: 'choose',
      gaps: told,
      options: [
        { name: 'keep', next: 'kept' },
        { name: 'erase', next: 'already' },
      ],
    },
    already: { verb: 'say', gaps: told, next: end },
    kept: { verb: 'say', facts: () => [{ fact: 'erasure_taken_back' }], next: end },
    overdue: { verb: 'say', gaps: told, next: end },
  },
})
