// Names the flow that a message is for, before anything is loaded for it: the carrier's word, a plain request to
// stop, a command, the open question, and what is left. It reads the session and the charter, never the world.
import type { Applied, Form, Language } from '../coop/charter/charter.ts'
import { isCalled, isOfDigits } from '../coop/reports/line.ts'
import type { Event, Written } from './event.ts'
import { asksToStart, asksToStop, carrierWord } from './hear/carrier_word.ts'
import { plainly, politely } from './hear/courtesies.ts'
import { besideDay } from './hear/day_of_line.ts'
import { bareNumber } from './hear/digits.ts'
import { areDigits, beginsWithNumbers, isAllNumbers } from './hear/line.ts'
import { numberWished } from './hear/number_wish.ts'
import { asksToWithdraw } from './hear/withdrawal_sentences.ts'
import { firstWord, foldWords, restAfterFirst } from './hear/words.ts'
import type { CommandRule, Machine } from './machine.ts'
import type { Question, Session } from './session.ts'
import type { Need } from './world.ts'

/** A message as the machine hears it. */
export interface Heard extends Written {
  readonly text: string
  /** A button's or list's own id, as we gave it out. */
  readonly choice?: string
  /** The proposal of the call that she replied to, by quoting it. */
  readonly repliedTo?: string
  readonly attached: boolean
  /** The carrier says that it has answered this word already. */
  readonly carrierWord?: 'stop' | 'start' | 'help'
}

/** What is known of the sender before the world is loaded. */
export interface Standing {
  readonly member: 'none' | 'invited' | 'active' | 'left' | 'erased'
  readonly silenced: boolean
  /** The carrier keeps our messages from her, until she texts it START. */
  readonly blocked?: boolean
  /** Hers, where she is a member. */
  readonly language?: Language
}

export interface Routed {
  readonly event: Event
  readonly needs: ReadonlySet<Need>
}

/** The event that a message is, and the parts of the world that its flow may look at. */
export function route(
  machine: Machine,
  charter: Applied,
  session: Session,
  standing: Standing,
  heard: Heard,
): Routed {
  const happening =
    reserved(session, standing, heard) ??
    button(session, standing, heard) ??
    command(machine, charter, session, standing, heard) ??
    withdrawal(session, standing, heard) ??
    quoting(standing, heard) ??
    reportLine(machine, charter, session, standing, heard) ??
    (session.open ? written('said', heard) : loose(standing, heard))
  const { writtenAt } = heard
  // A button says by its serial which question it answers, however late it comes.
  const isLate = writtenAt !== undefined && happening.event !== 'pressed'
  const event = isLate ? { ...happening, writtenAt } : happening
  return { event, needs: needsOf(machine, session, event) }
}

const start = (flow: string, answers: Question['answers'] = {}): Event => ({ event: 'started', flow, answers })

function reserved(session: Session, standing: Standing, heard: Heard): Event | undefined {
  const word = heard.carrierWord ?? carrierWord(heard.text)
  if (word === 'stop') return start('stop', { how: 'word' })
  if (word === 'help') return start('help', { how: 'word' })
  if (word === 'start') return startWord(session, standing, heard)
  if (standing.silenced && asksToStart(heard.text)) return start('start', { how: 'sentence' })
  return asksToStop(heard.text, standing.language ?? session.language)
    ? start('stop', { how: 'sentence' })
    : undefined
}

// YES lifts a block at the carrier, so it is no answer of ours. Where the carrier has blocked nothing it is one to
// whatever question is open, and from someone who is not silenced it means nothing.
function startWord(session: Session, { silenced, blocked }: Standing, heard: Heard): Event | undefined {
  if (blocked || heard.carrierWord === 'start') return start('start')
  const isYes = foldWords(heard.text) === 'yes'
  if (isYes && session.open) return undefined
  return silenced || (!isYes && !session.open) ? start('start') : undefined
}

const questionButton = /^q(\d{1,9})\.(\d{1,2})$/
const ballotButton = /^v\.([a-z][a-z0-9-]{0,39})\.(\d{1,2})$/

function button(session: Session, { member }: Standing, heard: Heard): Event | undefined {
  if (heard.choice === undefined) {
    const digit = bareNumber(heard.text)
    return heard.repliedTo && digit !== undefined ? ballot(member, heard.repliedTo, digit) : undefined
  }
  const [, serial, digit] = questionButton.exec(heard.choice) ?? []
  if (serial !== undefined && session.open?.serial === Number(serial))
    return { event: 'pressed', digit: Number(digit) }
  const [, slug, option] = ballotButton.exec(heard.choice) ?? []
  return slug === undefined ? start('menu', { stale: true }) : ballot(member, slug, Number(option))
}

const dataOff = start('consents', { action: 'off', of: 'data' })

// While she reads of a use, her words are the answer to that.
const withdrawal = ({ open }: Session, { member }: Standing, { text }: Heard): Event | undefined =>
  open?.flow !== 'consents' && mayStart(member, dataOff) && asksToWithdraw(text) ? dataOff : undefined

// Whatever else she says to a call that she quotes is about its vote, which is put to her.
const quoting = ({ member }: Standing, { repliedTo, choice }: Heard): Event | undefined =>
  repliedTo !== undefined && choice === undefined ? admitted(member, start('vote', { slug: repliedTo })) : undefined

const ballot = (member: Standing['member'], slug: string, digit: number): Event =>
  admitted(member, start('vote', { slug, digit }))

function command(
  machine: Machine,
  charter: Applied,
  session: Session,
  standing: Standing,
  heard: Heard,
): Event | undefined {
  if (isOffered(machine, charter, session, heard.text)) return undefined
  const hear = (text: string) => commandIn(machine, charter, session, spaced(text))
  const mine = hear(heard.text) ?? hear(politely(heard.text))
  if (!mine) return undefined
  return admitted(standing.member, ofUnfinished(session, mine.event), { rest: mine.rest })
}

function commandIn(machine: Machine, charter: Applied, session: Session, text: string) {
  const word = firstWord(text)
  if (word === '' || (yieldsToQuestion(word) && session.open)) return undefined
  const rest = restAfterFirst(text)
  const event = ofCharter(charter, word, rest) ?? ofVocabulary(machine, charter, word, rest, session.open)
  return event && { event, rest }
}

// "OFF1" is "OFF 1".
const spaced = (text: string): string => text.replace(/^(\s*[\p{L}\p{M}]{2,12})(\p{Nd}{1,2}\s*)$/u, '$1 $2')

// While she makes a report, UNDO is about that one, and never about the last that she finished.
function ofUnfinished({ open, under }: Session, event: Event): Event {
  if (event.event !== 'started' || event.flow !== 'undo') return event
  return [open, under].some((question) => question?.flow === 'report') ? start('undo', { unfinished: true }) : event
}

// A digit is the open question's; only where nothing is open, or the question hands it back, is 0 the menu.
const yieldsToQuestion = (word: string): boolean => /^\d+$/.test(word)

// "Join" answers the question that offers it, and is the command anywhere else.
function isOffered(machine: Machine, charter: Applied, { open }: Session, text: string): boolean {
  const node = open && machine.flows[open.flow]?.nodes[open.node]
  if (!open || node?.verb !== 'choose' || !node.names) return false
  const said = plainly(text)
  return node.options.some(({ name }) =>
    charter.languages.some(
      (language) => foldWords(machine.vocabulary.name(open.flow, open.node, name, language)) === said,
    ),
  )
}

// Whoever is not in may stop, ask and choose a language; whoever has left still decides what becomes of her data.
const openToAll: ReadonlySet<string> = new Set(['stop', 'start', 'help', 'language', 'join'])
const openToFormer: ReadonlySet<string> = new Set(['my', 'erase'])

function mayStart(member: Standing['member'], event: Event): boolean {
  if (member === 'active' || event.event !== 'started' || openToAll.has(event.flow)) return true
  return member === 'left' && (openToFormer.has(event.flow) || event.answers.action === 'off')
}

// Whoever may not start it is shown the way in.
const admitted = (member: Standing['member'], event: Event, more: Question['answers'] = {}): Event =>
  mayStart(member, event) ? event : start('join', more)

function ofCharter(charter: Applied, word: string, rest: string): Event | undefined {
  if (word === foldWords(charter.word)) return start('join', { rest })
  const form = formCalled(charter, word)
  return form && start('report', { form: form.id, line: rest })
}

const formCalled = (charter: Applied, word: string): Form | undefined =>
  charter.forms.find((form) => isCalled(form, word))

function ofVocabulary(
  machine: Machine,
  charter: Applied,
  word: string,
  rest: string,
  open: Session['open'],
): Event | undefined {
  for (const language of charter.languages) {
    const rule = machine.commands[machine.vocabulary.commands(language).get(word) ?? '']
    const heard = rule && heardBy(rule, rest, open)
    if (rule && heard !== undefined) return start(rule.flow, { ...rule.answers, ...(heard && { rest: heard }) })
  }
  return undefined
}

// What a command hears behind its word; nothing where it is no such command.
// "OFF pay medians" is asked which; but while a question is open such words are rather an answer to it.
function heardBy({ rest: takes }: CommandRule, rest: string, open: Session['open']): string | undefined {
  if (rest === '' || takes === 'anything') return rest
  if (takes === 'nothing') return undefined
  return numberWished(rest) ?? (takes === 'wish' && !open ? '' : undefined)
}

const written = (event: 'said' | 'volunteered', { text, attached }: Heard): Event =>
  attached && text.trim() === '' ? { event: 'attached' } : { event, text }

// Two numbers or more are a report in one line, also beside its day, but for a form that is open and takes them itself.
// "3 2 1" is rather three digits for whatever was asked, unless the form's own answers are digits.
function reportLine(
  machine: Machine,
  charter: Applied,
  session: Session,
  standing: Standing,
  { text }: Heard,
): Event | undefined {
  const [first] = charter.forms
  if (!first || standing.member !== 'active' || session.open?.flow === 'report') return undefined
  if (!/\p{Nd}/u.test(text)) return undefined
  if (isInNumbers(first, text))
    return areDigits(text) && !isOfDigits(first) ? undefined : start('report', { form: first.id, line: text })
  const rest = besideDay(text.trim(), machine.vocabulary.dayWords)
  if (rest === undefined) return undefined
  const form = formCalled(charter, firstWord(rest)) ?? (isInNumbers(first, rest) ? first : undefined)
  return form && start('report', { form: form.id, line: text })
}

const requiredBy = ({ questions }: Form): number => questions.filter(({ optional }) => !optional).length

const isInNumbers = (form: Form, line: string): boolean =>
  beginsWithNumbers(line) || isAllNumbers(line, requiredBy(form))

function loose(standing: Standing, heard: Heard): Event {
  if (standing.member !== 'active') return start('join')
  return written('volunteered', heard)
}

/** What an event is sure to look at; a step that comes to more says so. */
export function needsOf(machine: Machine, session: Session, event: Event): ReadonlySet<Need> {
  if (event.event === 'volunteered') return new Set(['proposals'])
  const flow = event.event === 'started' ? event.flow : session.open?.flow
  return new Set(flow === undefined ? [] : machine.flows[flow]?.needs)
}
