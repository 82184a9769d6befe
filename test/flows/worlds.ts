// Worlds that lead to every branch of every flow, with the longest values that the two examples can hold.
import type { Standing } from '../../src/conversation/heard.ts'
import type { Need, World } from '../../src/conversation/world.ts'
import { addDays, localDay, mondayOf } from '../../src/coop/calendar.ts'
import type { Applied, Form, Language } from '../../src/coop/charter/charter.ts'
import type { Consent } from '../../src/coop/consents/consent.ts'
import { finish } from '../../src/coop/reports/finish.ts'
import { cellOf } from '../../src/coop/reports/insight.ts'
import type { Report } from '../../src/coop/reports/report.ts'
import type { Values } from '../../src/coop/reports/values.ts'
import type { Proposal } from '../../src/coop/votes/proposal.ts'
import { readProposal } from '../../src/coop/votes/proposal_file.ts'
import { fileOf } from '../coop/charter/example.ts'
import { drivers, market } from './coops.ts'

/** A Wednesday in September, which is long to write in every language. */
export const now = Date.parse('2026-09-23T10:00:00Z')
const hourMs = 3_600_000
const dayMs = 24 * hourMs

export const everyNeed: ReadonlySet<Need> = new Set([
  'consents',
  'proposals',
  'reports',
  'insight',
  'held',
  'fresh',
])

/** A member as she is routed, who has asked for no silence. */
export const active: Standing = { member: 'active', silenced: false, blocked: false }

/** A member with nothing on, in a co-op with nothing open. */
export function worldOf(charter: Applied, language: Language, change: Partial<World> = {}): World {
  return {
    loaded: everyNeed,
    now,
    charter,
    carrierAnswers: false,
    member: { number: 12345, state: 'active', language, joinedAt: now - 300 * dayMs, suppressed: false },
    blocked: false,
    consents: [],
    proposals: [],
    reports: [],
    insight: [],
    held: { reports: 0, ballots: 0 },
    fresh: { receipt: 'WKMH4Q', number: 12346 },
    ...change,
  }
}

/** The proposals that come with an example, as a member sees them. */
export function proposalsOf(charter: Applied, change: Partial<Proposal> = {}): Proposal[] {
  const [files, home] =
    charter.id === 'drivers'
      ? ([['drivers-city', 'drivers-quick'], drivers] as const)
      : ([['market-seller', 'market-quick'], market] as const)
  return files.map((file) => proposalOf(`proposals/${file}`, home, charter, change))
}

function proposalOf(file: string, home: Applied, charter: Applied, change: Partial<Proposal>): Proposal {
  const read = readProposal(fileOf(file), home)
  if ('mistakes' in read) throw new Error(`${file}: ${JSON.stringify(read.mistakes)}`)
  const { slug = file, title, text, more, options, kind } = read.proposal
  const said = (words: typeof title) =>
    Object.fromEntries(charter.languages.map((language) => [language, words[language] ?? words.en ?? '']))
  return {
    slug,
    title: said(title),
    text: said(text),
    ...(more && { more: said(more) }),
    options: options.map(said),
    binding: charter.bylaws.kinds[kind]?.binding ?? true,
    status: 'open',
    opensAt: now - dayMs,
    closesAt: Date.parse('2026-09-30T14:30:00Z'),
    onRoll: true,
    ...change,
  }
}

export const consentsOf = (charter: Applied, change: Partial<Consent> = {}): Consent[] =>
  charter.purposes.map(({ id, notice }) => ({
    purpose: id,
    on: true,
    version: notice.version,
    language: 'en' as const,
    at: now - dayMs,
    ...change,
  }))

/** Answers to a form's questions that nobody doubts; the choices are the longest ones. */
export function answersTo(form: Form): Values {
  const required = form.questions.filter((question) => !question.optional)
  return Object.fromEntries(required.map((question) => [question.id, plainAnswer(question)]))
}

function plainAnswer(question: Form['questions'][number]): number | string {
  if (question.type === 'choice') return question.options[0]?.id ?? ''
  if (question.type === 'day') return ''
  const digits = question.type === 'money' ? 2 : question.decimals
  const [low, high] = question.soft ?? question.hard
  return Math.round(Math.min((low + high) / 2, 480) * 10 ** digits)
}

/** One report of a form, made so long ago; of today, or of so many days before. */
export function reportOf(charter: Applied, form: Form, change: Partial<Report> = {}, daysBack = 0): Report {
  const today = localDay(now, charter.timezone)
  const said = { ...answersTo(form), ...change.values, day: addDays(today, -daysBack) }
  const { key, values, figures } = finish(form, said, today, charter)
  return { form: form.id, key, version: 1, figures, madeAt: now - hourMs, poolAt: now - 1, ...change, values }
}

/** The group's median of a form in this week, as seven others made it. */
export const cellFor = (charter: Applied, form: Form, median: number): World['insight'] => [
  {
    form: form.id,
    week: mondayOf(localDay(now, charter.timezone)),
    cell: cellOf(form, answersTo(form)),
    median,
    members: 12345,
  },
]
