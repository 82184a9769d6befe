// What is sent about a vote, as replies: the notice, the call and the outcome. The same for every member; language,
// channel and text are decided where it is spoken.
import type { Gaps, Offer, Reply } from '../../conversation/reply.ts'
import type { Applied, Language, Words } from '../charter/charter.ts'
import { segmentsToRead } from '../charter/rules.ts'
import type { Outcome } from './tally.ts'
import { leaders } from './tally.ts'
import { type Vote, VoteRefused } from './vote.ts'

export type Broadcast = 'notice' | 'call' | 'outcome'

/** The replies of one broadcast about a vote. */
export function voteWords(kind: Broadcast, vote: Vote): Reply[] {
  if (kind === 'outcome') return [say(kind, vote.outcome?.result ?? 'failed', outcomeGaps(vote), [])]
  const text = vote.binding ? 'text' : 'advisory'
  return [say(kind, text, gapsOf(vote), kind === 'call' ? ballotOffers(vote) : [])]
}

/** The options of a vote by their digits. */
export const optionOffers = ({ options }: Pick<Vote, 'options'>): Offer[] =>
  options.map((words, at) => ({ digit: at + 1, name: { words } }))

/** What may be answered to a call: the options, and the longer text where there is one. */
export const ballotOffers = (vote: Pick<Vote, 'options' | 'more'>): Offer[] =>
  vote.more ? [...optionOffers(vote), { digit: vote.options.length + 1, name: readMore }] : optionOffers(vote)

/** The name of the offer behind the options: the longer text. */
export const readMore = 'more'

const say = (node: Broadcast, text: string, gaps: Gaps, offers: readonly Offer[]): Reply => ({
  flow: 'broadcast',
  node,
  text,
  gaps,
  offers,
})

const gapsOf = (vote: Vote): Gaps => ({
  slug: vote.slug,
  title: { words: vote.title },
  text: { words: vote.text },
  opens: { instant: vote.opensAt },
  closes: { instant: vote.closesAt },
})

function outcomeGaps(vote: Vote): Gaps {
  const { outcome } = vote
  if (!outcome) throw new Error(`The outcome of ${vote.slug} was to be said before it is closed`)
  const lines = vote.options.map((words, at) => ({ option: { words }, count: outcome.counts[at] ?? 0 }))
  return {
    ...gapsOf(vote),
    result: { word: outcome.result },
    turnout: outcome.turnout,
    roll: outcome.roll,
    quorum: outcome.quorum,
    counts: { lines },
    winner: { words: winnerOf(vote.options, outcome) },
  }
}

/** The name of the option with most ballots, or of one of them. */
export const winnerOf = (options: readonly Words[], { counts }: Outcome): Words =>
  options[(leaders(counts)[0] ?? 0) - 1] ?? {}

/** Counts the SMS segments of replies in one language. */
export type Measure = (replies: readonly Reply[], language: Language) => number

/** Most segments of a text that she has not asked for: one in the Latin alphabet, two in the others. */
export const mostSegments = (language: Language): number => (language === 'hi' ? 2 : 1)

/** Refuses a vote of which some text, with its longest figures, would be longer than members should have to read. */
export function refuseLong(charter: Applied, vote: Vote, measure: Measure): void {
  const tooLong = everyWord(vote).flatMap(([kind, replies]) =>
    charter.languages.flatMap((language) => {
      const segments = measure(replies, language)
      const most = kind === 'more' ? segmentsToRead : mostSegments(language)
      const said = `the ${kind} in ${language} takes ${segments} SMS segments, not ${most}`
      return segments > most ? [{ kind, said }] : []
    }),
  )
  if (tooLong.length === 0) return
  const elsewhere = tooLong.some(({ kind }) => kind !== 'more')
    ? '; what is too long for its title or text can stand under "more"'
    : ''
  const said = [...new Set(tooLong.map((each) => each.said))].join('; ')
  throw new VoteRefused(`${vote.slug} is too long: ${said}. Shorten it${elsewhere}.`)
}

const results = {
  majority: ['passed', 'failed', 'no_quorum', 'withdrawn'],
  plurality: ['chosen', 'tied', 'no_quorum', 'withdrawn'],
} as const

type Said = [kind: Broadcast | 'more', replies: Reply[]]

function everyWord(vote: Vote): Said[] {
  const { roll, quorum } = vote
  const outcomes = results[vote.rule.by].flatMap((result) =>
    countsFor(vote, result).map((counts): Said => {
      const outcome = { result, counts, turnout: roll, roll, quorum }
      return ['outcome', voteWords('outcome', { ...vote, status: 'closed', outcome })]
    }),
  )
  const notice: Said[] = vote.status === 'notice' ? [['notice', voteWords('notice', vote)]] : []
  return [...notice, ['call', voteWords('call', vote)], ...more(vote), ...outcomes]
}

// The longest figures; with each option for the winner, since it is named.
function countsFor({ options, roll }: Vote, result: Outcome['result']): number[][] {
  if (result !== 'chosen') return [options.map(() => roll)]
  return options.map((_, winner) => options.map((__, at) => (at === winner ? roll : roll - 1)))
}

// What the vote flow says to whoever asks for more.
function more(vote: Vote): Said[] {
  if (!vote.more) return []
  const gaps = { more: { words: vote.more } }
  return [['more', [{ flow: 'vote', node: 'more', text: 'text', gaps, offers: optionOffers(vote) }]]]
}
