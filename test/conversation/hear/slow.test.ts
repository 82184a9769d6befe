// No text holds a process up: every reader, and the routing of a whole message, is held to 20 ms for 10,000 characters
// that are made of long runs, one behind the other, which is what slow patterns are slow on.
import { expect, test } from 'vitest'
import { asksToStop } from '../../../src/conversation/hear/carrier_word.ts'
import { readChoice } from '../../../src/conversation/hear/choice.ts'
import { readDate } from '../../../src/conversation/hear/date.ts'
import { besideDay, dayOfLine } from '../../../src/conversation/hear/day_of_line.ts'
import { beginsWithNumbers, isAllNumbers, splitLine } from '../../../src/conversation/hear/line.ts'
import { readHours, readNumber } from '../../../src/conversation/hear/number.ts'
import { asksToWithdraw } from '../../../src/conversation/hear/withdrawal_sentences.ts'
import { firstWord, foldSpaces, foldWords, restAfterFirst } from '../../../src/conversation/hear/words.ts'
import { route } from '../../../src/conversation/route/route.ts'
import { newSession } from '../../../src/conversation/session.ts'
import { machine } from '../../../src/messaging/machine.ts'
import { foldForSms } from '../../../src/messaging/speak/fold.ts'
import { drivers } from '../../flows/coops.ts'
import { active } from '../../flows/worlds.ts'

const today = '2026-11-24'
const { dayWords } = machine.vocabulary
const options = [{ digit: 1, names: ['For'] }]
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  route: (text) =>
    route({ machine, charter: drivers, session: newSession, standing: active, heard: { text, attached: false } }),
  asksToStop: (text) => asksToStop(text, 'es'),
  asksToWithdraw: (text) => asksToWithdraw(`my data ${text}`),
  readChoice: (text) => readChoice(text, options, 'names'),
  readDate: (text) => readDate(text, today, dayWords),
  dayOfLine: (text) => dayOfLine(text, true, dayWords),
  besideDay: (text) => besideDay(text, dayWords),
  splitLine,
  beginsWithNumbers,
  isAllNumbers: (text) => isAllNumbers(text, 3),
  readNumber: (text) => readNumber(text, 2),
  readHours: (text) => readHours(text, 2),
  words: (text) => [foldWords(text), foldSpaces(text), firstWord(text), restAfterFirst(text)],
  foldForSms,
}

const runs = [
  '0',
  '1 ',
  ',',
  ' ',
  '\t',
  '.',
  'a',
  ' ya',
  '/',
  "'",
  '₹',
  '(',
  '-',
  ';',
  '"',
  '\u0301',
  '०',
  ' d',
  '👍',
  '8👍 ',
  '#',
]
const length = 10_000

/** Each run alone, and each two of them behind each other and in turns, with a mark at the end on which they fail. */
function* texts(): Generator<string> {
  const filled = (parts: readonly string[]) =>
    parts.map((part) => part.repeat(length / parts.length / part.length)).join('')
  for (const one of runs) {
    for (const two of runs) {
      yield `${filled([one, two, one])}!`
      yield `${filled([`${one}${two}`])}x`
    }
  }
}

test.each(Object.entries(readers))('%s is fast on any runs', (_, read) => {
  const slow: string[] = []
  for (const text of texts()) {
    const before = process.threadCpuUsage()
    read(text)
    const { user } = process.threadCpuUsage(before)
    if (user > 20_000 && isSlow(read, text)) slow.push(`${text.slice(0, 12)}.. ${text.slice(-12)}`)
  }
  expect(slow).toEqual([])
})

// A machine is busy now and then: a text is slow only where it is so again and again.
function isSlow(read: (text: string) => unknown, text: string): boolean {
  for (let again = 0; again < 5; again++) {
    const before = process.threadCpuUsage()
    read(text)
    if (process.threadCpuUsage(before).user < 20_000) return false
  }
  return true
}
