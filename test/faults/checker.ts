// The safety checker: from what was posted and answered, what Postgres holds and what the carrier has, it says
// each promise that was broken. It is pure and reads nothing; `truth.ts` gathers what it is given.
import { type LedgerEvent, verifyChain } from '../../src/coop/consents/ledger.ts'
import type { Post } from './phones.ts'
import { sayOf } from './phones.ts'

/** Everything that a run left behind. */
export interface Truth {
  readonly posts: readonly Post[]
  readonly messages: readonly Message[]
  readonly consents: readonly LedgerEvent[]
  readonly ballots: readonly Ballot[]
  readonly reports: readonly { readonly member: number; readonly sid: string }[]
  readonly votes: readonly Vote[]
  readonly outbox: readonly Outbound[]
  /** What the carrier was asked to send by its API, and whom it reached. */
  readonly carried: readonly Carried[]
}
export interface Message {
  readonly sid: string
  readonly state: 'handled' | 'received' | 'given_up'
  /** As it went into TwiML; none where she was answered with silence. */
  readonly reply: string | undefined
  readonly statesFact: boolean
  readonly member: number | undefined
}
export interface Ballot {
  readonly vote: string
  readonly member: number
  readonly option: number
  readonly sid: string
}
export interface Vote {
  readonly slug: string
  readonly closed: boolean
  readonly counts: readonly number[]
}
export interface Outbound {
  readonly id: number
  readonly class: string
  readonly state: string
  readonly attempts: number
  readonly carrierId: string | undefined
  readonly to: string
}
export interface Carried {
  readonly id: string
  readonly to: string
  readonly body: string
  readonly failed: boolean
}

/** Each broken promise in a line; none where all is well. */
export function violations(truth: Truth): string[] {
  return [
    ...answersKept(truth),
    ...factsHaveEffects(truth),
    ...effectsHaveMessages(truth),
    ...chains(truth.consents),
    ...tallies(truth),
    ...sendings(truth),
  ]
}

const statesFact = (post: Post) => post.twiml?.includes(' action="') ?? false

/** Whatever was answered with 200 is kept, and every post of one message was answered with the same words. */
function answersKept({ posts, messages }: Truth): string[] {
  const kept = new Map(messages.map((message) => [message.sid, message]))
  const answered = posts.filter(({ status }) => status === 200)
  return answered.flatMap((post) => {
    const message = kept.get(post.sid)
    if (!message) return [`${post.sid} was answered with 200 and is not kept`]
    const said = sayOf(post)
    // Silence was said of one that lay put aside; it is answered by the outbox.
    if (said === '' && !statesFact(post)) return []
    if (said !== message.reply) return [`${post.sid} was answered with other words than are kept`]
    return statesFact(post) === message.statesFact ? [] : [`${post.sid} states a fact in one place only`]
  })
}

/** Words of our own flows that say a ballot, a consent or a report was recorded. */
const recorded = {
  ballot: /^(?:Counted|Changed)(?: in \S+)?(?: to)?: /,
  consent: /^(?:On|Off|Fine, it stays off): .*/,
  report: /^(?:Saved|Corrected): /,
} as const

function factsHaveEffects({ posts, consents, ballots, reports, messages }: Truth): string[] {
  const consented = new Set(consents.map((event) => event.message_id))
  const reported = new Set(reports.map(({ sid }) => sid))
  const memberOf = new Map(messages.map(({ sid, member }) => [sid, member]))
  const voted = new Set(ballots.map(({ member }) => member))
  return posts.filter(statesFact).flatMap((post) => {
    const said = sayOf(post)
    if (recorded.consent.test(said) && !consented.has(post.sid))
      return [`${post.sid}: a consent was said, not kept`]
    if (recorded.report.test(said) && !reported.has(post.sid)) return [`${post.sid}: a report was said, not kept`]
    const member = memberOf.get(post.sid)
    if (recorded.ballot.test(said) && (member === undefined || !voted.has(member)))
      return [`${post.sid}: a ballot was said to count and there is none of hers`]
    return []
  })
}

/** Every effect is that of one handled message, and no message has two of a kind. */
function effectsHaveMessages({ messages, consents, ballots, reports }: Truth): string[] {
  const handled = new Set(messages.filter(({ state }) => state === 'handled').map(({ sid }) => sid))
  const kinds = {
    consent: consents.map((event) => event.message_id),
    ballot: ballots.map(({ sid }) => sid),
    report: reports.map(({ sid }) => sid),
  }
  return Object.entries(kinds).flatMap(([kind, sids]) => [
    ...sids.filter((sid) => !handled.has(sid)).map((sid) => `a ${kind} is of ${sid}, which is not handled`),
    ...twice(sids).map((sid) => `${sid} made two of a ${kind}`),
  ])
}

const twice = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, at) => names.indexOf(name) !== at)),
]

function chains(consents: readonly LedgerEvent[]): string[] {
  return [...Map.groupBy(consents, ({ member_id }) => member_id)].flatMap(([member, events]) => {
    const { broken } = verifyChain(events.toSorted((one, other) => one.n - other.n))
    return broken === undefined ? [] : [`the chain of member ${member} breaks at ${broken}`]
  })
}

function tallies({ votes, ballots }: Truth): string[] {
  return votes.flatMap(({ slug, closed, counts }) => {
    if (!closed) return []
    const mine = ballots.filter(({ vote }) => vote === slug)
    const found = counts.map((_, at) => mine.filter(({ option }) => option === at + 1).length)
    return `${found}` === `${counts}` ? [] : [`vote ${slug} was counted ${counts}, its ballots are ${found}`]
  })
}

/**
 * The outbox against the carrier: each row that was accepted is one message there, and no message is there that no
 * row accounts for. An answer may have gone twice, a call or an outcome never.
 */
function sendings({ outbox, carried }: Truth): string[] {
  const known = new Map(carried.map((each) => [each.id, each]))
  const named = outbox.flatMap(({ carrierId }) => carrierId ?? [])
  const accepted = outbox.filter(({ state }) => state === 'accepted')
  const lost = accepted
    .filter(({ carrierId, to }) => carrierId === undefined || known.get(carrierId)?.to !== to)
    .map(({ id }) => `row ${id} is accepted and the carrier does not have it`)
  const shared = twice(named).map((id) => `two rows are one message of the carrier, ${id}`)
  const reached = carried.filter(({ failed }) => !failed)
  const doubled = [...Map.groupBy(reached, ({ to, body }) => `${to} ${body}`).values()].flatMap((same) => {
    const [first] = same
    const rows = outbox.filter(({ to, attempts }) => to === first?.to && attempts > 0)
    const mayRepeat = rows.some((row) => row.class === 'answer' || row.class === 'reminder')
    if (rows.length === 0) return [`the carrier sent ${first?.id}, which no row asked for`]
    return same.length > 1 && !mayRepeat ? [`${first?.id} was sent ${same.length} times`] : []
  })
  return [...lost, ...shared, ...doubled]
}
