// A report, by a form of the charter. It joins the pool after the form's hold time; the same key corrects it.
import { end, flow } from '../src/conversation/flow.ts'
import * as draft from './report_scene.ts'

export const report = flow<draft.Answers>()({
  name: 'report',
  needs: ['reports', 'insight', 'consents'],
  start: 'which',
  stands: draft.isAsked,
  patience: { minutes: 12 * 60, remindAfter: 60 },
  nodes: {
    which: { verb: 'decide', set: draft.meant, next: ({ answers }) => (answers.form ? 'fill' : 'unnamed') },
    unnamed: { verb: 'decide', next: (scene) => (draft.hasForms(scene) ? 'form' : 'none') },
    none: { verb: 'say', next: end },
    form: { verb: 'pick', as: 'form', names: true, from: draft.forms, next: 'fill' },
    fill: {
      verb: 'fill',
      as: 'filling',
      form: draft.formOf,
      set: draft.finished,
      left: { text: draft.leftText, facts: draft.newlyMade, gaps: draft.told },
      next: (scene) => (draft.isRepeated(scene) ? 'same' : 'kept'),
    },
    same: { verb: 'say', gaps: draft.told, next: end },
    kept: { verb: 'say', text: draft.keptText, facts: draft.made, gaps: draft.told, next: 'insight' },
    insight: { verb: 'say', text: draft.insightText, gaps: draft.told, next: 'counts' },
    counts: { verb: 'say', text: draft.countsText, gaps: draft.told, next: end },
  },
})
