// coopline member: invites members from a list, shows them, merges two numbers of one person, erases one who asked.
// Phone numbers are shown only where they were asked for, and never in an error.
import { Command, InvalidArgumentError } from 'commander'
import { localDay } from '../coop/calendar.ts'
import type { Applied } from '../coop/charter/charter.ts'
import { eraseMember } from '../coop/members/erase_queries.ts'
import { type Holding, type Holdings, holdingsOf } from '../coop/members/holdings_queries.ts'
import { type BadLine, MemberListError, readMemberList } from '../coop/members/list_file.ts'
import { erasureDueAt } from '../coop/members/member.ts'
import { mergeMembers } from '../coop/members/merge_queries.ts'
import { importMembers, type Listed, listMembers } from '../coop/members/queries.ts'
import type { Db } from '../store/database.ts'
import { counted } from './counted.ts'
import { textOf } from './file.ts'
import { atPlace, CommandError, coopOf, type Place } from './place.ts'

interface Options {
  readonly coop?: string
  readonly skipBad?: true
  readonly addresses?: true
  readonly yes?: true
}

export function memberCommand(): Command {
  const command = new Command('member').description('the members of a co-op')
  const coop = ['--coop <id>', 'the co-op, where there are several'] as const
  command
    .command('import')
    .description('invite members from a CSV file with the columns phone,language')
    .argument('<file>')
    .option(...coop)
    .option('--skip-bad', 'import the good lines of a file that has bad ones')
    .action((file: string, options: Options) => atPlace((place) => importFile(place, file, options)))
  command
    .command('list')
    .description('the members by number')
    .option(...coop)
    .option('--addresses', 'show their phone numbers too')
    .action((options: Options) => atPlace((place) => list(place, options)))
  command
    .command('merge')
    .description('make one member of two numbers; of two ballots in one vote the later counts')
    .argument('<keep>', 'the number that stays', memberNumber)
    .argument('<gone>', 'the number that goes', memberNumber)
    .option(...coop)
    .option('--yes', 'do it')
    .action((keep: number, gone: number, options: Options) => atPlace((place) => merge(place, keep, gone, options)))
  command
    .command('erase')
    .description("erase a member's data; there is no way back")
    .argument('<number>', 'her number', memberNumber)
    .option(...coop)
    .option('--yes', 'do it')
    .action((number: number, options: Options) => atPlace((place) => erase(place, number, options)))
  return command
}

function memberNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Write the number of a member, as "member list" shows it.')
}

async function importFile({ db, keys }: Place, file: string, { coop, skipBad }: Options): Promise<void> {
  const charter = await coopOf(db, coop)
  const { invited, bad } = listIn(file, charter)
  if (bad.length > 0) console.error(badLines(file, bad))
  if (bad.length > 0 && !skipBad) {
    throw new CommandError('Nothing was imported. Put these lines right, or import the others with --skip-bad.')
  }
  const done = await importMembers(db, await keys(), charter, invited)
  const left = counted(bad.length, 'line', 'lines')
  console.log(`${done.invited} invited, ${done.known} known already, ${left} left out.`)
}

function listIn(file: string, charter: Applied): ReturnType<typeof readMemberList> {
  const source = textOf(file)
  try {
    return readMemberList(source, charter)
  } catch (error) {
    if (error instanceof MemberListError)
      throw new CommandError(badLines(file, [{ line: error.line, why: error.message }]))
    throw error
  }
}

const badLines = (file: string, bad: readonly BadLine[]) =>
  bad.map(({ line, why }) => `${file}:${line}: ${why}`).join('\n')

async function list({ db, keys }: Place, { coop, addresses }: Options): Promise<void> {
  const charter = await coopOf(db, coop)
  const members = await listMembers(db, charter.id, addresses ? { addressesWith: await keys() } : {})
  console.log(['number', 'state', 'language', 'joined', 'channels', ...(addresses ? ['addresses'] : [])].join('\t'))
  for (const member of members) console.log(rowOf(member, charter.timezone))
  const asked = members.filter(({ erasureAsked }) => erasureAsked !== null)
  if (asked.length > 0) {
    const due = asked.map((member) => `${member.number} by ${erasureDue(member, charter)}`)
    console.log(`Asked to be erased: ${due.join(', ')}. To do it: member erase NUMBER --yes`)
  }
}

/** The day that she was told, by the co-op's calendar. */
const erasureDue = ({ erasureAsked }: Listed, charter: Applied): string =>
  localDay(erasureDueAt({ charter, now: erasureAsked?.getTime() ?? 0 }), charter.timezone)

function rowOf(member: Listed, timezone: string): string {
  const { number, state, language, joined, suppressed, channels, stopped, addresses } = member
  const day = joined ? localDay(joined.getTime(), timezone) : '-'
  const all = [...channels, ...stopped.map((channel) => `${channel} (STOP)`)]
  const reached = suppressed ? 'none (STOP)' : all.join(' ') || '-'
  return [number, state, language, day, reached, ...(addresses ? [addresses.join(' ')] : [])].join('\t')
}

async function merge({ db }: Place, keep: number, gone: number, { coop, yes }: Options): Promise<void> {
  const charter = await coopOfMember(db, keep, coop)
  await coopOfMember(db, gone, charter.id)
  const holdings = await holdingsOf(db, keep, gone)
  if (!yes && keep !== gone) throw new CommandError(await beforeMerge(db, charter, [keep, gone], holdings))
  const { addresses, ended } = await mergeMembers(db, charter.id, keep, gone)
  console.log(`Member ${gone} is member ${keep} now: ${counted(addresses, 'address', 'addresses')} moved.`)
  for (const line of superseded(holdings)) console.log(line)
  if (ended === 0) return
  const uses = counted(ended, 'use of her data is', 'uses of her data are')
  console.log(
    `${uses} off now: on under ${gone}, not under ${keep}. Ask her to text DATA and switch on what she likes.`,
  )
}

/** Both people beside each other, as "member list" shows them, with what they hold. */
async function beforeMerge(
  db: Db,
  { id, timezone }: Applied,
  [keep, gone]: readonly [number, number],
  holdings: Holdings,
): Promise<string> {
  const members = await listMembers(db, id, { only: [keep, gone] })
  const row = (number: number, holding: Holding) => {
    const member = members.find((each) => each.number === number)
    return `  ${member ? rowOf(member, timezone) : number}\t${holdingLine(holding)}`
  }
  return [
    row(keep, holdings.kept),
    row(gone, holdings.gone),
    ...superseded(holdings),
    `This makes them one member for good: ${keep} stays, ${gone} goes. To do it, add --yes.`,
  ].join('\n')
}

const superseded = ({ both }: Holdings): string[] =>
  both.reports + both.ballots === 0 ? [] : [`Held under both: ${holdingLine(both)}. Of each the later counts.`]

const holdingLine = ({ reports, ballots }: Holding): string =>
  `${counted(reports, 'report', 'reports')}, ${counted(ballots, 'ballot', 'ballots')}`

async function erase(
  { db, keysHere, forgetSessions }: Place,
  number: number,
  { coop, yes }: Options,
): Promise<void> {
  const charter = await coopOfMember(db, number, coop)
  if (!yes) {
    throw new CommandError(
      `This erases the addresses, reports and messages of member ${number} of ${charter.id} for good. Her ledger of ` +
        'consent stays, under a number that leads nowhere. To do it, add --yes.',
    )
  }
  const { addresses, reports, unopened } = await eraseMember(db, keysHere(), charter.id, number)
  const gone = `${counted(addresses.length, 'address', 'addresses')}, ${counted(reports, 'report', 'reports')}`
  console.log(`Member ${number} is erased: ${gone}.`)
  if (unopened > 0) {
    const boxes = counted(unopened, 'box of replies', 'boxes of replies')
    console.error(`The keys here did not open ${boxes}: what others were answered there went with hers.`)
  }
  try {
    await forgetSessions(charter.id, addresses)
  } catch {
    console.error('Redis does not answer: where her last talk stood stays there, sealed, for seven days at most.')
  }
}

/** The co-op of a member who is there and not erased yet; it must be the one that is named, where one is. */
async function coopOfMember(db: Db, number: number, named: string | undefined): Promise<Applied> {
  const charter = named === undefined ? undefined : await coopOf(db, named)
  const query = db.selectFrom('members').select(['coop_id', 'state']).where('id', '=', number)
  const member = await query.executeTakeFirst()
  if (!member || (charter && member.coop_id !== charter.id)) {
    throw new CommandError(
      `${charter ? `${charter.id} has` : 'There is'} no member ${number}. See "npm run coopline -- member list".`,
    )
  }
  if (member.state === 'erased')
    throw new CommandError(`Member ${number} is erased: nothing of her is left to change.`)
  return charter ?? coopOf(db, member.coop_id)
}
