// Becoming a member: language first, what the co-op is in one text, one digit. No data is asked for.

import { end, flow } from '../src/conversation/flow.ts'
import type { Language } from '../src/coop/charter/charter.ts'
import { languageOffers } from './offers.ts'

export const join = flow<{ rest: string; language: Language }>()({
  name: 'join',
  needs: ['fresh'],
  start: 'enter',
  nodes: {
    enter: {
      verb: 'decide',
      next: ({ world, choseLanguage }) => {
        if (world.member?.state === 'active') return 'already'
        if (world.charter.joining === 'invited' && !world.member) return 'by_invitation'
        const asks = world.charter.languages.length > 1 && !world.member && !choseLanguage
        return asks ? 'language' : 'about'
      },
    },
    language: {
      verb: 'pick',
      as: 'language',
      names: true,
      from: ({ world }) => languageOffers(world.charter),
      gaps: ({ world }) => ({ coop: { words: world.charter.name } }),
      facts: ({ answers, language }) => [{ fact: 'language_chosen', language: answers.language ?? language }],
      next: 'about',
    },
    about: {
      verb: 'choose',
      names: true,
      gaps: ({ world }) => ({ about: { words: world.charter.about } }),
      options: [
        { name: 'join', next: 'joined' },
        { name: 'ask', next: 'ask' },
      ],
    },
    ask: { verb: 'say', gaps: ({ world }) => ({ human: { words: world.charter.human } }), next: end },
    joined: {
      verb: 'say',
      facts: ({ world, language }) => [
        { fact: 'member_joined', number: world.member?.number ?? world.fresh.number, language },
      ],
      gaps: ({ world }) => ({
        number: world.member?.number ?? world.fresh.number,
        coop: { words: world.charter.name },
      }),
      next: end,
    },
    already: { verb: 'say', gaps: ({ world }) => ({ number: world.member?.number ?? 0 }), next: end },
    by_invitation: {
      verb: 'say',
      gaps: ({ world }) => ({ coop: { words: world.charter.name }, human: { words: world.charter.human } }),
      next: end,
    },
  },
})
