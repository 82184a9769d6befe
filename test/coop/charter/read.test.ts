// Every kind of mistake that a charter's file can hold, named with its line.
import { describe, expect, test } from 'vitest'
import { readCharter } from '../../../src/coop/charter/read.ts'
import type { Mistake } from '../../../src/coop/charter/yaml.ts'
import { type Example, fileOf, reading } from './example.ts'

/** The mistakes of an example after one change, and the line where the change was made. */
function broken(name: Example, from: string, to: string): { mistakes: readonly Mistake[]; line: number } {
  const source = fileOf(name)
  expect(source).toContain(from)
  const line = source.slice(0, source.indexOf(from)).split('\n').length
  const read = readCharter(source.replace(from, to), reading)
  return { mistakes: 'mistakes' in read ? read.mistakes : [], line }
}

type Case = [what: string, name: Example, from: string, to: string, path: string, message: RegExp]

const shapeMistakes: Case[] = [
  ['an unknown key', 'drivers', 'joining: open', 'joining: open\nfee: 5', 'fee', /not known/],
  ['an unknown key deep inside', 'drivers', 'hours: true', 'ours: true', 'forms[0].questions[0].ours', /not known/],
  ['a missing key', 'drivers', 'currency: INR\n', '', 'currency', /missing/],
  ['a wrong type', 'drivers', 'rate: 10,', 'rate: fast,', 'senders[0].rate', /number/],
  ['an unknown choice', 'drivers', 'joining: open', 'joining: ask', 'joining', /open/],
  [
    'an unknown question type',
    'drivers',
    'type: day',
    'type: date',
    'forms[0].questions[7].type',
    /one of number, money/,
  ],
  ['a wrong span', 'drivers', 'notice: 3 days', 'notice: 3 weeks', 'bylaws.kinds.ordinary.notice', /such as/],
  ['a wrong share', 'drivers', 'share: 2/3', 'share: two thirds', 'bylaws.kinds.special.majority.share', /2\/3/],
  ['a wrong sender', 'drivers', '"sms:+447700900100"', '"+447700900100"', 'senders[0].address', /sms:/],
  ['a wrong time of day', 'drivers', 'from: "20:00"', 'from: "24:00"', 'quiet.from', /time of day/],
  ['a wrong id', 'drivers', 'id: pay-talks', 'id: Pay talks', 'purposes[2].id', /small letters/],
  ['a wrong kind id', 'drivers', '    special:', '    Special:', 'bylaws.kinds.Special', /small letters/],
  [
    'an unknown language',
    'drivers',
    'name: { en: Hours,',
    'name: { xx: Hours,',
    'forms[0].questions[0].name.xx',
    /not known/,
  ],
  [
    'an empty text',
    'market',
    'ask: { en: "Which crop?",',
    'ask: { en: "",',
    'forms[0].questions[0].ask.en',
    /write a text/,
  ],
]

const spanningMistakes: Case[] = [
  [
    'a form that holds nothing',
    'drivers',
    'hold: 2 hours',
    'hold: 0 minutes',
    'forms[0].hold',
    /a minute at least/,
  ],
  [
    'a text short of a language',
    'market',
    '{ en: Crop, sw: Zao }',
    '{ en: Crop }',
    'forms[0].questions[0].name',
    /no text in "sw"/,
  ],
  [
    'a text in a language too many',
    'market',
    'sw: Zao }',
    'sw: Zao, fr: Plante }',
    'forms[0].questions[0].name.fr',
    /not a language/,
  ],
  [
    'a text that a remark cuts off',
    'market',
    '  en: Grace Wanjiru, secretary',
    '  en: Grace Wanjiru #2, secretary',
    'human.en',
    /ends before " #".*quotes/,
  ],
  [
    'a text with a gap that nothing fills',
    'market',
    'Grace Wanjiru, secretary',
    'Grace {{name}}, secretary',
    'human.en',
    /"{{"/,
  ],
  ['a language named twice', 'market', '[en, sw]', '[en, sw, en]', 'languages[2]', /twice/],
  ['a time zone that is none', 'market', 'Africa/Nairobi', 'Africa/Nakuru', 'timezone', /no time zone/],
  ['a currency that is none', 'market', 'currency: KES', 'currency: KSH', 'currency', /no currency/],
  ['quiet hours without an end', 'market', 'to: "07:00"', 'to: "20:00"', 'quiet.to', /never end/],
  [
    'a sender named twice',
    'market',
    '"whatsapp:+447700900200"',
    '"sms:+447700900200"',
    'senders[1].address',
    /twice/,
  ],
  ['a purpose named twice', 'market', 'id: county-study', 'id: price-pool', 'purposes[1].id', /twice/],
  ['a share above one', 'drivers', 'share: 2/3', 'share: 4/3', 'bylaws.kinds.special.majority.share', /no vote/],
  ['a share above all', 'drivers', 'share: 1/2', 'share: 1/1', 'bylaws.kinds.ordinary.majority.share', /no vote/],
  ['a vote never open', 'drivers', 'open: 10 minutes', 'open: 0 minutes', 'bylaws.kinds.quick.open', /some time/],
  ["the carrier's word to join", 'drivers', 'word: SARATHI', 'word: STOP', 'word', /taken/],
  ['a command for a form', 'drivers', '{ en: SHIFT,', '{ en: MENU,', 'forms[0].word.en', /taken/],
  ['a form of two words', 'drivers', '{ en: SHIFT,', '{ en: MY SHIFT,', 'forms[0].word.en', /not one word/],
  [
    'a form by the word to join',
    'drivers',
    '{ en: SHIFT,',
    '{ en: Sarathi,',
    'forms[0].word.en',
    /"Sarathi" is already the word of the co-op/,
  ],
  ['a form of no purpose', 'drivers', 'purpose: pay-medians', 'purpose: pay', 'forms[0].purpose', /no purpose/],
  ['a question named twice', 'drivers', 'id: trips', 'id: km', 'forms[0].questions[4].id', /twice/],
  ['a figure named as a question', 'drivers', '{ id: net,', '{ id: costs,', 'forms[0].figures[0].id', /twice/],
  ['a day of another name', 'drivers', '        id: day', '        id: date', 'forms[0].questions[7].id', /"day"/],
  [
    'a soft range beyond the hard',
    'drivers',
    'soft: [0, 2500]',
    'soft: [0, 5001]',
    'forms[0].questions[2].soft',
    /within/,
  ],
  ['a range upside down', 'drivers', 'hard: [0, 500]', 'hard: [500, 400]', 'forms[0].questions[3].hard', /before/],
  [
    'a range finer than is kept',
    'drivers',
    'hard: [0.25, 24]',
    'hard: [0.125, 24]',
    'forms[0].questions[0].hard',
    /2 decimals/,
  ],
  [
    'money in hours',
    'drivers',
    '        hard: [0, 20000]',
    '        hours: true\n        hard: [0, 20000]',
    'forms[0].questions[1].hours',
    /money/,
  ],
  [
    'a group without a median',
    'drivers',
    'soft_times_own',
    'soft_times_group',
    'forms[0].questions[1].soft_times_group',
    /median of/,
  ],
  [
    'two options of one name',
    'market',
    'sw: Kabeji }',
    'sw: Sukuma }',
    'forms[0].questions[0].options[4]',
    /earlier option/,
  ],
  [
    'an option that carriers act on',
    'market',
    'sw: Kabeji }',
    'sw: Acha }',
    'forms[0].questions[0].options[4]',
    /carriers act on/,
  ],
  [
    'an option whose name is the number of another',
    'market',
    'sw: Kabeji }, also: [cabbages',
    'sw: Kabeji }, also: ["१ please"',
    'forms[0].questions[0].options[4]',
    /would be taken for its number/,
  ],
  ['two options of one id', 'market', 'id: cabbage', 'id: kale', 'forms[0].questions[0].options[4].id', /twice/],
  ['a key without its day', 'market', 'key: [day, crop, market]', 'key: [crop, market]', 'forms[0].key', /begins/],
  ['a key of a number', 'market', 'key: [day, crop, market]', 'key: [day, price]', 'forms[0].key[1]', /neither/],
  [
    'a key of an optional choice',
    'market',
    'key: [day, crop, market]',
    'key: [day, grade]',
    'forms[0].key[1]',
    /neither/,
  ],
  ['a check of a choice', 'drivers', 'left: costs', 'left: area', 'forms[0].checks[0].left', /no number/],
  ['a check of money by hours', 'drivers', 'left: costs', 'left: hours', 'forms[0].checks[0]', /compares/],
  [
    'a figure of what is not there',
    'drivers',
    'plus: [gross], minus',
    'plus: [tips], minus',
    'forms[0].figures[0]',
    /no number/,
  ],
  [
    'a figure of a later one',
    'drivers',
    'plus: [gross], minus',
    'plus: [net-per-hour], minus',
    'forms[0].figures[0]',
    /comes after/,
  ],
  [
    'a figure of mixed kinds',
    'drivers',
    'plus: [gross], minus',
    'plus: [gross, km], minus',
    'forms[0].figures[0]',
    /adds money/,
  ],
  ['a figure of the wrong type', 'drivers', 'per: hours', 'per: gross', 'forms[0].figures[1].type', /is number/],
  [
    'an insight of what is not there',
    'drivers',
    'figure: net-per-hour',
    'figure: pay',
    'forms[0].insight.figure',
    /no number/,
  ],
  [
    'an insight by an optional choice',
    'drivers',
    'figure: net-per-hour }',
    'figure: net-per-hour, by: [area] }',
    'forms[0].insight.by[0]',
    /no choice/,
  ],
]

describe('a mistake has its line:', () => {
  test.each([...shapeMistakes, ...spanningMistakes])('%s', (_, name, from, to, path, message) => {
    const { mistakes, line } = broken(name, from, to)
    const mistake = mistakes.find((each) => each.path === path)
    expect(mistakes.map((each) => each.path)).toContain(path)
    expect(mistake?.message).toMatch(message)
    // What stands above or below the change in the same block is named by its own line.
    expect(Math.abs((mistake?.line ?? 0) - line)).toBeLessThanOrEqual(path === 'currency' ? line : 2)
  })

  test('an optional question that stands before one that must be answered', () => {
    const { mistakes } = broken('drivers', '        soft: [0.25, 12]', '        optional: true')
    expect(mistakes).toContainEqual(
      expect.objectContaining({ path: 'forms[0].questions[1]', message: expect.stringMatching(/optional ones/) }),
    )
  })

  test('a notice of more than three segments', () => {
    const { mistakes, line } = broken('drivers', 'Our board shows', `${'Our board shows '.repeat(25)}`)
    expect(mistakes).toEqual([
      { line: line - 1, path: 'purposes[2].notice.text.en', message: expect.stringMatching(/4 SMS segments/) },
    ])
  })

  test('a form of a retired purpose, and nothing that is asked for', () => {
    const ids = ['pay-medians', 'city-study', 'pay-talks']
    const retire = (source: string, id: string) =>
      source.replace(`- id: ${id}\n`, `- id: ${id}\n    retired: true\n`)
    const source = ids.reduce(retire, fileOf('drivers'))
    expect(readCharter(source, reading)).toMatchObject({
      mistakes: [
        { path: 'purposes', message: 'ask for one at least: all of them are retired' },
        { path: 'forms[0].purpose', message: '"pay-medians" is retired: no new report would count' },
      ],
    })
  })

  test('a range finer than the currency', () => {
    const { mistakes } = broken('drivers', 'currency: INR', 'currency: CLP')
    expect(mistakes).toEqual([])
    const source = fileOf('drivers').replace('currency: INR', 'currency: CLP').replace('[0, 20000]', '[0.5, 20000]')
    expect(readCharter(source, reading)).toMatchObject({
      mistakes: [{ message: expect.stringMatching(/the 0 decimals/) }],
    })
  })

  test('no kind of vote', () => {
    const source = fileOf('drivers').replace(/ {2}kinds:[\s\S]*?\npurposes:/, '  kinds: {}\npurposes:')
    expect(readCharter(source, reading)).toMatchObject({ mistakes: [{ path: 'bylaws.kinds' }] })
  })

  test('the exact line of a key, of a list item and of a nested text', () => {
    expect(broken('drivers', 'timezone: Asia/Kolkata', 'timezone: Asia/Kolkatta')).toMatchObject({
      line: 12,
      mistakes: [{ line: 12 }],
    })
    const { mistakes, line } = broken('market', '"whatsapp:+447700900200"', '"sms:+447700900200"')
    expect(mistakes).toMatchObject([{ line }])
  })

  test('a remark on a line of its own, behind quotes or behind what nobody reads is none', () => {
    const source = fileOf('market')
      .replace('joining: open', 'joining: open # for now')
      .replace(/^ {2}en: (Grace .*)$/m, '  # the secretary\n  en: "$1 #2" # until May')
      .replace(/^ {2}sw: (Grace .*)$/m, '  sw: > # folded\n    $1 #2\n')
    const ends = expect.stringMatching(/#2$/)
    expect(readCharter(source, reading)).toMatchObject({ charter: { human: { en: ends, sw: ends } } })
  })

  test('several at once, in the order of their lines', () => {
    const source = fileOf('market')
      .replace('Africa/Nairobi', 'Mars/Olympus')
      .replace('key: [day, crop, market]', 'key: [day, price]')
    const read = readCharter(source, reading)
    const lines = 'mistakes' in read ? read.mistakes.map((mistake) => mistake.line) : []
    expect(lines).toHaveLength(2)
    expect(lines).toEqual(lines.toSorted((a, b) => a - b))
  })
})
