// Becoming a member: language first, what the co-op is in one text, one digit. No data is asked for.
// Who is not invited hears so in her own language too.
import { end, flow } from '../src/conversation/flow.ts'
import * as newcomer from './join_scene.ts'
import * as language from './language_scene.ts'

export const join = flow<language.Answers>()({
  name: 'join',
  needs: ['fresh'],
  start: 'enter',
  nodes: {
    enter: { verb: 'decide', next: (scene) => (newcomer.isMember(scene) ? 'already' : 'language') },
    language: {
      verb: 'pick',
      as: 'language',
      names: true,
      unless: newcomer.hasLanguage,
      from: language.offered,
      gaps: newcomer.told,
      facts: language.chosen,
      next: 'door',
    },
    door: { verb: 'decide', next: (scene) => (newcomer.isUninvited(scene) ? 'by_invitation' : 'about') },
    about: {
      verb: 'choose',
      names: true,
      text: newcomer.firstOrAgain,
      gaps: newcomer.told,
      options: [
        { name: 'join', next: 'joined' },
        { name: 'ask', next: 'ask' },
      ],
    },
    ask: { verb: 'say', gaps: newcomer.told, next: end },
    joined: { verb: 'say', text: newcomer.welcome, facts: newcomer.joined, gaps: newcomer.told, next: end },
    already: { verb: 'say', gaps: newcomer.told, next: end },
    by_invitation: { verb: 'say', gaps: newcomer.told, next: end },
  },
})
