// The two example co-ops are whole: read without a mistake, and every text of them measured as SMS carries it.
import { describe, expect, test } from 'vitest'
import type { Words } from '../../../src/coop/charter/charter.ts'
import { readCharter } from '../../../src/coop/charter/read.ts'
import { readProposal } from '../../../src/coop/votes/proposal_file.ts'
import { isGsm7 } from '../../../src/messaging/speak/segments.ts'
import { example, fileOf, formOf, reading, segmentsOf } from './example.ts'

const each = (words: Words): [string, string][] => Object.entries(words)

describe.each(['drivers', 'market'] as const)('the co-op %s', (name) => {
  const charter = example(name)

  test('has no mistake', () => {
    expect(readCharter(fileOf(name), reading)).toHaveProperty('charter.id', name)
  })

  test('is reached by SMS and WhatsApp at one number', () => {
    const number = name === 'drivers' ? '+447700900100' : '+447700900200'
    expect(charter.senders.map((sender) => sender.address)).toEqual([`sms:${number}`, `whatsapp:${number}`])
  })

  test('has a quick kind of vote: it advises, needs no notice, and is open for ten minutes', () => {
    expect(charter.bylaws.kinds.quick).toMatchObject({ binding: false, notice: 0, open: 600, any_hour: true })
  })

  test('says what it is with room for the join question', () => {
    for (const [language, text] of each(charter.about))
      expect(segmentsOf(`${text} ${room(language)}`)).toBe(language === 'hi' ? 2 : 1)
  })

  test('asks its questions in sixty characters, on one segment', () => {
    for (const question of formOf(charter).questions) {
      for (const [, text] of each(question.ask)) {
        expect(text.length).toBeLessThanOrEqual(60)
        expect(segmentsOf(text)).toBe(1)
      }
    }
  })

  test('tells in each notice how long, how to switch off and whom to ask, with room for two options', () => {
    charter.purposes.forEach((purpose, at) => {
      for (const [, text] of each(purpose.notice.text)) {
        expect(text).toContain(`OFF ${at + 1}`)
        expect(text).toMatch(/\+447700900[12]50$/)
        expect(text).toMatch(/[12]/)
        expect(segmentsOf(`${text}\n1 ${'x'.repeat(8)} 2 ${'x'.repeat(8)}`)).toBeLessThanOrEqual(3)
      }
    })
  })

  test('writes what is not Hindi so that SMS carries it whole', () => {
    const texts = JSON.stringify(charter, (key, value) => (key === 'hi' || key === 'also' ? undefined : value))
    expect(isGsm7(JSON.parse(`"${texts.replaceAll(/["\\]/g, ' ')}"`))).toBe(true)
  })
})

test.each([
  ['drivers', 'drivers-quick'],
  ['drivers', 'drivers-city'],
  ['market', 'market-quick'],
  ['market', 'market-seller'],
] as const)('in %s the vote %s can be opened, and its call fits', (coop, file) => {
  const read = readProposal(fileOf(`proposals/${file}`), example(coop))
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes))
  const { proposal } = read
  expect(proposal.options).toHaveLength(3)
  expect(proposal.rule).toMatchObject({ by: 'majority' })
  for (const [language, text] of each(proposal.text)) {
    const options = proposal.options.map((option, at) => `${at + 1} ${option[language as 'en']}`).join(' ')
    const more = language === 'hi' ? '4 और' : '4 Read more'
    const call = `Vote ${proposal.slug} open till Mon 30 Nov 20:00. ${text} ${options} ${more}`
    expect(segmentsOf(call)).toBeLessThanOrEqual(language === 'hi' ? 3 : 2)
  }
  for (const [, text] of each(proposal.more ?? {})) expect(segmentsOf(text)).toBeLessThanOrEqual(3)
})

const room = (language: string): string => (language === 'hi' ? 'अ'.repeat(45) : 'x'.repeat(50))
