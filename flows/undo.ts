// Takes back what she reported last: a report that is not finished yet, else the last one while it is held. An earlier
// version of the same report stands again. It never takes back two at once.
import { end, flow } from '../src/conversation/flow.ts'
import * as last from './undo_scene.ts'

export const undo = flow<last.Answers>()({
  name: 'undo',
  needs: ['reports'],
  takesBack: 'report',
  start: 'last',
  nodes: {
    last: { verb: 'decide', next: ({ answers }) => (answers.unfinished ? 'dropped' : 'finished') },
    dropped: { verb: 'say', text: last.droppedText, gaps: last.told, next: end },
    finished: { verb: 'decide', next: (scene) => (last.isHeld(scene) ? 'undone' : 'nothing') },
    undone: { verb: 'say', text: last.undoneText, facts: last.undone, gaps: last.told, next: end },
    nothing: { verb: 'say', next: end },
  },
})
