// Voting: one digit to an open proposal, changed by another until the close. A number that could be meant for two
// proposals, or for none, is asked about and never guessed.

import { end, flow, type Scene, to } from '../src/conversation/flow.ts'
import type { Proposal } from '../src/conversation/world.ts'
import { callsTo, isOpen, lastCalled, openFor } from '../src/coop/votes/proposal.ts'
import { proposalOffers } from './offers.ts'

interface Answers {
  slug: string
  /** A digit that came without a question: an answer to a call, or an old button. */
  digit: number
  option: string
}
type Here = Scene<Answers>

const readMore = 'more'
const proposalOf = ({ world, answers }: Here) => world.proposals.find(({ slug }) => slug === answers.slug)
const openNow = ({ world }: Here) => openFor(world.proposals, world.now)
const optionOf = (scene: Here): number => Number(scene.answers.option ?? scene.answers.digit)
const isOption = (scene: Here) => proposalOf(scene)?.options[(scene.answers.digit ?? 0) - 1] !== undefined
const asksMore = (scene: Here) => scene.answers.digit === (proposalOf(scene)?.options.length ?? 0) + 1

const dayMs = 86_400_000

// A digit is for the one open call. After a later call whose vote has closed it may be late for that: she is told so,
// or asked again about the one that is open.
function meantBy({ world }: Here): Partial<Answers> {
  const [call, ...others] = callsTo(world.proposals, world.now)
  const last = lastCalled(world.proposals)
  const isLate = last && !isOpen(last, world.now) && world.now - last.closesAt < dayMs
  if (!call) return isLate ? { slug: last.slug } : {}
  if (others.length > 0) return {}
  return isLate ? { slug: call.slug, digit: none } : { slug: call.slug }
}
// The digit of no option.
const none = 0

function stateOf(scene: Here): 'gone' | 'not_on_roll' | 'not_yet' | 'closed' | 'open' {
  const proposal = proposalOf(scene)
  if (!proposal) return 'gone'
  if (!proposal.onRoll) return 'not_on_roll'
  if (isOpen(proposal, scene.world.now)) return 'open'
  return scene.world.now < proposal.opensAt ? 'not_yet' : 'closed'
}

const offers = (proposal: Proposal | undefined, more: boolean) => {
  const options = (proposal?.options ?? []).map((name, at) => ({
    id: String(at + 1),
    digit: at + 1,
    name: { words: name },
  }))
  return more ? [...options, { id: readMore, digit: options.length + 1, name: readMore }] : options
}

const gaps = (scene: Here) => {
  const proposal = proposalOf(scene)
  return {
    slug: scene.answers.slug ?? '',
    title: { words: proposal?.title ?? {} },
    text: { words: proposal?.text ?? {} },
    more: { words: proposal?.more ?? proposal?.text ?? {} },
    closes: { instant: proposal?.closesAt ?? 0 },
    opens: { instant: proposal?.opensAt ?? 0 },
    option: { words: proposal?.options[optionOf(scene) - 1] ?? {} },
    ...outcomeGaps(proposal),
  }
}

const outcomeGaps = (proposal: Proposal | undefined) =>
  proposal?.outcome
    ? { result: { word: proposal.outcome.result }, turnout: proposal.outcome.turnout, roll: proposal.outcome.roll }
    : {}

// With two votes open, the answer names the one that it is about.
function castText(scene: Here): string {
  const changes = ![undefined, optionOf(scene)].includes(proposalOf(scene)?.ballot)
  if (openNow(scene).length > 1) return changes ? 'changed_named' : 'named'
  return changes ? 'changed' : 'text'
}

export const vote = flow<Answers>()({
  name: 'vote',
  needs: ['proposals'],
  start: 'enter',
  nodes: {
    enter: {
      verb: 'decide',
      set: (scene) => {
        if (scene.answers.slug) return {}
        if (scene.answers.digit !== undefined) return meantBy(scene)
        const [only, ...others] = openNow(scene)
        if (others.length > 0) return {}
        const announced = scene.world.proposals.find((each) => each.onRoll && scene.world.now < each.opensAt)
        const meant = only ?? announced
        return meant ? { slug: meant.slug } : {}
      },
      next: (scene) => {
        if (scene.answers.slug) return 'state'
        if (openNow(scene).length > 1) return 'which'
        return scene.answers.digit ? to('menu', { lost: true }) : 'none'
      },
    },
    state: {
      verb: 'decide',
      next: (scene) => {
        const state = stateOf(scene)
        if (state !== 'open') return state
        if (scene.answers.digit === undefined) return 'ballot'
        return isOption(scene) ? 'cast' : asksMore(scene) ? 'more' : 'ballot'
      },
    },
    which: {
      verb: 'pick',
      as: 'slug',
      from: (scene) => proposalOffers(openNow(scene)),
      next: 'picked',
    },
    // The digit that was asked about is not taken for the one she means now.
    picked: { verb: 'decide', next: (scene) => (stateOf(scene) === 'open' ? 'ballot' : 'gone') },
    ballot: {
      verb: 'pick',
      as: 'option',
      from: (scene) => offers(proposalOf(scene), true),
      text: (scene) => (proposalOf(scene)?.binding ? 'text' : 'advisory'),
      gaps,
      next: ({ answers }) => (answers.option === readMore ? 'more' : 'still_open'),
    },
    more: {
      verb: 'pick',
      as: 'option',
      from: (scene) => offers(proposalOf(scene), false),
      gaps,
      next: 'still_open',
    },
    still_open: {
      verb: 'decide',
      next: (scene) => (stateOf(scene) === 'open' ? 'cast' : stateOf(scene) === 'closed' ? 'closed' : 'gone'),
    },
    cast: {
      verb: 'say',
      text: castText,
      facts: (scene) => [{ fact: 'ballot_cast', proposal: scene.answers.slug ?? '', option: optionOf(scene) }],
      gaps,
      next: end,
    },
    closed: { verb: 'say', text: (scene) => (proposalOf(scene)?.outcome ? 'outcome' : 'text'), gaps, next: end },
    not_yet: { verb: 'say', gaps, next: end },
    not_on_roll: { verb: 'say', gaps, next: end },
    gone: { verb: 'say', gaps, next: end },
    none: { verb: 'say', next: end },
  },
})
