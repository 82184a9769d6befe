// Each use of her data, on or off. A yes follows the exact notice and takes one digit; a no takes one message.

import { end, flow, type Scene, to } from '../src/conversation/flow.ts'
import { numberOf, purposeAt, standingOf } from '../src/coop/consents/consent.ts'
import { numbered } from './offers.ts'

interface Answers {
  action: 'on' | 'off'
  rest: string
  purpose: string
}
type Here = Scene<Answers>

const purposeOf = ({ world, answers }: Here) => world.charter.purposes.find(({ id }) => id === answers.purpose)
const standing = (scene: Here) => {
  const purpose = purposeOf(scene)
  return purpose ? standingOf(purpose, scene.world.consents) : 'off'
}
const named = (scene: Here) => ({
  name: { words: purposeOf(scene)?.name ?? {} },
  number: numberOf(scene.world.charter, scene.answers.purpose ?? ''),
  receipt: scene.world.fresh.receipt,
})
const event = ({ world, answers, language }: Here) => ({
  purpose: answers.purpose ?? '',
  version: world.charter.purposes.find(({ id }) => id === answers.purpose)?.notice.version ?? 0,
  receipt: world.fresh.receipt,
  language,
})

export const consents = flow<Answers>()({
  name: 'consents',
  needs: ['consents', 'fresh'],
  start: 'enter',
  nodes: {
    enter: {
      verb: 'decide',
      set: ({ world, answers }) => {
        const purpose = purposeAt(world.charter, Number(answers.rest ?? 0))
        return purpose ? { purpose: purpose.id } : {}
      },
      next: ({ answers }) => {
        if (answers.purpose) return answers.action === 'off' ? 'off' : 'on'
        if (answers.rest) return 'unknown'
        return answers.action === 'off' ? 'which_off' : 'list'
      },
    },
    list: {
      verb: 'pick',
      as: 'purpose',
      from: ({ world }) => numbered(world.charter.purposes),
      gaps: ({ world }) => ({
        lines: {
          lines: world.charter.purposes.map((purpose, at) => ({
            number: at + 1,
            name: { words: purpose.name },
            state: { word: standingOf(purpose, world.consents) },
          })),
        },
      }),
      next: 'one',
    },
    one: { verb: 'decide', next: (scene) => (standing(scene) === 'on' ? 'is_on' : 'notice') },
    is_on: { verb: 'say', gaps: named, next: end },
    on: { verb: 'decide', next: (scene) => (standing(scene) === 'on' ? 'is_on' : 'notice') },
    notice: {
      verb: 'choose',
      gaps: (scene) => ({ ...named(scene), notice: { words: purposeOf(scene)?.notice.text ?? {} } }),
      options: [
        { name: 'share', facts: (scene) => [{ fact: 'consent_given', ...event(scene) }], next: 'given' },
        { name: 'no', facts: (scene) => [{ fact: 'consent_refused', ...event(scene) }], next: 'refused' },
      ],
    },
    given: { verb: 'say', gaps: named, next: end },
    refused: { verb: 'say', gaps: named, next: end },
    off: { verb: 'decide', next: (scene) => (standing(scene) === 'off' ? 'is_off' : 'withdrawn') },
    is_off: { verb: 'say', gaps: named, next: end },
    withdrawn: {
      verb: 'say',
      facts: (scene) => [{ fact: 'consent_withdrawn', ...event(scene) }],
      gaps: named,
      next: end,
    },
    which_off: {
      verb: 'choose',
      options: [
        { name: 'messages', next: to('stop', { how: 'sentence' }) },
        { name: 'sharing', next: 'pick_off' },
      ],
    },
    pick_off: { verb: 'pick', as: 'purpose', from: ({ world }) => numbered(world.charter.purposes), next: 'off' },
    unknown: { verb: 'say', gaps: ({ world }) => ({ last: world.charter.purposes.length }), next: 'list' },
  },
})
