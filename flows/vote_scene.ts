// What the vote flow sees of its world: the proposal that is meant, how it stands now, what may be chosen, and what is
// said of it. It reads only what was loaded, and counts nothing.
import type { Pickable, Scene } from '../src/conversation/flow.ts'
import { readChoice } from '../src/conversation/hear/choice.ts'
import { foldWords } from '../src/conversation/hear/words.ts'
import type { Gaps, Offer } from '../src/conversation/reply.ts'
import { dayMs } from '../src/coop/calendar.ts'
import type { Words } from '../src/coop/charter/charter.ts'
import type { Fact } from '../src/coop/facts.ts'
import type { Proposal } from '../src/coop/votes/proposal.ts'
import { callsTo, isOpen, lastCalled, openFor } from '../src/coop/votes/proposal.ts'
import { ballotOffers, optionOffers, readMore, winnerOf } from '../src/coop/votes/words.ts'
import { numbered } from './offers.ts'

export interface Answers {
  /** What followed the command. */
  rest: string
  slug: string
  /** A digit that came without a question: an answer to a call, or an old button. */
  digit: number
  /** What she wrote beneath a call that she quoted. */
  said: string
  /** The number of the option that she picked, or the wish to read more. */
  option: string
}
type Here = Scene<Answers>

const digitOfNoOption = 0

const proposalOf = ({ world, answers }: Here) => world.proposals.find(({ slug }) => slug === answers.slug)
const openNow = ({ world }: Here) => openFor(world.proposals, world.now)
const announced = ({ world }: Here) => world.proposals.find((each) => each.onRoll && world.now < each.opensAt)
/** One whose roll was drawn up before she joined: she has heard others speak of it. */
const joinedAfter = ({ world }: Here) =>
  world.proposals.find((each) => !each.onRoll && each.status !== 'closed' && world.now < each.closesAt)

/** The proposal that is meant, where only one can be: the one that is named, or called about, or all there is. */
export function meant(scene: Here): Partial<Answers> {
  if (scene.answers.slug) return digitSaid(scene)
  return scene.answers.digit === undefined ? theOnlyOne(scene) : calledAbout(scene)
}

// "2 Against" beneath the call that she quotes. Her words are not kept.
function digitSaid(scene: Here): Partial<Answers> {
  const { said } = scene.answers
  if (!said) return {}
  const names = (proposalOf(scene)?.options ?? []).map((words, at) => ({
    digit: at + 1,
    names: Object.values(words),
  }))
  const digit = readChoice(said, names, 'digits')
  return { said: '', ...(digit !== undefined && { digit }) }
}

function theOnlyOne(scene: Here): Partial<Answers> {
  const named = scene.world.proposals.find(({ slug }) => slug === foldWords(scene.answers.rest ?? ''))
  if (named) return { slug: named.slug }
  const [only, ...others] = openNow(scene)
  const proposal = only ?? announced(scene) ?? joinedAfter(scene)
  return proposal && others.length === 0 ? { slug: proposal.slug } : {}
}

// A digit is for the one open call. Where another vote has closed since that was sent it may be late for the other:
// she is told so, or asked again about the one that is open.
function calledAbout(scene: Here): Partial<Answers> {
  const [call, ...others] = callsTo(scene.world.proposals, scene.world.now)
  const late = lastCalled(scene.world.proposals.filter(closedLately(scene, call?.calledAt)))
  if (!call) return late ? { slug: late.slug } : {}
  if (others.length > 0) return {}
  return late ? { slug: call.slug, digit: digitOfNoOption } : { slug: call.slug }
}

const closedLately =
  ({ world: { now } }: Here, since = 0) =>
  (proposal: Proposal): boolean =>
    !isOpen(proposal, now) && since < proposal.closesAt && now < proposal.closesAt + dayMs

/** How the proposal stands for her at this instant. */
export function stateOf(scene: Here): 'gone' | 'not_on_roll' | 'not_yet' | 'closed' | 'open' {
  const proposal = proposalOf(scene)
  if (!proposal) return 'gone'
  if (!proposal.onRoll) return 'not_on_roll'
  if (isOpen(proposal, scene.world.now)) return 'open'
  return scene.world.now < proposal.opensAt ? 'not_yet' : 'closed'
}
/** Whether her ballot would count at this instant. */
export const isOpenNow = (scene: Here): boolean => stateOf(scene) === 'open'
/** Whether its close has passed. */
export const isClosed = (scene: Here): boolean => stateOf(scene) === 'closed'
/** Whether the co-op is bound by the outcome. */
export const isBinding = (scene: Here): boolean => proposalOf(scene)?.binding === true
/** Whether more than one proposal is open to her. */
export const isOneOfSeveral = (scene: Here): boolean => openNow(scene).length > 1

/** The proposals that are open to her, by their titles; those that share one, by what their calls name them too. */
export function openOnes(scene: Here): Pickable[] {
  const open = openNow(scene)
  return numbered(open.map((proposal) => ({ id: proposal.slug, name: toldApart(proposal, open) })))
}

function toldApart(proposal: Proposal, open: readonly Proposal[]): Words {
  const said = Object.entries(proposal.title)
  if (!open.some((other) => sharesTitle(proposal, other))) return proposal.title
  return Object.fromEntries(said.map(([language, title]) => [language, `${title} (${proposal.slug})`]))
}

const sharesTitle = (one: Proposal, other: Proposal): boolean =>
  one.slug !== other.slug && Object.values(one.title).some((title) => Object.values(other.title).includes(title))

/** What may be chosen. */
export const options = (scene: Here): Pickable[] => optionOffers(proposalOf(scene) ?? nothing).map(pickable)

/** What may be chosen, and behind it the wish to read more first, where there is more. */
export const optionsAndMore = (scene: Here): Pickable[] => ballotOffers(proposalOf(scene) ?? nothing).map(pickable)

const nothing = { options: [] }
const pickable = (offer: Offer): Pickable => ({
  ...offer,
  id: typeof offer.name === 'string' ? offer.name : String(offer.digit),
})

// What she picked, or else the number of the option that her digit is for.
const optionOf = ({ answers }: Here): number => Number(answers.option ?? answers.digit)
const choiceOf = (scene: Here) => proposalOf(scene)?.options[optionOf(scene) - 1]

/** Whether what she picked, or her digit, is for one of its options. */
export const isOption = (scene: Here): boolean => choiceOf(scene) !== undefined

/** Whether she wants to read more, by a pick or by the digit behind the last option. */
export const asksMore = (scene: Here): boolean =>
  optionsAndMore(scene).some(
    ({ id, digit }) => id === readMore && (scene.answers.option === id || optionOf(scene) === digit),
  )

/** Her ballot. */
export const cast = (scene: Here): Fact[] => [
  { fact: 'ballot_cast', proposal: scene.answers.slug ?? '', option: optionOf(scene) },
]

/** How her ballot is confirmed: with several votes open, by the name of the one that it is about. */
export function castText(scene: Here): string {
  const before = proposalOf(scene)?.ballot
  const changes = before !== undefined && before !== optionOf(scene)
  if (isOneOfSeveral(scene)) return changes ? 'changed_named' : 'named'
  return changes ? 'changed' : 'text'
}

/** What is said of a closed vote, before and after the count. */
export function closedText(scene: Here): string {
  const { outcome } = proposalOf(scene) ?? {}
  if (!outcome) return 'text'
  return outcome.result === 'chosen' ? 'chosen' : 'outcome'
}

/** What every text of the flow may say of the proposal. */
export function told(scene: Here): Gaps {
  const proposal = proposalOf(scene)
  return {
    slug: scene.answers.slug ?? '',
    title: { words: proposal?.title ?? {} },
    text: { words: proposal?.text ?? {} },
    more: { words: proposal?.more ?? proposal?.text ?? {} },
    closes: { instant: proposal?.closesAt ?? 0 },
    opens: { instant: proposal?.opensAt ?? 0 },
    option: { words: choiceOf(scene) ?? {} },
    ...counted(proposal),
  }
}

function counted({ outcome, options: names = [] }: Partial<Proposal> = {}): Gaps {
  if (!outcome) return {}
  const { result, turnout, roll } = outcome
  return { result: { word: result }, turnout, roll, winner: { words: winnerOf(names, outcome) } }
}
