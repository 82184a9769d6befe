// Takes the last report back while it is held. An earlier version of the same report stands again.
import { end, flow } from '../src/conversation/flow.ts'
import type { World } from '../src/conversation/world.ts'

const lastHeld = ({ reports, now }: World) =>
  reports.filter((report) => report.poolAt > now).toSorted((one, other) => other.madeAt - one.madeAt)[0]

export const undo = flow<object>()({
  name: 'undo',
  needs: ['reports'],
  start: 'last',
  nodes: {
    last: { verb: 'decide', next: ({ world }) => (lastHeld(world) ? 'undone' : 'nothing') },
    undone: {
      verb: 'say',
      text: ({ world }) => ((lastHeld(world)?.version ?? 1) > 1 ? 'corrected' : 'text'),
      facts: ({ world }) => {
        const held = lastHeld(world)
        return held ? [{ fact: 'report_undone', form: held.form, key: held.key, version: held.version }] : []
      },
      next: end,
    },
    nothing: { verb: 'say', next: end },
  },
})
