// Names the flow that a message is for, before anything is loaded for it: the carrier's word, a plain request to
// stop, a command, the open question, and what is left. It reads the session and the charter, never the world.
import type { Form } from '../../coop/charter/charter.ts'
import { isOfDigits } from '../../coop/reports/line.ts'
import { type Event, started } from '../event.ts'
import { asksToStart, asksToStop, carrierWord, endsMore } from '../hear/carrier_word.ts'
import { politely } from '../hear/courtesies.ts'
import { besideDay } from '../hear/day_of_line.ts'
import { bareNumber } from '../hear/digits.ts'
import { areDigits, beginsWithNumbers, isAllNumbers } from '../hear/line.ts'
import { partingIn } from '../hear/parting_sentences.ts'
import { asksToWithdraw } from '../hear/withdrawal_sentences.ts'
import { firstWord, foldWords } from '../hear/words.ts'
import type { Arrival, Heard, Standing } from '../heard.ts'
import type { Machine } from '../machine.ts'
import type { Session } from '../session.ts'
import type { Need } from '../world.ts'
import { admitted, mayStart } from './admitted.ts'
import { command, formCalled } from './command.ts'

export interface Routed {
  readonly event: Event
  readonly needs: ReadonlySet<Need>
}

/** The event that a message is, and the parts of the world that its flow may look at. */
export function route(arrival: Arrival): Routed {
  const happening =
    reserved(arrival) ??
    button(arrival) ??
    command(arrival) ??
    wish(arrival) ??
    quoting(arrival) ??
    reportLine(arrival) ??
    text(arrival)
  const { writtenAt } = arrival.heard
  // A button says by its serial which question it answers, however late it comes.
  const isLate = writtenAt !== undefined && happening.event !== 'pressed'
  const event = isLate ? { ...happening, writtenAt } : happening
  return { event, needs: needsOf(arrival.machine, arrival.session, event) }
}

function reserved({ session, standing, heard }: Arrival): Event | undefined {
  const word = heard.carrierWord ?? carrierWord(heard.text)
  if (word === 'stop') return started('stop', { how: 'word', ...(endsMore(heard.text) && { cancels: true }) })
  if (word === 'help') return started('help', { how: 'word' })
  if (word === 'start') return startWord(session, standing, heard)
  if (standing.silenced && asksToStart(heard.text)) return started('start', { how: 'sentence' })
  return asksToStop(heard.text, standing.language ?? session.language)
    ? started('stop', { how: 'sentence' })
    : undefined
}

// YES lifts a block at the carrier, so it is no answer of ours. Where the carrier has blocked nothing it is one to
// whatever question is open, and from someone who is not silenced it means nothing.
function startWord(session: Session, { silenced, blocked }: Standing, heard: Heard): Event | undefined {
  if (blocked || heard.carrierWord === 'start') return started('start')
  const isYes = foldWords(heard.text) === 'yes'
  if (isYes && session.open) return undefined
  return silenced || (!isYes && !session.open) ? started('start') : undefined
}

const questionButton = /^q(\d{1,9})\.(\d{1,2})$/
const ballotButton = /^v\.([a-z][a-z0-9-]{0,39})\.(\d{1,2})$/

function button({ session, standing: { member }, heard }: Arrival): Event | undefined {
  if (heard.choice === undefined) {
    const digit = bareNumber(heard.text)
    return heard.repliedTo && digit !== undefined ? ballot(member, heard.repliedTo, digit) : undefined
  }
  const [, serial, digit] = questionButton.exec(heard.choice) ?? []
  if (serial !== undefined && session.open?.serial === Number(serial))
    return { event: 'pressed', digit: Number(digit) }
  const [, slug, option] = ballotButton.exec(heard.choice) ?? []
  return slug === undefined ? started('menu', { stale: true }) : ballot(member, slug, Number(option))
}

const dataOff = started('consents', { action: 'off', of: 'data' })

// What she wishes in her own words. While she reads of a use, they are the answer to that.
function wish({ session: { open }, standing: { member }, heard }: Arrival): Event | undefined {
  const wished = wishIn(heard.text)
  return wished && !(wished === dataOff && open?.flow === 'consents') && mayStart(member, wished)
    ? wished
    : undefined
}

function wishIn(said: string): Event | undefined {
  const parting = partingIn(said)
  if (parting) return started(parting)
  return asksToWithdraw(said) ? dataOff : undefined
}

// Whatever else she says to a call that she quotes is about its vote.
const quoting = ({ standing: { member }, heard: { repliedTo, choice, text } }: Arrival): Event | undefined =>
  repliedTo !== undefined && choice === undefined
    ? admitted(member, started('vote', { slug: repliedTo, said: text.slice(0, longestOption) }))
    : undefined

const longestOption = 100

const ballot = (member: Standing['member'], slug: string, digit: number): Event =>
  admitted(member, started('vote', { slug, digit }))

const written = (event: 'said' | 'volunteered', { text, attached }: Heard): Event =>
  attached && text.trim() === '' ? { event: 'attached' } : { event, text }

// Two numbers or more are a report in one line, also beside its day, but for a form that is open and takes them itself.
// "3 2 1" is rather three digits for whatever was asked, unless the form's own answers are digits.
function reportLine({ machine, charter, session, standing, heard }: Arrival): Event | undefined {
  const [first] = charter.forms
  if (!first || standing.member !== 'active' || session.open?.flow === 'report') return undefined
  if (!/\p{Nd}/u.test(heard.text)) return undefined
  const text = politely(heard.text)
  if (isInNumbers(first, text))
    return areDigits(text) && !isOfDigits(first) ? undefined : started('report', { form: first.id, line: text })
  const rest = besideDay(text.trim(), machine.vocabulary.dayWords)
  if (rest === undefined) return undefined
  const form = formCalled(charter, firstWord(rest)) ?? (isInNumbers(first, rest) ? first : undefined)
  return form && started('report', { form: form.id, line: text })
}

const requiredBy = ({ questions }: Form): number => questions.filter(({ optional }) => !optional).length

const isInNumbers = (form: Form, line: string): boolean =>
  beginsWithNumbers(line) || isAllNumbers(line, requiredBy(form))

// The open question's, or for whatever was last sent to her.
function text({ session, standing, heard }: Arrival): Event {
  if (session.open) return written('said', heard)
  return standing.member === 'active' ? written('volunteered', heard) : started('join')
}

/** What an event is sure to look at; a step that comes to more says so. */
export function needsOf(machine: Machine, session: Session, event: Event): ReadonlySet<Need> {
  if (event.event === 'volunteered') return new Set(['proposals'])
  const flow = event.event === 'started' ? event.flow : session.open?.flow
  return new Set(flow === undefined ? [] : machine.flows[flow]?.needs)
}
