// Another language, at any time: an open question is asked again in the new one.

import { askAgain, flow } from '../src/conversation/flow.ts'
import type { Language } from '../src/coop/charter/charter.ts'
import { languageCalled, languageOffers } from './offers.ts'

export const language = flow<{ rest: string; language: Language }>()({
  name: 'language',
  needs: [],
  start: 'named',
  aside: true,
  nodes: {
    named: {
      verb: 'decide',
      set: ({ world, answers }) => languageCalled(world.charter, answers.rest),
      next: ({ answers }) => (answers.language ? 'changed' : 'which'),
    },
    which: {
      verb: 'pick',
      as: 'language',
      names: true,
      from: ({ world }) => languageOffers(world.charter),
      next: 'changed',
    },
    changed: {
      verb: 'say',
      facts: ({ answers, language }) => [{ fact: 'language_chosen', language: answers.language ?? language }],
      next: askAgain,
    },
  },
})
