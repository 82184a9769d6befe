// Sends in memory what the outbox would send: each recipient of a broadcast once, where and when she may be reached. It has
// no rates, no retries and no callbacks; those have tests of their own.
import { keepsCallsAwayMs, keepsLastCallsAwayMs, lastCallsMs } from '../../src/conversation/step/late.ts'
import { addDays, instantOf, localClock } from '../../src/coop/calendar.ts'
import type { Applied } from '../../src/coop/charter/charter.ts'
import { voteWords } from '../../src/coop/votes/words.ts'
import { senderOn } from '../../src/messaging/desk.ts'
import { speak } from '../../src/messaging/speak/speak.ts'
import { type BroadcastRow, type ContactRow, contactAt, memberOf, type OutboxRow, type Rows } from './core_rows.ts'
import { charterIn } from './core_world.ts'
import type { Told } from './stage.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

/** The code that the carrier refuses the next message to this contact with, used up; none where it does not. */
export type Refuses = (contact: ContactRow) => boolean

/** Lays out a broadcast: one row for each on the roll; of a vote that was withdrawn for each who was sent its notice. */
export function fanOut(rows: Rows, broadcast: BroadcastRow): void {
  const row = rows.votes.find(({ vote }) => vote.slug === broadcast.slug && vote.coop === broadcast.coop)
  const isTold = (number: number) =>
    row?.vote.outcome?.result !== 'withdrawn' || wasNoticed(rows, row.vote.slug, number)
  for (const number of [...(row?.members ?? [])].filter(isTold).toSorted((one, other) => one - other)) {
    const [contact] = rows.contacts.filter(({ member }) => member === number).toSorted(likeliest)
    if (!contact || isSilent(rows, number)) continue
    const { expiresAt } = broadcast
    rows.outbox.push({ member: number, contact, broadcast, nextAt: rows.now, expiresAt, state: 'pending' })
  }
  broadcast.state = 'done'
}

const wasNoticed = ({ outbox }: Rows, slug: string, number: number): boolean =>
  outbox.some(
    ({ broadcast, member, state }) =>
      broadcast?.kind === 'notice' && broadcast.slug === slug && member === number && state === 'sent',
  )

const likeliest = (one: ContactRow, other: ContactRow): number =>
  Number(one.blocked) - Number(other.blocked) || (other.lastInboundAt ?? 0) - (one.lastInboundAt ?? 0)

function isSilent(rows: Rows, number: number | undefined): boolean {
  const member = memberOf(rows, number)
  return (
    number !== undefined && (!member || member.suppressed || member.state === 'left' || member.state === 'erased')
  )
}

/** The calls that could reach nobody, of those who have written since. */
export const missedCalls = (rows: Rows): OutboxRow[] =>
  rows.outbox.filter(({ member, state, missedAt = 0, broadcast, expiresAt }) => {
    const own = rows.contacts.filter((contact) => contact.member === member)
    const hasWritten = own.some(({ lastInboundAt = 0 }) => lastInboundAt > missedAt)
    return state === 'missed' && broadcast?.kind === 'call' && rows.now < expiresAt && hasWritten
  })

/** Makes those due again. */
export function callAgain(rows: Rows): void {
  for (const row of missedCalls(rows)) {
    row.state = 'pending'
    row.nextAt = rows.now
  }
}

/** Sends what is due now. */
export function sendDue(rows: Rows, refuses: Refuses): Told[] {
  const due = rows.outbox.filter(({ state, nextAt }) => state === 'pending' && nextAt <= rows.now)
  return due.flatMap((row) => send(rows, row, refuses))
}

function send(rows: Rows, row: OutboxRow, refuses: Refuses): Told[] {
  const verdict = judge(rows, row)
  if (verdict === 'go') return go(rows, row, refuses)
  if (typeof verdict === 'object') row.nextAt = verdict.again
  else if (verdict === 'elsewhere' && row.broadcast) return moveOn(rows, row, refuses)
  else row.state = 'ended'
  return []
}

type Verdict = 'go' | 'ended' | 'elsewhere' | { readonly again: number }

function judge(rows: Rows, row: OutboxRow): Verdict {
  const { member, contact, broadcast, expiresAt, session, isAnswer = false } = row
  const { now } = rows
  const vote = rows.votes.find(({ vote: { slug } }) => slug === broadcast?.slug)?.vote
  if (expiresAt <= now || broadcast?.state === 'dropped') return 'ended'
  if (session !== undefined && session !== contact.session) return 'ended'
  if (broadcast?.kind === 'call' && (vote?.status === 'closed' || hasVoted(rows, row))) return 'ended'
  if (!isAnswer && isSilent(rows, member)) return 'ended'
  if (!isReachable(contact, now)) return 'elsewhere'
  const patience = now < expiresAt - lastCallsMs ? 0 : keepsCallsAwayMs - keepsLastCallsAwayMs
  if (broadcast && (contact.askingUntil ?? 0) > now + patience)
    return { again: Math.min(contact.askingUntil ?? 0, now + minuteMs / 3) }
  const morning = isAnswer || broadcast?.anyHour ? undefined : nightEnds(charterIn(rows, contact.coop), now)
  if (morning === undefined) return 'go'
  return morning < expiresAt ? { again: morning } : 'ended'
}

const hasVoted = ({ ballots }: Rows, { broadcast, member }: OutboxRow): boolean =>
  ballots.some((ballot) => ballot.proposal === broadcast?.slug && ballot.member === member)

const isReachable = ({ blocked, handle, lastInboundAt = 0 }: ContactRow, now: number): boolean =>
  !blocked && (handle.channel === 'sms' || lastInboundAt > now - dayMs)

/** When the co-op's night is over; nothing by day. */
function nightEnds({ quiet, timezone }: Applied, now: number): number | undefined {
  const [day = '', time = ''] = localClock(now, timezone).split(' ')
  const isNight =
    quiet.from <= quiet.to ? time >= quiet.from && time < quiet.to : time >= quiet.from || time < quiet.to
  if (!isNight) return undefined
  return instantOf(`${time < quiet.to ? day : addDays(day, 1)} ${quiet.to}`, timezone)
}

function go(rows: Rows, row: OutboxRow, refuses: Refuses): Told[] {
  const { contact, broadcast, member } = row
  row.state = 'sent'
  if (refuses(contact)) {
    contact.blocked = true
    const refused = memberOf(rows, contact.member)
    if (refused) refused.suppressed = true
    return []
  }
  const vote = rows.votes.find(({ vote: { slug } }) => slug === broadcast?.slug)
  if (broadcast?.kind === 'call' && vote && member !== undefined) vote.calls.set(member, { at: rows.now, contact })
  return [{ to: contact.handle, text: textOf(rows, row), how: 'begun', delivered: true }]
}

function textOf(rows: Rows, { contact, broadcast, member, text }: OutboxRow): string {
  const vote = rows.votes.find(({ vote: { slug } }) => slug === broadcast?.slug)?.vote
  if (!broadcast || !vote) return text ?? ''
  const charter = charterIn(rows, contact.coop)
  const language = memberOf(rows, member)?.language ?? charter.languages[0] ?? 'en'
  return speak(voteWords(broadcast.kind, vote), { charter, language, channel: contact.handle.channel })
}

// Another address of hers; behind a WhatsApp number there is a phone that takes SMS.
function moveOn(rows: Rows, row: OutboxRow, refuses: Refuses): Told[] {
  const { handle, member } = row.contact
  const own = rows.contacts.filter((contact) => contact.member === member && contact !== row.contact)
  const other = own.toSorted(likeliest).find((contact) => isReachable(contact, rows.now)) ?? bySms(rows, row)
  if (!other || !senderOn(charterIn(rows, row.contact.coop), other.handle.channel)) {
    row.state = 'missed'
    row.missedAt = rows.now
    return []
  }
  row.contact = other
  row.nextAt = rows.now
  return handle === other.handle ? [] : send(rows, row, refuses)
}

function bySms(rows: Rows, { contact }: OutboxRow): ContactRow | undefined {
  if (contact.handle.channel === 'sms' || !contact.handle.person.phone) return undefined
  const sms = contactAt(rows, { person: contact.handle.person, channel: 'sms' })
  sms.member ??= contact.member
  return isReachable(sms, rows.now) ? sms : undefined
}
