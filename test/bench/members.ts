// Makes the database that every run of ours begins with: the co-op, thousands of members who joined by the dialogue
// itself, a vote that all of them are called to, and calls that wait. On the way it learns the texts.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { applyCharter, loadCharters } from '../../src/coop/charter/queries.ts'
import { rereadCharter } from '../../src/coop/charter/read.ts'
import { readProposal } from '../../src/coop/votes/proposal_file.ts'
import { openVote } from '../../src/coop/votes/queries.ts'
import { openLog } from '../../src/log.ts'
import { type Db, openDatabase, openPool } from '../../src/store/database.ts'
import { makeKeys } from '../../src/store/keys.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openConnection, saidIn } from './client.ts'
import { firstHalf, joining, type Person, peopleFrom, type StepName, secondHalfOf } from './dialogue.ts'
import { closedLoop, type Outcome, readyOf, walkOf } from './load.ts'
import { ask, keysOf, type Place, startOurs } from './place.ts'
import { learn, refuseAlike, type Template, type Texts } from './texts.ts'

/** The numbers of those who rehearse: an SMS and a WhatsApp sender for each half, and each way to report. */
const firstRehearsers = 90_000

export interface Members {
  /** The database that runs are made from. */
  readonly template: string
  readonly texts: Texts
  /** The joining of all members, on tables that were empty. */
  readonly joined: Outcome
}

/** Members 0 up to `count`, the last four of whom have voted and reported in the rehearsal. */
export async function makeMembers(place: Place, count: number, waiting: number): Promise<Members> {
  const template = 'bench_members'
  const url = await place.database(template)
  makeKeys(keysOf(place))
  await migrate(url)
  await withDatabase(url, applyDrivers)
  const web = await startOurs(place, 'web', url)
  const first = await rehearse(web.port, peopleFrom(firstRehearsers, 2), () => firstHalf)
  const walks = peopleFrom(0, count).map((person) => walkOf(person, joining))
  const joined = await closedLoop(web.port, merge(first), readyOf(walks), 64)
  if (joined.wrong > 0) throw new Error(`members could not join: ${joined.samples.join('\n')}`)
  await withDatabase(url, openSundayVote)
  const second = await rehearse(web.port, peopleFrom(count - 4, 4), secondHalfOf, joining.length)
  await web.stop()
  await ask(url, callsThatWait, [waiting])
  await ask(url, 'vacuum analyze')
  const texts = merge([...first, ...second])
  refuseAlike(texts)
  return { template, texts, joined }
}

async function withDatabase(url: string, use: (db: Db) => Promise<void>): Promise<void> {
  const db = openDatabase(openPool(url, 2, openLog('silent')))
  try {
    await use(db)
  } finally {
    await db.destroy()
  }
}

const charters = join(import.meta.dirname, '../../flows/charters')

/** The example co-op of drivers, whose quick votes stay open for as long as a bench may take. Its senders get no rate. */
async function applyDrivers(db: Db): Promise<void> {
  const source = readFileSync(join(charters, 'drivers.yaml'), 'utf8').replace('open: 10 minutes', 'open: 7 days')
  await applyCharter(db, source, rereadCharter(source, 1))
}

async function openSundayVote(db: Db): Promise<void> {
  const [charter] = await loadCharters(db)
  if (!charter) throw new Error('the charter of the drivers is not in force')
  const read = readProposal(readFileSync(join(charters, 'proposals/drivers-quick.yaml'), 'utf8'), charter)
  if ('mistakes' in read) throw new Error('the proposal of the drivers does not fit their charter')
  const motion = { ...read.proposal, slug: 'sunday-text' }
  await openVote(db, { charter, motion, measure: () => 1 })
}

/** Calls to members, due now, for a sender without a rate: they stay where they are. */
const callsThatWait = `
  insert into outbox (coop_id, contact_id, member_id, class, broadcast_id, sender, priority, state, next_attempt_at,
    expires_at, created_at)
  select c.coop_id, c.id, c.member_id, 'call', 1000 + nth, 'sms:+447700900100', 2, 'pending', coopline_now(),
    coopline_now() + interval '7 days', coopline_now()
  from contacts c, generate_series(1, 100) as nth where c.member_id is not null
  order by nth, c.id limit $1`

interface Learned {
  readonly person: Person
  readonly step: StepName
  readonly template: Template
}

/** Walks each person through her steps, one after the other, and learns what she hears. */
async function rehearse(
  port: number,
  people: readonly Person[],
  stepsOf: (person: Person) => readonly StepName[],
  from = 0,
): Promise<Learned[]> {
  const connection = openConnection(port)
  const learned: Learned[] = []
  for (const person of people) {
    for (const { step, request } of walkOf(person, stepsOf(person), from).messages) {
      const { status, body } = await connection.send(request)
      if (status !== 200) throw new Error(`the rehearsal of "${step}" was answered ${status}: ${body}`)
      learned.push({ person, step, template: learn(step, person, saidIn(body)) })
    }
  }
  connection.close()
  return learned
}

function merge(learned: readonly Learned[]): Texts {
  const on = (channel: Person['channel']) =>
    Object.fromEntries(
      learned.flatMap(({ person, step, template }) =>
        person.channel === channel ? [[step, template] as const] : [],
      ),
    ) as Record<StepName, Template>
  return { sms: on('sms'), whatsapp: on('whatsapp') }
}
