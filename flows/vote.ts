// Voting: one digit to an open proposal, changed by another until the close. A number that could be meant for two
// proposals, or for none, is asked about and never guessed.
import { end, flow, to } from '../src/conversation/flow.ts'
import * as proposal from './vote_scene.ts'

export const vote = flow<proposal.Answers>()({
  name: 'vote',
  needs: ['proposals'],
  start: 'enter',
  nodes: {
    enter: { verb: 'decide', set: proposal.meant, next: ({ answers }) => (answers.slug ? 'state' : 'unclear') },
    unclear: { verb: 'decide', next: (scene) => (proposal.isOneOfSeveral(scene) ? 'which' : 'nothing') },
    nothing: { verb: 'decide', next: ({ answers }) => (answers.digit ? to('menu', { lost: true }) : 'none') },
    // A digit that came before is not taken for the proposal that she picks now: it is put to her.
    which: { verb: 'pick', as: 'slug', from: proposal.openOnes, next: 'ballot' },
    state: { verb: 'decide', next: proposal.stateOf },
    open: { verb: 'decide', next: (scene) => (proposal.isOption(scene) ? 'cast' : 'unanswered') },
    unanswered: { verb: 'decide', next: (scene) => (proposal.asksMore(scene) ? 'more' : 'ballot') },
    ballot: {
      verb: 'pick',
      as: 'option',
      from: proposal.optionsAndMore,
      text: (scene) => (proposal.isBinding(scene) ? 'text' : 'advisory'),
      gaps: proposal.told,
      next: (scene) => (proposal.asksMore(scene) ? 'more' : 'still_open'),
    },
    more: { verb: 'pick', as: 'option', from: proposal.options, gaps: proposal.told, next: 'still_open' },
    still_open: { verb: 'decide', next: (scene) => (proposal.isOpenNow(scene) ? 'cast' : 'late') },
    late: { verb: 'decide', next: (scene) => (proposal.isClosed(scene) ? 'closed' : 'gone') },
    cast: { verb: 'say', text: proposal.castText, facts: proposal.cast, gaps: proposal.told, next: end },
    closed: { verb: 'say', text: proposal.closedText, gaps: proposal.told, next: end },
    not_yet: { verb: 'say', gaps: proposal.told, next: end },
    not_on_roll: { verb: 'say', gaps: proposal.told, next: end },
    gone: { verb: 'say', gaps: proposal.told, next: end },
    none: { verb: 'say', next: end },
  },
})
