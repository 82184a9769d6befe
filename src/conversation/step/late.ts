// Time in a conversation: a question is put once more, runs out, is overtaken by a call or by a new charter, or is
// answered late. It never guesses which of two questions a digit was for.
import { dayMs } from '../../coop/calendar.ts'
import type { Proposal } from '../../coop/votes/proposal.ts'
import { lastCalled } from '../../coop/votes/proposal.ts'
import { ballotOffers } from '../../coop/votes/words.ts'
import { isDate } from '../hear/date.ts'
import { bareNumber } from '../hear/digits.ts'
import { isOneOf, noWords, yesWords } from '../hear/yes_no.ts'
import type { Machine } from '../machine.ts'
import type { Question, Session } from '../session.ts'
import { namesOption } from './ask.ts'
import { keep } from './leave.ts'
import { isAsPut, type Place, placeOf, reopen, type Turn } from './turn.ts'

const minuteMs = 60_000

/** Milliseconds that a question keeps calls away: "1" can answer only one of two. */
export const keepsCallsAwayMs = 10 * minuteMs
/** A question younger than this keeps even a last call away: she is most likely answering it. */
export const keepsLastCallsAwayMs = 3 * minuteMs
/** A call is a last one so long before its vote closes: if it waited on, she might hear of the vote too late. */
export const lastCallsMs = 5 * minuteMs

/** When the clock should look at this session again: to remind, or to let its question run out. */
export function wakeAt(machine: Machine, session: Session): number | undefined {
  const { open } = session
  if (!open) return undefined
  const { remindAfter, minutes } = patienceOf(machine, open)
  return open.askedAt + (remindAfter !== undefined && !open.reminded ? remindAfter : minutes) * minuteMs
}

function patienceOf(machine: Machine, question: Question): { minutes: number; remindAfter?: number } {
  return machine.flows[question.flow]?.patience ?? { minutes: 24 * 60 }
}

/**
 * The clock has come: the question is put once more if its flow says so, or has run out. A form that has all it must
 * have waits for nothing: it is kept, and a late answer may still add to it.
 */
export function lapse(turn: Turn): void {
  const { open, under, ...rest } = turn.session
  if (!open || (wakeAt(turn.machine, turn.session) ?? 0) > turn.world.now) return
  const remind = patienceOf(turn.machine, open).remindAfter !== undefined && !open.reminded
  const isOver = keep(turn, open) || (under !== undefined && keep(turn, under))
  if (!placeOf(turn, open)) turn.session = rest
  else if (isOver || !remind || turn.world.member?.suppressed) turn.session = { ...rest, lapsed: open }
  // A reminder may reach her hours later: until then her answer would be to the old words, and be heard as to the new.
  else if (!isAsPut(turn, open)) turn.session = { ...turn.session, open: { ...open, reminded: true } }
  else reopen(turn, open, 'reminder', { ...open, reminded: true })
}

/**
 * The call that was sent to her here since the question was put, and that offers her number: she may be answering it.
 * A call soon after the question leaves it open which of the two she means. Asks for the proposals where it cannot
 * tell without them.
 */
export function calledSince(
  turn: Turn,
  open: Question,
  said: string,
): { slug: string; isClear: boolean } | undefined {
  const digit = bareNumber(said)
  if (turn.world.now - open.askedAt < keepsLastCallsAwayMs || digit === undefined) return undefined
  if (!turn.world.loaded.has('proposals')) {
    turn.missing = ['proposals']
    return undefined
  }
  const offers = (proposal: Proposal) => ballotOffers(proposal).some((offer) => offer.digit === digit)
  const since = turn.world.proposals.filter((proposal) => isCalledAfter(proposal, open.askedAt) && offers(proposal))
  const call = lastCalled(since)
  const soonest = Math.min(...since.map(({ calledAt = 0 }) => calledAt))
  return call && { slug: call.slug, isClear: soonest - open.askedAt >= keepsCallsAwayMs }
}

const isCalledAfter = ({ onRoll, calledAt = 0, calledElsewhere }: Proposal, instant: number): boolean =>
  onRoll && calledAt > instant && !calledElsewhere

/** When the last call was sent to her; 0 where none was. */
export const lastCall = ({ world }: Turn): number => lastCalled(world.proposals)?.calledAt ?? 0

/** Puts a question again that ran out, where a late answer may have been for it and no later call was. */
export function putAgain(turn: Turn, said: string): boolean {
  const { lapsed, ...rest } = turn.session
  const place = lapsed && placeOf(turn, lapsed)
  if (!lapsed || !place || !mayAnswer(turn, place, said)) return false
  if (turn.world.now - lapsed.askedAt > 2 * dayMs || lastCall(turn) > lapsed.askedAt) return false
  turn.session = rest
  reopen(turn, lapsed, 'late')
  return true
}

// A number, a day, a plain yes or no, or an option by its name: no more than that is certain to be no new beginning.
const mayAnswer = (turn: Turn, place: Place, said: string): boolean =>
  /^\s*\p{Nd}/u.test(said) ||
  isOneOf([...yesWords(turn.language), ...noWords], said) ||
  isDate(said, turn.machine.vocabulary.dayWords) ||
  namesOption(turn, place, said)
