// The file that a vote is opened with: its texts, options and times, and each mistake with its line.
import { expect, test } from 'vitest'
import { readProposal } from '../../../src/coop/votes/proposal_file.ts'
import { example, fileOf } from '../charter/example.ts'

const market = example('market')
const plain = 'kind: ordinary\ntitle: { en: Gate, sw: Lango }\ntext: { en: Paint it?, sw: Tupake rangi? }\n'
const two = 'options:\n  - { en: Red, sw: Nyekundu }\n  - { en: Blue, sw: Buluu }\n'

test('without options it is For, Against, Abstain by the majority of its kind', () => {
  expect(readProposal(plain.replace('ordinary', 'special'), market)).toEqual({
    proposal: {
      kind: 'special',
      title: { en: 'Gate', sw: 'Lango' },
      text: { en: 'Paint it?', sw: 'Tupake rangi?' },
      options: [
        { en: 'For', sw: 'Ndiyo' },
        { en: 'Against', sw: 'Hapana' },
        { en: 'Abstain', sw: 'Sina upande' },
      ],
      rule: { by: 'majority', share: { part: 2, whole: 3 }, reach: 'at_least' },
    },
  })
})

test('options of its own are counted as a plurality', () => {
  expect(readProposal(plain.replace('ordinary', 'quick') + two, market)).toMatchObject({
    proposal: { rule: { by: 'plurality' }, options: [{ en: 'Red' }, { en: 'Blue' }] },
  })
})

test('times are by the clock of the co-op', () => {
  const read = readProposal(`${plain}opens: 2026-11-30 20:00\ncloses: 2026-12-05 20:00\n`, market)
  expect(read).toMatchObject({
    proposal: { opensAt: Date.parse('2026-11-30T17:00Z'), closesAt: Date.parse('2026-12-05T17:00Z') },
  })
})

test.each([
  ['a kind that is not in the bylaws', plain.replace('ordinary', 'secret'), 1, 'kind', /ordinary, special, quick/],
  ['a kind by a name of JavaScript', plain.replace('ordinary', 'toString'), 1, 'kind', /no kind/],
  ['a text short of a language', plain.replace(', sw: Lango', ''), 2, 'title', /"sw"/],
  [
    'a text that a remark cuts off',
    plain.replace('text: { en: Paint it?,', 'text:\n  en: Paint gate #2?\n ').replace('rangi? }', 'rangi?'),
    4,
    'text.en',
    /ends before " #"/,
  ],
  ['a text with a gap', plain.replace('Paint it?', '"Paint {{it}}?"'), 3, 'text.en', /"{{"/],
  ['options where the vote binds', plain + two, 4, 'options', /binds/],
  ['a title of 41 characters', plain.replace('Gate', 'G'.repeat(41)), 2, 'title.en', /41 characters/],
  [
    'an option that carriers act on',
    `${plain.replace('ordinary', 'quick')}options:\n  - { en: Stop, sw: Basi }\n  - { en: Go, sw: Nenda }`,
    5,
    'options[0]',
    /"Stop" is a word that carriers act on/,
  ],
  [
    'an option whose name is the number of another',
    `${plain.replace('ordinary', 'quick')}options:\n  - { en: "3", sw: Tatu }\n  - { en: "2", sw: "2." }`,
    5,
    'options[0]',
    /"3" would be taken for its number, and this option is 1; .*"3 delegates"/,
  ],
  [
    'two options of one name',
    `${plain.replace('ordinary', 'quick')}options:\n  - { en: Red, sw: Moja }\n  - { en: Blue, sw: moja }`,
    6,
    'options[1]',
    /"moja" is the name of an earlier option/,
  ],
  [
    'one option',
    `${plain.replace('ordinary', 'quick')}options: [{ en: A, sw: A }]`,
    4,
    'options',
    /^has too few entries; write 2 or more$/,
  ],
  ['an unknown key', `${plain}id: 5`, 4, 'id', /^is not known here/],
  ['a time that is none', `${plain}opens: tomorrow`, 4, 'opens', /such as/],
  [
    'an end before its beginning',
    `${plain}opens: 2026-11-30 20:00\ncloses: 2026-11-29 20:00`,
    5,
    'closes',
    /before/,
  ],
] as const)('%s is a mistake', (_, source, line, path, message) => {
  expect(readProposal(source, market)).toMatchObject({
    mistakes: [{ line, path, message: expect.stringMatching(message) }],
  })
})

test('the example files name the kind that they are for', () => {
  expect(readProposal(fileOf('proposals/market-quick'), market)).toMatchObject({
    proposal: { kind: 'quick', slug: 'market-day' },
  })
})

test.each([
  ['is empty', ''],
  ['is a list', '- kind: quick'],
])('a file that %s is told its fields', (kind, source) => {
  const message = `the file ${kind}; write a line for each field: "kind:", "title:", "text:"`
  expect(readProposal(source, market)).toEqual({ mistakes: [{ line: 1, path: '', message }], isShapeOnly: true })
})
