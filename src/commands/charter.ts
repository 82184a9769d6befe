// coopline charter: checks a charter's file, puts one in force, and says which are.
import { Command } from 'commander'
import { isSupportedCountry } from 'libphonenumber-js/min'
import { isReservedWord } from '../conversation/hear/carrier_word.ts'
import { foldWords } from '../conversation/hear/words.ts'
import { type Applied, type Charter, languages } from '../coop/charter/charter.ts'
import { applyCharter, charterSource, earlierCharters, loadCharters } from '../coop/charter/queries.ts'
import { type Reading, readCharter } from '../coop/charter/read.ts'
import { isAnother, reportsLeftBy } from '../coop/charter/succession.ts'
import { type LeftOut, leftOutBy } from '../coop/members/left_out_queries.ts'
import { enrolSenders } from '../messaging/outbox/senders.ts'
import { tooLongIn } from '../messaging/rehearse.ts'
import { foldForSms } from '../messaging/speak/fold.ts'
import { countSegments } from '../messaging/speak/segments.ts'
import { vocabulary } from '../messaging/speak/words.ts'
import type { Db } from '../store/database.ts'
import { counted } from './counted.ts'
import { saidOf, textOf } from './file.ts'
import { atPlace, CommandError, coopOf } from './place.ts'

interface Options {
  readonly replace?: true
}

export function charterCommand(): Command {
  const command = new Command('charter').description('what a co-op is: one YAML file')
  command
    .command('check')
    .description('say what is wrong in a charter, with its line; needs nothing running')
    .argument('<file>')
    .action((file: string) => {
      const charter = charterIn(file)
      console.log(`${file} is a whole charter of ${charter.id}, in ${charter.languages.join(', ')}.`)
      for (const line of longLines({ ...charter, version: 1 })) console.log(line)
    })
  command
    .command('apply')
    .description(
      'put a charter in force as a new version; running processes see it within seconds, and a question that ' +
        'waits is put again. Refused where it changes what members rely on',
    )
    .argument('<file>')
    .option('--replace', 'also where the word and every sender of the co-op change at once')
    .action((file: string, options: Options) => atPlace(({ db }) => apply(db, file, options)))
  command
    .command('list')
    .description('the charters in force')
    .action(() => atPlace(({ db }) => list(db)))
  command
    .command('show')
    .description('the file of the charter in force, as it was applied')
    .argument('<id>')
    .action((id: string) => atPlace(({ db }) => show(db, id)))
  return command
}

const reading: Reading = {
  hasPhones: isSupportedCountry,
  reserved: (word) =>
    isReservedWord(word) || languages.some((language) => vocabulary.commands(language).has(foldWords(word))),
  segments: (text) => countSegments(foldForSms(text)).segments,
}

/** Reads a charter from a file, against those before it if given; an error says what is wrong with its line. */
export function charterIn(file: string, before: readonly Charter[] = []): Charter {
  const earlier = (coop: string) => before.filter(({ id }) => id === coop)
  const read = readCharter(textOf(file), { ...reading, earlier })
  if ('mistakes' in read) throw new CommandError(saidOf(file, read))
  return read.charter
}

async function apply(db: Db, file: string, { replace }: Options): Promise<void> {
  const earlier = await earlierCharters(db)
  if (!replace) refuseTakeover(file, earlier)
  const charter = charterIn(file, earlier)
  const { version, isNew } = await putInForce(db, file, charter)
  console.log(isNew ? `${charter.id} version ${version} is in force.` : `${charter.id} has this version already.`)
  const now = { ...charter, version }
  const leftOut = leftOutLines(await leftOutBy(db, now), now)
  for (const line of [...longLines(now), ...leftOut, ...goneLines(earlier, now)]) console.log(line)
}

/** A copy of another co-op's file that kept its id would be its next version: its members would be this one's. */
function refuseTakeover(file: string, earlier: readonly Applied[]): void {
  const charter = charterIn(file)
  const before = earlier.findLast(({ id }) => id === charter.id)
  if (!before || !isAnother(before, charter)) return
  throw new CommandError(
    `${file} has the id "${charter.id}" of ${calledBy(before)}. It is ${calledBy(charter)}: another word, and other ` +
      'senders. If it is another co-op, give it an id of its own; if the same has changed both, add --replace.',
  )
}

const calledBy = ({ name, languages: [first = 'en'], word, senders }: Charter): string =>
  `"${name[first]}" (${[word, ...senders.map(({ address }) => address)].join(', ')})`

function goneLines(earlier: readonly Applied[], now: Applied): string[] {
  const before = earlier.find(({ id, version }) => id === now.id && version === now.version - 1)
  const gone = before ? reportsLeftBy(before, now) : []
  return gone.map(
    (what) => `Look: ${what} is gone; what was reported by it is kept as before and no longer exported.`,
  )
}

const longLines = (charter: Applied): string[] =>
  tooLongIn(charter).map(
    ({ what, language, segments, most }) =>
      `Look: ${what} takes ${segments} SMS segments in ${language}, not ${most}.`,
  )

const leftOutLines = ({ speakers, unreached }: LeftOut, { languages: [first] }: Charter): string[] => [
  ...speakers.map(({ language, count }) => {
    const members = counted(count, 'member speaks', 'members speak')
    return `Look: ${members} ${language}, in which it has no texts; what they are sent is in ${first}.`
  }),
  ...(unreached === 0
    ? []
    : [`Look: none of its senders leads to ${counted(unreached, 'member', 'members')}: calls do not reach them.`]),
]

/** Applies a charter and gives its senders their rates. */
export async function putInForce(db: Db, file: string, charter: Charter): ReturnType<typeof applyCharter> {
  const applied = await applyCharter(db, textOf(file), charter)
  await enrolSenders(db, charter)
  return applied
}

async function list(db: Db): Promise<void> {
  for (const { id, version, languages: spoken, senders } of await loadCharters(db)) {
    console.log(
      `${id}\tversion ${version}\t${spoken.join(' ')}\t${senders.map(({ address }) => address).join(' ')}`,
    )
  }
}

async function show(db: Db, named: string): Promise<void> {
  const { id } = await coopOf(db, named)
  process.stdout.write((await charterSource(db, id)) ?? '')
}
