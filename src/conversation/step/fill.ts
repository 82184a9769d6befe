// The verb `fill`: takes a form of the charter through, in one line or question by question. What the form wants next
// is the form's own business (`coop/reports/filling.ts`); here it is asked for, and heard.
import type { Form, Question } from '../../coop/charter/charter.ts'
import {
  answered,
  cameWrong,
  confirm,
  emptied,
  type Filling,
  isBegun,
  missingIn,
  newFilling,
  nextWant,
  refitted,
  repeats,
  skip,
  takeBack,
  type Want,
} from '../../coop/reports/filling.ts'
import { type Line, type Placed, readLine } from '../../coop/reports/line.ts'
import { offersOf, type Problem, type ProblemName, readAnswer } from '../../coop/reports/questions.ts'
import type { Fill } from '../flow.ts'
import { plainly } from '../hear/courtesies.ts'
import { splitLine } from '../hear/line.ts'
import { isSplitTime } from '../hear/number.ts'
import { isOneOf, nothingWords, noWords, rightWords, yesWords } from '../hear/yes_no.ts'
import type { Gaps, Offer, Reply } from '../reply.ts'
import type { Answers, Json, Question as Open } from '../session.ts'
import { act, isLastTry, isZero, tryAgain } from './act.ts'
import { answerHearing, lineHearing, todayOf, usualOf } from './against.ts'
import { digitMeant, offerAgain } from './offered.ts'
import { enter, type Place, sceneOf, type Turn, waitAt } from './turn.ts'

type FillNode = Fill<Answers, string>

/** The form in front of her: what is filled in so far, and the step in which it is. */
interface Sheet {
  readonly turn: Turn
  readonly place: Place
  readonly node: FillNode
  readonly form: Form
  readonly filling: Filling
}

/** What she said, and the question that was open. */
interface Heard {
  readonly question: Open
  readonly said: string
}

type Asked<W extends Want['want']> = Extract<Want, { want: W }>

/** Asks for what the form wants next; goes on where it wants nothing more. A `line` among the answers is read first. */
export function putForm(turn: Turn, place: Place, node: FillNode): void {
  const { line, ...answers } = place.answers
  const sheet = sheetAt(turn, { ...place, answers }, node)
  if (typeof line === 'string' && line.trim() !== '') takeLine(sheet, line, true)
  else putWant({ ...sheet, filling: refitted(sheet.form, sheet.filling, turn.world.charter) })
}

/** Hears an answer to what the form wants. */
export function hearForm(turn: Turn, place: Place, node: FillNode, heard: Heard): void {
  const sheet = sheetAt(turn, place, node)
  const want = wantOf(sheet)
  if (want.want === 'nothing') act(turn, place, node, {})
  else if (want.want === 'answer') hearAnswer(sheet, want.question, heard)
  else hearDigit(sheet, want, heard)
}

function sheetAt(turn: Turn, place: Place, node: FillNode): Sheet {
  const form = node.form(sceneOf(turn, place.answers))
  const kept = place.answers[node.as]
  return { turn, place, node, form, filling: kept ? (kept as object as Filling) : newFilling(todayOf(turn)) }
}

const wantOf = ({ turn, form, filling }: Sheet): Want =>
  nextWant(form, filling, turn.world.charter, usualOf(turn, form, filling.values))

function putWant(sheet: Sheet): void {
  const want = wantOf(sheet)
  if (want.want === 'nothing') return act(sheet.turn, filledIn(sheet), sheet.node, {})
  if (want.want === 'check' && want.check.firm) return refuse(sheet, want)
  sheet.turn.replies.push(asking(want))
  rest(sheet)
}

const filledIn = ({ place, node, filling }: Sheet): Place => ({
  ...place,
  answers: { ...place.answers, [node.as]: filling as object as Json },
})

const rest = (sheet: Sheet): void => waitAt(sheet.turn, filledIn(sheet))

// A check that nobody may let stand: the answers behind it are asked for again.
function refuse(sheet: Sheet, want: Asked<'check'>): void {
  sheet.turn.replies.push(say('check', 'firm', want.gaps))
  putWant({ ...sheet, filling: takeBack(sheet.form, sheet.filling, want) })
}

function takeLine(sheet: Sheet, said: string, isNamed = false): void {
  const { turn, form } = sheet
  const line = readLine(form, said, lineHearing(turn, form), isNamed)
  if ('unread' in line) {
    turn.replies.push(say('line', line.unread, {}), orderOf(form))
    return putWant({ ...sheet, filling: emptied(sheet.filling, line.day) })
  }
  const empty = emptied(sheet.filling, line.values.day)
  takeAnswers(
    { ...sheet, filling: { ...empty, values: { ...empty.values, ...line.values }, optional: 'none' } },
    line,
  )
}

// How a line goes; on an SMS that has no room the answers that may be left out are not named.
function orderOf({ questions }: Form): Reply {
  const names = (optional: boolean) => ({
    list: questions.filter((each) => each.optional === optional).map(({ name }) => name),
  })
  const gaps = { line: names(false), more: names(true) }
  if (gaps.more.list.length === 0) return say('line', 'order', gaps)
  return { ...say('line', 'order_then', gaps), brief: [say('line', 'order_etc', gaps)] }
}

function takeAnswers(sheet: Sheet, { wrong }: Placed): void {
  const question = sheet.form.questions.find((each) => each.id === wrong?.question)
  if (!wrong || !question) return putWant(sheet)
  sheet.turn.replies.push(refusing(question, wrong))
  rest({ ...sheet, filling: { ...sheet.filling, pending: [question.id, ...wrong.others] } })
}

function hearDigit(sheet: Sheet, want: Exclude<Want, Asked<'answer' | 'nothing'>>, heard: Heard): void {
  const { turn } = sheet
  if (isZero(heard.said)) return enter(turn, 'menu', {})
  const asked = asking(want)
  const digit = digitMeant(turn, asked, heard.said, 'names') ?? plainDigit(want, heard.said)
  if (digit !== undefined) return putWant({ ...sheet, filling: decided(sheet, want, digit) })
  if (isWholeLine(sheet, heard.said)) return takeLine(sheet, heard.said)
  // All that must be answered is: what is not understood to the offer of more does not throw it away.
  if (want.want === 'more' && isLastTry(heard.question))
    return putWant({ ...sheet, filling: decided(sheet, want, 1) })
  offerAgain(turn, heard.question, asked)
}

// "Right?" has its yes first, "Want to add more?" its no.
function plainDigit({ want }: Want, said: string): number | undefined {
  const [first, second] =
    want === 'more' ? [[...noWords, ...rightWords], yesWords] : [[...yesWords, ...rightWords], noWords]
  if (isOneOf(first, said)) return 1
  return isOneOf(second, said) ? 2 : undefined
}

function decided(
  { form, filling }: Sheet,
  want: Exclude<Want, Asked<'answer' | 'nothing'>>,
  digit: number,
): Filling {
  if (want.want === 'more') return { ...filling, optional: digit === 1 ? 'none' : 'all' }
  if (digit === 1) return confirm(filling, want)
  return takeBack(form, filling, want)
}

function hearAnswer(sheet: Sheet, question: Question, { question: open, said }: Heard): void {
  const { turn, form, filling } = sheet
  if (question.type === 'choice' && isZero(said)) return enter(turn, 'menu', {})
  const passOver = () => putWant({ ...sheet, filling: skip(filling, question) })
  if (question.optional && isSkip(turn, said)) return passOver()
  const answer = readAnswer(question, said, answerHearing(turn, form, question, filling.values))
  if ('value' in answer) return putWant({ ...sheet, filling: answered(filling, question, answer.value) })
  if (isLine(sheet, question, said, answer.problem)) return takeLine(sheet, said)
  // What must be answered is there: one that may be left out does not throw it away.
  if (question.optional && isLastTry(open) && !missingIn(form, filling.values)) return passOver()
  tryAgain(turn, open, () => turn.replies.push(refusing(question, answer)))
}

const isSkip = ({ world, machine }: Turn, said: string): boolean =>
  said.trim() === '-' ||
  isOneOf(nothingWords, said) ||
  world.charter.languages.some((language) => machine.vocabulary.commands(language).get(plainly(said)) === 'skip')

// Asked for the first answer she may well send them all; words of which no answer can be kept are no line. Later only
// what gives her answers again and all that must be answered is one: other figures are several answers to a question.
// After a line that was wrong, a whole one is the better one.
// "8 900 300" may be one number too, and is a line where that number is too high.
// "8 30" is half past eight, or nobody knows.
function isLine(sheet: Sheet, question: Question, said: string, problem: ProblemName): boolean {
  if (question.type === 'number' && question.hours && isSplitTime(said)) return false
  const isFirst = !isBegun(sheet.filling)
  if (problem === 'not_understood' && isFirst) return isFirstLine(lineIn(sheet, said))
  if (problem !== 'not_understood' && problem !== 'too_high') return false
  const line = lineIn(sheet, said)
  return isWhole(sheet, line) && (isFirst || cameWrong(sheet.filling) || repeats(sheet.filling, line.values))
}

/** Whether what she says to a doubt, or to the offer of more, is her whole report instead. */
const isWholeLine = (sheet: Sheet, said: string): boolean => isWhole(sheet, lineIn(sheet, said))

const lineIn = ({ turn, form }: Sheet, said: string): Line | undefined =>
  splitLine(said).length < 2 ? undefined : readLine(form, said, lineHearing(turn, form))

function isFirstLine(line: Line | undefined): boolean {
  if (!line) return false
  return 'unread' in line ? line.unread === 'surplus' : Object.keys(line.values).length > 0
}

const isWhole = ({ form }: Sheet, line: Line | undefined): line is Placed =>
  line !== undefined && 'values' in line && !line.wrong && !missingIn(form, line.values)

const say = (node: string, text: string, gaps: Gaps, offers: readonly Offer[] = []): Reply => ({
  flow: 'form',
  node,
  text,
  gaps,
  offers,
})

function asking(want: Exclude<Want, Asked<'nothing'>>): Reply {
  switch (want.want) {
    case 'answer':
      return say('question', 'text', askGaps(want.question), optionsOf(want.question))
    case 'certainty': {
      const gaps = { ...want.doubt.gaps, name: { words: want.question.name } }
      return say('doubt', want.doubt.doubt, gaps, named('right', 'fix'))
    }
    case 'check':
      return say('check', 'text', want.gaps, named('right', 'fix'))
    case 'more': {
      const names = { list: want.questions.map((question) => question.name) }
      return say('more', 'text', { names }, named('save', 'add'))
    }
  }
}

function refusing(question: Question, { problem, gaps }: Problem): Reply {
  const all = { ...gaps, name: { words: question.name }, ...askGaps(question) }
  return say('problem', problem, all, optionsOf(question))
}

// However often it is asked, a question that may be passed over says so.
function askGaps({ ask, optional }: Question): Gaps {
  return optional ? { ask: { word: 'or_skip' }, question: { words: ask } } : { ask: { words: ask } }
}

const optionsOf = (question: Question): Offer[] => (question.type === 'choice' ? offersOf(question) : [])

const named = (...names: string[]): Offer[] => names.map((name, at) => ({ digit: at + 1, name }))
