// coopline vote: opens a vote from its file, withdraws one in its notice, closes one by hand, and shows what came of
// it. Before the close it shows the turnout and nothing of the count.
import path from 'node:path'
import { Command } from 'commander'
import { localClock } from '../coop/calendar.ts'
import { type Applied, id, type Language, type Words } from '../coop/charter/charter.ts'
import { loadCharters } from '../coop/charter/queries.ts'
import type { Misread } from '../coop/charter/yaml.ts'
import { countBallots } from '../coop/votes/ballot_queries.ts'
import { type ProposalFile, readProposal } from '../coop/votes/proposal_file.ts'
import { checkVote, closeVote, listVotes, openVote, withdrawVote } from '../coop/votes/queries.ts'
import { clockIn, type Vote } from '../coop/votes/vote.ts'
import { type Measure, winnerOf } from '../coop/votes/words.ts'
import { type Called, type CallState, calledFor } from '../messaging/broadcast/called.ts'
import { countSegments } from '../messaging/speak/segments.ts'
import { speak } from '../messaging/speak/speak.ts'
import { accountName } from '../store/servers/account.ts'
import { saidOf, textOf } from './file.ts'
import { atPlace, CommandError, coopOf, noCharter, type Place } from './place.ts'

interface Options {
  readonly coop?: string
  readonly slug?: string
}

export function voteCommand(): Command {
  const command = new Command('vote').description('votes of a co-op')
  const coop = ['--coop <id>', 'the co-op, where it is not clear'] as const
  for (const [name, what, run] of ofFile) {
    command
      .command(name)
      .description(what)
      .argument('<file>')
      .option(...coop)
      .option('--slug <slug>', 'another name than the one in the file')
      .action((file: string, options: Options) => atPlace((place) => run(place, file, options)))
  }
  command
    .command('withdraw')
    .description('take a vote back before it opens and tell those who were sent its notice')
    .argument('<slug>')
    .option(...coop)
    .action((slug: string, options: Options) => atPlace((place) => withdraw(place, slug, options)))
  command
    .command('close')
    .description('close a vote before its time and tell every member what came of it')
    .argument('<slug>')
    .option(...coop)
    .action((slug: string, options: Options) => atPlace((place) => close(place, slug, options)))
  command
    .command('show')
    .description('one vote: its times, its turnout and, once it is closed, its outcome')
    .argument('<slug>')
    .option(...coop)
    .action((slug: string, options: Options) => atPlace(async ({ db }) => show(db, await find(db, slug, options))))
  command
    .command('list')
    .description('all votes, the newest first')
    .option(...coop)
    .action((options: Options) => atPlace(({ db }) => list(db, options)))
  return command
}

const ofFile = [
  ['open', 'open a vote from its file and call every member', open],
  ['check', 'say what is wrong in the file of a vote, or how it would open; opens nothing', check],
] as const

async function open({ db, ringBroadcasts }: Place, file: string, options: Options): Promise<void> {
  const opening = await openingIn(db, file, options)
  const vote = await openVote(db, opening)
  await ringBroadcasts()
  sayOpening(vote, opening.charter, 'is open', 'opens')
}

async function check({ db }: Place, file: string, options: Options): Promise<void> {
  const opening = await openingIn(db, file, options)
  sayOpening(await checkVote(db, opening), opening.charter, 'would be open', 'would open')
}

async function openingIn(db: Place['db'], file: string, options: Options) {
  const { charter, proposal } = await readFor(db, file, options.coop)
  const slug = slugOf(options.slug ?? proposal.slug ?? path.basename(file).replace(/\.ya?ml$/, ''))
  return { charter, motion: { ...proposal, slug }, measure: measureIn(charter) }
}

function sayOpening(vote: Vote, { id: coop, timezone }: Applied, isOpen: string, opens: string): void {
  const from = vote.status === 'open' ? isOpen : `${opens} ${localClock(vote.opensAt, timezone)}`
  console.log(
    `${vote.slug} of ${coop} ${from}, till ${clockIn(timezone, vote.closesAt)}. ` +
      `${vote.roll} on the roll, ${vote.quorum} needed.`,
  )
  if (vote.quorum > vote.roll) console.log('The roll is smaller than the quorum: this vote cannot have a result.')
}

/** The name of a vote, by the rule that its file keeps too: members are sent it, and buttons carry it. */
function slugOf(slug: string): string {
  if (id.safeParse(slug).success) return slug
  throw new CommandError(
    `"${slug}" cannot be the name of a vote: begin with a small letter, then small letters, digits and hyphens, ` +
      '40 at most. Name it with --slug, or with "slug:" in its file.',
  )
}

interface Fitting {
  readonly charter: Applied
  readonly proposal: ProposalFile
}
interface Misfit extends Misread {
  readonly charter: Applied
}

/** Reads the file under the charter it is written for: the one that is named, or the only one that it fits. */
async function readFor(db: Place['db'], file: string, coop: string | undefined): Promise<Fitting> {
  const source = textOf(file)
  const charters = coop === undefined ? await loadCharters(db) : [await coopOf(db, coop)]
  const reads = charters.map((charter) => ({ charter, ...readProposal(source, charter) }))
  const fitting = reads.filter((read) => 'proposal' in read)
  const misfits = reads.filter((read) => 'mistakes' in read)
  const [only, another] = fitting
  if (!only) throw new CommandError(fitsNone(file, misfits, coop))
  if (another) throw new CommandError(fitsSeveral(file, fitting))
  return only
}

const fitsSeveral = (file: string, fitting: readonly Fitting[]): string =>
  `${file} fits ${fitting.map(({ charter }) => charter.id).join(' and ')}: name one with --coop.`

/** The mistakes of a file as one for the co-op that its name begins with, or else that it fits best. */
function fitsNone(file: string, misfits: readonly Misfit[], coop: string | undefined): string {
  const [best] = misfits.toSorted((one, other) => one.mistakes.length - other.mistakes.length)
  const likeliest = misfits.find(({ charter }) => path.basename(file).startsWith(charter.id)) ?? best
  if (!likeliest) return noCharter
  const said = saidOf(file, likeliest)
  return coop === undefined ? `${said}\n(read for ${likeliest.charter.id}; --coop names another)` : said
}

const measureIn =
  (charter: Applied): Measure =>
  (replies, language) =>
    countSegments(speak(replies, { charter, language, channel: 'sms' })).segments

async function close({ db, ringBroadcasts }: Place, slug: string, options: Options): Promise<void> {
  const before = await find(db, slug, options)
  const { coop } = before
  await sayOver(db, before)
  const vote = await closeVote(db, { coop, slug, by: whoActs() })
  await ringBroadcasts()
  await show(db, vote)
}

async function withdraw({ db, ringBroadcasts }: Place, slug: string, options: Options): Promise<void> {
  const before = await find(db, slug, options)
  const { coop } = before
  await sayOver(db, before)
  const vote = await withdrawVote(db, { coop, slug, by: whoActs() })
  await ringBroadcasts()
  await show(db, vote)
  if (before.status !== 'closed') console.log('Whoever was sent its notice is told, and nobody else.')
}

/** Says of a vote that is over since when: nothing is changed any more. */
async function sayOver(db: Place['db'], { slug, coop, status, outcome, closesAt }: Vote): Promise<void> {
  if (status !== 'closed') return
  const how = outcome?.result === 'withdrawn' ? 'withdrawn' : 'closed'
  const { timezone } = await coopOf(db, coop)
  console.log(`${slug} was ${how} already at ${clockIn(timezone, closesAt)}: nothing is changed.`)
}

async function find(db: Place['db'], slug: string, { coop }: Options): Promise<Vote> {
  const found = (await listVotes(db, coop)).filter((vote) => vote.slug === slug)
  const [only] = found
  if (only && found.length === 1) return only
  if (!only) throw new CommandError(`There is no vote "${slug}". See "npm run coopline -- vote list".`)
  throw new CommandError(
    `${found.map((vote) => vote.coop).join(' and ')} have a vote "${slug}": name one with --coop.`,
  )
}

const inLanguage = (words: Words, language: Language = 'en'): string =>
  words[language] ?? Object.values(words)[0] ?? ''

async function show(db: Place['db'], vote: Vote): Promise<void> {
  const { timezone, languages } = await coopOf(db, vote.coop)
  const clock = (instant: number) => localClock(instant, timezone)
  const inFirst = (words: Words) => inLanguage(words, languages[0])
  console.log(
    `${vote.slug} (${vote.coop}, ${vote.kind}, ${vote.binding ? 'binding' : 'advisory'}): ${inFirst(vote.title)}`,
  )
  const { outcome } = vote
  if (outcome?.result === 'withdrawn') {
    console.log(`withdrawn ${clock(vote.closesAt)}; it was to open ${clock(vote.opensAt)} (${timezone})`)
    return
  }
  console.log(`${vote.status}; from ${clock(vote.opensAt)} till ${clock(vote.closesAt)} (${timezone})`)
  const counts = await countBallots(db, { coop: vote.coop, slug: vote.slug, options: vote.options.length })
  const turnout = outcome?.turnout ?? counts.reduce((sum, count) => sum + count, 0)
  console.log(`${turnout} of ${vote.roll} voted, ${vote.quorum} needed`)
  const called = calledLine(await calledFor(db, vote.coop, vote.slug))
  if (called) console.log(called)
  if (!outcome) return
  for (const [at, words] of vote.options.entries()) console.log(`  ${outcome.counts[at] ?? 0}\t${inFirst(words)}`)
  console.log(
    outcome.result === 'chosen' ? `Most for ${inFirst(winnerOf(vote.options, outcome))}.` : cameOf[outcome.result],
  )
}

const callStates: readonly (readonly [CallState, string])[] = [
  ['accepted', 'sent'],
  ['pending', 'waiting'],
  ['sending', 'being sent'],
  ['unknown', 'not known to have been sent'],
  ['silenced', 'after STOP'],
  ['unreachable', 'unreachable'],
  ['window_closed', 'outside the 24 hours of WhatsApp'],
  ['voted', 'not needed, she had voted'],
  ['expired', 'too late'],
  ['failed', 'failed'],
]

/** "calls: 9 sent, 2 unreachable"; nothing where none was begun. */
function calledLine(called: Called): string | undefined {
  const said = callStates.flatMap(([state, words]) => (called[state] ? [`${called[state]} ${words}`] : []))
  return said.length > 0 ? `calls: ${said.join(', ')}` : undefined
}

const cameOf = {
  passed: 'Passed.',
  failed: 'Not passed.',
  tied: 'A tie.',
  no_quorum: 'No result: too few voted.',
}

/** One line a vote. Titles may be alike: the slug and the times tell votes apart. */
async function list(db: Place['db'], { coop }: Options): Promise<void> {
  const known = coop === undefined ? await loadCharters(db) : [await coopOf(db, coop)]
  const charters = new Map(known.map((charter) => [charter.id, charter]))
  for (const vote of await listVotes(db, coop)) {
    const { timezone = 'UTC', languages = [] } = charters.get(vote.coop) ?? {}
    const [from, till] = [vote.opensAt, vote.closesAt].map((instant) => localClock(instant, timezone))
    const span = vote.outcome?.result === 'withdrawn' ? `was to open ${from}` : `${from} till ${till}`
    const state = vote.outcome?.result ?? vote.status
    console.log([vote.coop, vote.slug, vote.kind, state, span, inLanguage(vote.title, languages[0])].join('\t'))
  }
}

const whoActs = (): string => accountName() ?? `uid ${process.getuid?.()}`
