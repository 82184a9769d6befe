// What dialogues are played in: the two example co-ops, the votes that come with them, and the changes of a charter that an
// organiser makes in one. It reads files and keeps nothing.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Applied, Charter, Kind } from '../../src/coop/charter/charter.ts'
import { readCharter } from '../../src/coop/charter/read.ts'
import { readProposal } from '../../src/coop/votes/proposal_file.ts'
import type { Motion } from '../../src/coop/votes/vote.ts'
import type { Measure } from '../../src/coop/votes/words.ts'
import { countSegments } from '../../src/messaging/speak/segments.ts'
import { speak } from '../../src/messaging/speak/speak.ts'
import { reading } from '../coop/charter/example.ts'

const charters = join(import.meta.dirname, '../../flows/charters')
const proposals = [join(charters, 'proposals'), join(import.meta.dirname, '../dialogues/proposals')]

export const coops = ['drivers', 'market'] as const
/** A Tuesday: noon in Delhi, half past nine in Nakuru. */
export const curtain = Date.parse('2026-11-24T06:30:00Z')

/** The charter's file. Its senders are as fast as can be: how fast is no part of a dialogue. */
export const sourceOf = (coop: string): string =>
  readFileSync(join(charters, `${coop}.yaml`), 'utf8').replaceAll(/rate: \d+/g, 'rate: 1000')

export function charterIn(source: string): Charter {
  const read = readCharter(source, reading)
  if ('mistakes' in read) throw new Error(`The charter has mistakes: ${JSON.stringify(read.mistakes)}`)
  return read.charter
}

/** The same charter with other words in one notice, under the next version. */
export function withNewNotice(source: string, purpose: string): string {
  const [before, own, after] = cutAround(source, purpose)
  const changed = own
    .replace(/version: (\d+)/, (_, version: string) => `version: ${Number(version) + 1}`)
    .replaceAll(/\b2 (years|साल)/g, '3 $1')
    .replaceAll('miaka 2', 'miaka 3')
  if (changed === own) throw new Error(`The notice of ${purpose} has nothing that a dialogue could change`)
  return before + changed + after
}

/** The same charter that asks for one purpose no more. */
export const withoutPurpose = (source: string, purpose: string): string =>
  source.replace(`- id: ${purpose}\n`, `- id: ${purpose}\n    retired: true\n`)

/** The same charter with the first two options of a question the other way round. */
export function withOptionsSwapped(source: string, question: string): string {
  const swapped = source.replace(
    new RegExp(`(\\bid: ${question}\\n(?:.*\\n)*? +options:\\n)(.*\\n)(.*\\n)`),
    (_, before: string, first: string, second: string) => before + second + first,
  )
  if (swapped === source) throw new Error(`The charter has no question "${question}" with options`)
  return swapped
}

function cutAround(source: string, purpose: string): [string, string, string] {
  const start = source.indexOf(`- id: ${purpose}\n`)
  if (start < 0) throw new Error(`The charter has no purpose "${purpose}"`)
  const next = /\n(?: {2}- id: |\S)/.exec(source.slice(start))
  const end = next ? start + next.index : source.length
  return [source.slice(0, start), source.slice(start, end), source.slice(end)]
}

/** The same charter for a co-op that is joined by invitation. */
export const byInvitation = (source: string): string => source.replace('joining: open', 'joining: invited')

/** What an organiser may say of a vote beside its file. */
export interface Terms {
  readonly open?: number
  readonly notice?: number
  readonly quorum?: number
}

/** The motion of that name, and a charter under which it is opened on these terms. */
export function motionCalled(slug: string, charter: Applied, terms: Terms): { charter: Applied; motion: Motion } {
  const read = readProposal(proposalFile(slug), charter)
  if ('mistakes' in read) throw new Error(`${slug} has mistakes: ${JSON.stringify(read.mistakes)}`)
  const { kinds } = charter.bylaws
  const kind = kinds[read.proposal.kind]
  if (!kind) throw new Error(`${charter.id} has no kind of vote "${read.proposal.kind}"`)
  const bylaws = { kinds: { ...kinds, [read.proposal.kind]: onTerms(kind, terms) } }
  return { charter: { ...charter, bylaws }, motion: { ...read.proposal, slug } }
}

const onTerms = (kind: Kind, { open, notice, quorum }: Terms): Kind => ({
  ...kind,
  ...(open !== undefined && { open, notice: 0 }),
  ...(notice !== undefined && { notice }),
  ...(quorum !== undefined && { quorum: { percent: quorum, least: 1 } }),
})

function proposalFile(slug: string): string {
  for (const folder of proposals) {
    const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    const found = sources.find((source) => source.includes(`slug: ${slug}\n`))
    if (found) return found
  }
  throw new Error(`No file has a vote "${slug}": write one in test/dialogues/proposals`)
}

export const measureIn =
  (charter: Applied): Measure =>
  (replies, language) =>
    countSegments(speak(replies, { charter, language, channel: 'sms' })).segments
