// Whether what she says to a form is a line of several answers rather than an answer to what was asked.
import type { Question } from '../../coop/charter/charter.ts'
import { cameWrong, isBegun, repeats } from '../../coop/reports/filling.ts'
import { isWholeReport, type Line, type Placed, readLine } from '../../coop/reports/line.ts'
import type { ProblemName } from '../../coop/reports/questions.ts'
import { splitLine } from '../hear/line.ts'
import { isSplitTime } from '../hear/number.ts'
import { lineHearing } from './against.ts'
import type { Sheet } from './sheet.ts'

/**
 * Whether what she says to a question is a line. Asked for the first answer she may well send them all; words of which
 * no answer can be kept are no line. Later only what gives her answers again and all that must be answered is one:
 * other figures are several answers to a question. After a line that was wrong, a whole one is the better one.
 * "8 900 300" may be one number too, and is a line where that number is too high; "8 30" is half past eight, or nobody
 * knows.
 */
export function isLine(sheet: Sheet, question: Question, said: string, problem: ProblemName): boolean {
  if (question.type === 'number' && question.hours && isSplitTime(said)) return false
  const isFirst = !isBegun(sheet.filling)
  if (problem === 'not_understood' && isFirst) return isFirstLine(lineIn(sheet, said))
  if (problem !== 'not_understood' && problem !== 'too_high') return false
  const line = lineIn(sheet, said)
  return isWhole(sheet, line) && (isFirst || cameWrong(sheet.filling) || repeats(sheet.filling, line.values))
}

/** Whether what she says to a doubt, or to the offer of more, is her whole report instead. */
export const isWholeLine = (sheet: Sheet, said: string): boolean => isWhole(sheet, lineIn(sheet, said))

const lineIn = ({ turn, form }: Sheet, said: string): Line | undefined =>
  splitLine(said).length < 2 ? undefined : readLine(form, said, lineHearing(turn, form))

function isFirstLine(line: Line | undefined): boolean {
  if (!line) return false
  return 'unread' in line
    ? line.unread !== 'unclear' || line.day !== undefined
    : Object.keys(line.values).length > 0
}

const isWhole = ({ form }: Sheet, line: Line | undefined): line is Placed =>
  line !== undefined && isWholeReport(form, line)
