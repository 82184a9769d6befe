// The file that a vote is opened with: its shape, and what it is once the charter has been looked at. It knows no
// time but what the file names; whether the notice still fits before the opening is for who opens the vote.
import { z } from 'zod'
import { instantOf } from '../calendar.ts'
import { type Charter, id, type Kind, type Language, type Words, words } from '../charter/charter.ts'
import { optionRules } from '../charter/option_rules.ts'
import { textRules } from '../charter/rules.ts'
import { type Found, type IsCut, type Misread, readYaml } from '../charter/yaml.ts'
import type { Rule } from './tally.ts'

const clock = z
  .string()
  .regex(
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) ([01]\d|2[0-3]):[0-5]\d$/,
    'write a time such as "2026-11-30 20:00"',
  )

const proposalShape = z.strictObject({
  /** What the vote is called in texts and on the command line; the file's name where it is left out. */
  slug: id.optional(),
  /** One of the charter's kinds of vote. */
  kind: z.string(),
  title: words,
  /** What is decided: the question of the call. */
  text: words,
  /** What "read more" tells. */
  more: words.optional(),
  /**
   * Left out: For, Against, Abstain, counted by the kind's majority. A list of others is a choice among several, on
   * which bylaws give no majority of For and Against: it is counted as a plurality, and only in kinds that advise.
   */
  options: z.array(words).min(2).max(8).optional(),
  /** By the clock of the co-op. Left out: as soon as the notice has run, and for as long as the kind says. */
  opens: clock.optional(),
  closes: clock.optional(),
})
type ProposalShape = z.infer<typeof proposalShape>

/** A vote as its file describes it. */
export interface ProposalFile {
  readonly slug?: string
  readonly kind: string
  readonly title: Words
  readonly text: Words
  readonly more?: Words
  /** Numbered from 1 in this order. */
  readonly options: readonly Words[]
  readonly rule: Rule
  /** Milliseconds since 1970. */
  readonly opensAt?: number
  readonly closesAt?: number
}

/** For, Against, Abstain, in this order: what a majority is counted on. */
export const standardOptions: readonly Readonly<Record<Language, string>>[] = [
  { en: 'For', hi: 'हाँ', sw: 'Ndiyo', es: 'A favor', fr: 'Pour' },
  { en: 'Against', hi: 'नहीं', sw: 'Hapana', es: 'En contra', fr: 'Contre' },
  { en: 'Abstain', hi: 'तटस्थ', sw: 'Sina upande', es: 'Abstención', fr: 'Abstention' },
]

/** Reads a proposal's YAML under a charter, or says what is wrong with its line. */
export function readProposal(source: string, charter: Charter): { readonly proposal: ProposalFile } | Misread {
  const read = readYaml<ProposalShape>(source, proposalShape, (file, isCut) => rules(file, charter, isCut))
  if ('mistakes' in read) return read
  const kind = kindOf(charter, read.value)
  if (!kind) throw new Error(`The kind of vote "${read.value.kind}" was accepted but is not in the charter`)
  return { proposal: toProposal(read.value, kind, charter) }
}

const kindOf = (charter: Charter, { kind }: ProposalShape): Kind | undefined =>
  Object.hasOwn(charter.bylaws.kinds, kind) ? charter.bylaws.kinds[kind] : undefined

function rules(file: ProposalShape, charter: Charter, isCut: IsCut): Found[] {
  const names = (file.options ?? []).map((option) => Object.values(option))
  const found = [
    ...textRules(file, charter.languages, isCut),
    ...titleRules(file),
    ...optionRules(names, ['options']),
  ]
  const kind = kindOf(charter, file)
  if (!kind) {
    const kinds = Object.keys(charter.bylaws.kinds).join(', ')
    found.push({
      path: ['kind'],
      message: `"${file.kind}" is no kind of vote of ${charter.id}; write one of ${kinds}`,
    })
  } else if (kind.binding && file.options) {
    const message = `kind "${file.kind}" binds, so it is For, Against, Abstain: leave the options out`
    found.push({ path: ['options'], message })
  }
  if (file.opens && file.closes && file.closes <= file.opens) {
    found.push({ path: ['closes'], message: 'closes before it opens' })
  }
  return found
}

// Where several votes are open she is asked which one she means, by their titles, in one text.
const longestTitle = 40

const titleRules = ({ title }: ProposalShape): Found[] =>
  Object.entries(title).flatMap(([language, text]) => {
    const message = `has ${text.length} characters; a title may have ${longestTitle}`
    return text.length > longestTitle ? [{ path: ['title', language], message }] : []
  })

function toProposal(file: ProposalShape, kind: Kind, charter: Charter): ProposalFile {
  const { slug, more, options, opens, closes } = file
  return {
    kind: file.kind,
    title: file.title,
    text: file.text,
    options: options ?? standardOptions.map((option) => inLanguages(option, charter)),
    rule: options ? { by: 'plurality' } : { by: 'majority', ...kind.majority },
    ...(slug !== undefined && { slug }),
    ...(more !== undefined && { more }),
    ...(opens !== undefined && { opensAt: instantOf(opens, charter.timezone) }),
    ...(closes !== undefined && { closesAt: instantOf(closes, charter.timezone) }),
  }
}

const inLanguages = (texts: Words, { languages }: Charter): Words =>
  Object.fromEntries(languages.map((language) => [language, texts[language]]))
