// The one place where replies become text: words in a member's language, gaps filled, offers by their digits, folded
// for SMS. It throws where a text or a gap is missing, and never says half a reply.
import type { Gaps, Offer, Reply, Value } from '../../conversation/reply.ts'
import { localDay } from '../../coop/calendar.ts'
import type { Applied, Language, Words } from '../../coop/charter/charter.ts'
import type { Channel } from '../../coop/members/address.ts'
import { sayAll, sayEither, sayMoney, sayNumber } from './amounts.ts'
import { sayDay, sayInstant } from './days.ts'
import { foldForSms } from './fold.ts'
import { countSegments } from './segments.ts'
import { findPhrase, optionName, type Phrase, phraseOf } from './words.ts'

/** To whom it is said. */
export interface Hearer {
  readonly charter: Applied
  readonly language: Language
  readonly channel: Channel
}

/** The text of a step's replies as one message; on SMS with what can be said in brief said so, where it must be. */
export function speak(replies: readonly Reply[], to: Hearer): string {
  const whole = sayReplies(replies, to)
  if (to.channel !== 'sms' || !replies.some(({ brief }) => brief)) return whole
  const { segments, encoding } = countSegments(whole)
  if (segments <= mostSegments[encoding]) return whole
  const shorter = inBrief(replies)
    .map((fewer) => sayReplies(fewer, to))
    .filter((text) => text !== '')
  const fits = (text: string) => countSegments(text).segments <= mostSegments[encoding]
  const brief = shorter.find(fits) ?? shorter.at(-1) ?? whole
  return countSegments(brief).segments < segments ? brief : whole
}

/** The replies with the last that can be said in brief said so, then with the one before it too, and so on. */
function inBrief(replies: readonly Reply[]): Reply[][] {
  const able = replies.flatMap(({ brief }, at) => (brief ? [at] : [])).toReversed()
  return able.map((from) => replies.flatMap((reply, at) => (at >= from && reply.brief) || [reply]))
}

// What any answer may cost; a notice, and the text behind "read more", are as long as they are.
const mostSegments = { 'GSM-7': 1, 'UCS-2': 2 }

function sayReplies(replies: readonly Reply[], to: Hearer): string {
  const said = replies.map((reply) => sayReply(reply, to)).filter((text) => text !== '')
  return to.channel === 'sms' ? foldForSms(said.join(' ')) : said.join('\n').replaceAll(' \n', '\n')
}

function sayReply(reply: Reply, to: Hearer): string {
  const path = `${reply.node}.${reply.text}`
  const text = fill(phraseOf(to.language, reply.flow, path, countIn(reply.gaps)), reply, reply.gaps, to)
  // Lines that are listed with their digits are the offers.
  if (reply.offers.length === 0 || reply.gaps.lines !== undefined) return text
  const between = to.channel === 'sms' ? ' ' : '\n'
  const offers = reply.offers.map((offer) => `${offer.digit} ${nameOf(offer, reply, to)}`)
  return [text, ...offers].join(between)
}

const countIn = ({ count }: Gaps): number | undefined => (typeof count === 'number' ? count : undefined)

const nameOf = ({ name }: Offer, { flow, node }: Reply, to: Hearer): string =>
  typeof name === 'string' ? optionName(to.language, flow, node, name) : inLanguage(name.words, to)

/** A text of the charter in the member's language, else in the co-op's first; a language's own name in its own. */
const inLanguage = (words: Words, { language, charter }: Hearer): string =>
  words[language] ?? words[charter.languages[0] ?? 'en'] ?? Object.values(words)[0] ?? ''

function fill(phrase: Phrase, reply: Reply, gaps: Gaps, to: Hearer): string {
  let text = phrase.start
  for (const { name, format, then } of phrase.gaps) {
    const value = gaps[name]
    if (value === undefined) throw new Error(`${reply.flow}.${reply.node}.${reply.text} is said without "${name}"`)
    text += say(value, format, reply, to) + then
  }
  return text
}

function say(value: Value, format: string, reply: Reply, to: Hearer): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if ('words' in value) return placed(inLanguage(value.words, to), format)
  if ('instant' in value) return sayWhen(value, format, to)
  if ('day' in value) return sayDay(value.day, to.language, value.today)
  if ('money' in value) return sayMoney(value.money, to.language, to.charter)
  if ('number' in value) return sayNumber(value.number, value.decimals, to.language, to.charter)
  if ('word' in value) return sayWord(value.word, reply, to)
  if ('either' in value) return sayEither(value.either, to.language, to.charter)
  if ('list' in value) return sayList(value.list, format, to)
  return sayLines(value.lines, format, reply, to)
}

function sayWhen({ instant, now }: { instant: number; now?: number }, format: string, to: Hearer): string {
  const { timezone } = to.charter
  const needsNoDay =
    now !== undefined && (instant - now < soonMs || localDay(instant, timezone) === localDay(now, timezone))
  return sayInstant(instant, to.language, timezone, format === '' && needsNoDay ? 'time' : format)
}

// Who reads "till 01:04" at eleven at night thinks of no other day.
const soonMs = 12 * 3_600_000

// `tail`: with a space before it, or nothing at all where there is no word.
const placed = (text: string, format: string): string => (format === 'tail' && text !== '' ? ` ${text}` : text)

// `lead`: each with a comma after it, before what else is named; nothing at all where there are none.
function sayList(list: readonly Words[], format: string, to: Hearer): string {
  const names = list.map((words) => inLanguage(words, to))
  return format === 'lead' ? names.map((name) => `${name}, `).join('') : sayAll(names, to.language, to.charter)
}

function sayWord(word: string, reply: Reply, to: Hearer): string {
  const own = findPhrase(to.language, reply.flow, `${reply.node}.words.${word}`)
  return fill(own ?? phraseOf(to.language, reply.flow, `words.${word}`), reply, reply.gaps, to)
}

// `each`: on WhatsApp a line each, at the end of a text.
function sayLines(lines: readonly Gaps[], format: string, reply: Reply, to: Hearer): string {
  const line = phraseOf(to.language, reply.flow, `${reply.node}.line`)
  const said = lines.map((gaps) => fill(line, reply, gaps, to))
  return format === 'each' && to.channel === 'whatsapp'
    ? `\n${said.join('\n').replaceAll(' \n', '\n')}`
    : said.join(', ')
}
