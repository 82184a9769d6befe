// A report, by a form of the charter. It joins the pool after the form's hold time; the same key corrects it.

import { end, flow } from '../src/conversation/flow.ts'
import { standingOf } from '../src/coop/consents/consent.ts'
import { numbered } from './offers.ts'
import { draftOf, existing, formOf, type ReportAnswers, said } from './report_scene.ts'

export const report = flow<ReportAnswers>()({
  name: 'report',
  needs: ['reports', 'insight', 'consents'],
  start: 'which',
  patience: { minutes: 12 * 60, remindAfter: 60 },
  nodes: {
    which: {
      verb: 'decide',
      set: ({ world, answers }) =>
        world.charter.forms.length === 1 ? { form: world.charter.forms[0]?.id ?? '' } : answers,
      next: ({ world, answers }) => (answers.form ? 'fill' : world.charter.forms.length === 0 ? 'none' : 'form'),
    },
    none: { verb: 'say', next: end },
    form: {
      verb: 'pick',
      as: 'form',
      names: true,
      from: ({ world }) => numbered(world.charter.forms),
      next: 'fill',
    },
    fill: { verb: 'fill', as: 'filling', form: formOf, next: (scene) => (existing(scene)?.same ? 'same' : 'kept') },
    same: { verb: 'say', gaps: said, next: end },
    kept: {
      verb: 'say',
      text: (scene) => (existing(scene) ? 'corrected' : 'text'),
      facts: (scene) => [{ fact: 'report_made', ...draftOf(scene) }],
      gaps: said,
      next: 'insight',
    },
    insight: {
      verb: 'say',
      text: (scene) => {
        const { value, median } = said(scene)
        return value === undefined ? '' : median === undefined ? 'own' : 'text'
      },
      gaps: said,
      next: 'counts',
    },
    counts: {
      verb: 'say',
      text: (scene) => {
        const purpose = scene.world.charter.purposes.find(({ id }) => id === formOf(scene).purpose)
        const standing = purpose ? standingOf(purpose, scene.world.consents) : 'off'
        return standing === 'on' ? '' : standing
      },
      gaps: said,
      next: end,
    },
  },
})
