// The verb `fill`: takes a form of the charter through, in one line or question by question. What the form wants next
// is the form's own business (`coop/reports/filling.ts`); here it is asked for, and heard.
import type { Question } from '../../coop/charter/charter.ts'
import {
  answered,
  confirm,
  emptied,
  type Filling,
  missingIn,
  refitted,
  skip,
  takeBack,
  type Want,
  wanting,
} from '../../coop/reports/filling.ts'
import { type Placed, readLine } from '../../coop/reports/line.ts'
import { type Answer, type Problem, readAnswer } from '../../coop/reports/questions.ts'
import { plainly } from '../hear/courtesies.ts'
import { isOneOf, nothingWords, noWords, rightWords, yesWords } from '../hear/yes_no.ts'
import type { Question as Open } from '../session.ts'
import { act, isLastTry, isZero, tryAgain } from './act.ts'
import { answerHearing, lineHearing } from './against.ts'
import { isLine, isWholeLine } from './form_line.ts'
import { asking, refusing, say, unread } from './form_words.ts'
import { digitMeant, offerAgain } from './offered.ts'
import { type FillNode, filledIn, madeBy, type Sheet, sheetAt, wantOf } from './sheet.ts'
import { enter, type Place, type Turn, waitAt } from './turn.ts'

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

function putWant(sheet: Sheet): void {
  const want = wantOf(sheet)
  if (want.want === 'nothing') return make(sheet)
  if (want.want === 'check' && want.check.firm) return refuse(sheet, want)
  sheet.turn.replies.push(asking(want))
  rest(sheet)
}

function make(sheet: Sheet): void {
  sheet.turn.made.push(madeBy(sheet))
  act(sheet.turn, filledIn(sheet), sheet.node, {})
}

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
    turn.replies.push(...unread(form, line))
    return putWant({ ...sheet, filling: emptied(sheet.filling, line.day) })
  }
  const { day } = line.values
  const empty = emptied(sheet.filling, day === undefined ? undefined : { value: day })
  const values = { ...empty.values, ...line.values }
  const { skipped = [] } = line
  takeAnswers({ ...sheet, filling: { ...empty, values, skipped, optional: 'none' } }, line)
}

// All that this one must have is there: a whole line is another report, of the day that she has named.
const takeAnother = (sheet: Sheet, line: string): void =>
  enter(sheet.turn, sheet.place.flow.name, { ...filledIn(sheet).answers, line })

function takeAnswers(sheet: Sheet, { wrong }: Placed): void {
  const question = sheet.form.questions.find((each) => each.id === wrong?.question)
  if (!wrong || !question) return putWant(sheet)
  refuseAnswer(
    { ...sheet, filling: { ...sheet.filling, pending: [question.id, ...wrong.others] } },
    question,
    wrong,
  )
}

function refuseAnswer(sheet: Sheet, question: Question, problem: Problem): void {
  sheet.turn.replies.push(refusing(question, problem))
  rest(sheet)
}

function hearDigit(sheet: Sheet, want: Exclude<Want, Asked<'answer' | 'nothing'>>, heard: Heard): void {
  const { turn } = sheet
  if (isZero(heard.said)) return enter(turn, 'menu', {})
  const asked = asking(want)
  const digit = digitMeant(turn, asked, heard.said, 'names') ?? plainDigit(turn, want, heard.said)
  if (digit !== undefined) return putWant({ ...sheet, filling: decided(sheet, want, digit) })
  if (isWholeLine(sheet, heard.said))
    return want.want === 'more' ? takeAnother(sheet, heard.said) : takeLine(sheet, heard.said)
  if (want.want === 'certainty' && hearsAnew(sheet, want, heard)) return
  // All that must be answered is: what is not understood to the offer of more does not throw it away.
  if (want.want === 'more' && isLastTry(heard.question))
    return putWant({ ...sheet, filling: decided(sheet, want, 1) })
  offerAgain(turn, heard.question, asked)
}

// She may give the right answer at once, or pass over one that may be left out; not understood to the last, such a one
// is left out as well: what must be answered is there.
function hearsAnew(sheet: Sheet, want: Asked<'certainty'>, { question: open, said }: Heard): boolean {
  const { turn, form, filling } = sheet
  const { question } = want
  const go = (on: Filling) => putWant({ ...sheet, filling: on })
  const answer = readAnswer(question, said, answerHearing(turn, form, question, filling.values))
  const isRefused = 'problem' in answer && answer.problem !== 'not_understood'
  if (question.optional && isSkip(turn, said)) go(skip(filling, question))
  else if (isRefused) refuseAnswer({ ...sheet, filling: takeBack(form, filling, want) }, question, answer)
  else if (repeatsIt(sheet, want, answer)) go(confirm(filling, want))
  else if ('value' in answer) go(answered(filling, question, answer.value))
  else if (question.optional && isLastTry(open)) go(skip(filling, question))
  else return false
  return true
}

// Who says it again means it; but "8.30" is no clearer for being said twice.
const repeatsIt = ({ filling }: Sheet, { question, doubt }: Asked<'certainty'>, answer: Answer): boolean =>
  'value' in answer && answer.value === filling.values[question.id] && doubt.doubt !== 'like_a_clock'

// "Right?" has its yes first, "Want to add more?" its no.
function plainDigit({ language }: Turn, { want }: Want, said: string): number | undefined {
  const yes = yesWords(language)
  const [first, second] = want === 'more' ? [[...noWords, ...rightWords], yes] : [[...yes, ...rightWords], noWords]
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
  // A day that could not be taken is not left out: her report is not today's.
  const isDay = question.type === 'day'
  // What must be answered is there: one that may be left out does not throw it away.
  if (question.optional && !isDay && isLastTry(open) && !missingIn(form, filling.values)) return passOver()
  const { answers } = filledIn(isDay ? { ...sheet, filling: wanting(filling, question) } : sheet)
  tryAgain(turn, { ...open, answers }, () => turn.replies.push(refusing(question, answer)))
}

const isSkip = ({ world, machine }: Turn, said: string): boolean =>
  said.trim() === '-' ||
  isOneOf(nothingWords, said) ||
  world.charter.languages.some((language) => machine.vocabulary.commands(language).get(plainly(said)) === 'skip')
