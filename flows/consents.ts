// Each use of her data, on or off. A yes follows the exact notice and takes one digit; a no takes one message.
import { end, flow, to } from '../src/conversation/flow.ts'
import * as purpose from './consents_scene.ts'

export const consents = flow<purpose.Answers>()({
  name: 'consents',
  needs: ['consents', 'fresh'],
  start: 'enter',
  stands: purpose.isAsked,
  nodes: {
    enter: { verb: 'decide', set: purpose.byNumber, next: purpose.wished },
    none: { verb: 'decide', next: purpose.withoutOne },
    none_on: { verb: 'say', text: purpose.noneOnText, next: end },
    unknown: { verb: 'say', gaps: purpose.highest, next: purpose.listFor },
    list: { verb: 'pick', as: 'purpose', from: purpose.all, gaps: purpose.standings, next: 'on' },
    on: { verb: 'decide', next: purpose.whenOn },
    is_on: { verb: 'say', gaps: purpose.told, next: end },
    notice: {
      verb: 'choose',
      gaps: purpose.notice,
      options: [
        { name: 'share', next: (scene) => (purpose.isOn(scene) ? 'is_on' : 'given') },
        { name: 'no', plainNo: true, next: (scene) => (purpose.isOn(scene) ? 'withdrawn' : 'refused') },
      ],
    },
    given: { verb: 'say', facts: purpose.given, gaps: purpose.told, next: end },
    refused: { verb: 'say', facts: purpose.refused, gaps: purpose.told, next: end },
    off: { verb: 'decide', next: (scene) => (purpose.isOff(scene) ? 'is_off' : 'withdrawn') },
    is_off: { verb: 'say', text: purpose.isOffText, gaps: purpose.told, next: end },
    withdrawn: { verb: 'say', facts: purpose.withdrawn, gaps: purpose.told, next: end },
    which_off: {
      verb: 'choose',
      options: [
        { name: 'messages', next: to('stop', { how: 'sentence' }) },
        { name: 'sharing', next: 'pick_off' },
      ],
    },
    pick_off: { verb: 'pick', as: 'purpose', from: purpose.all, next: 'off' },
  },
})
