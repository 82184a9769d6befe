// The core stage: a dialogue in memory, by the machine and the co-op's pure rules alone. No server, no wire, no worker; its
// clock stands until it is moved.
import { carrierWord } from '../../src/conversation/hear/carrier_word.ts'
import type { Heard } from '../../src/conversation/heard.ts'
import { wakeAt } from '../../src/conversation/step/late.ts'
import { machine } from '../../src/messaging/machine.ts'
import {
  closeVoteIn,
  eraseIn,
  mergeIn,
  openVoteIn,
  publishIn,
  runVotesIn,
  withdrawVoteIn,
} from './core_organiser.ts'
import { type ContactRow, contactAt, emptyRows, memberOf, pictureOf, type Rows, sessionIn } from './core_rows.ts'
import { callAgain, fanOut, missedCalls, sendDue } from './core_sending.ts'
import { charterIn, stepIn } from './core_world.ts'
import { coops, charterIn as readCharterIn, sourceOf } from './scenery.ts'
import type { Handle, Person, Sent, Stage, Told, Trouble } from './stage.ts'

const minuteMs = 60_000
const dayMs = 1440 * minuteMs

/** A stage in memory at an instant. */
export function coreStage(at: number): Stage {
  const rows = emptyRows(at)
  const world: Core = { rows, refusals: [], stopped: new Set(), lost: new Set(), lastCalls: new Map() }
  for (const coop of coops) applyIn(rows, sourceOf(coop))
  return {
    now: () => rows.now,
    charterOf: (coop) => charterIn(rows, coop),
    meet: async (person) => invite(rows, person),
    say: async (from, sent) => say(world, from, sent),
    repeat: async () => {},
    pass: async (ms) => pass(world, rows.now + ms),
    openVote: async (charter, motion) => openVoteIn(rows, charter, motion),
    closeVote: async (coop, slug) => {
      for (const row of votesCalled(rows, coop, slug)) closeVoteIn(rows, row)
    },
    withdrawVote: async (coop, slug) => {
      for (const row of votesCalled(rows, coop, slug)) withdrawVoteIn(rows, row)
    },
    publishMedians: async () => {
      for (const charter of rows.charters.values()) publishIn(rows, charter)
    },
    merge: async (_coop, keep, gone) => mergeIn(rows, keep, gone),
    erase: async (_coop, member) => eraseIn(rows, member),
    applyCharter: async (source) => applyIn(rows, source),
    befall: async (trouble) => befall(world, trouble),
    records: async () => pictureOf(rows),
    end: async () => {},
  }
}

const votesCalled = ({ votes }: Rows, coop: string, slug: string) =>
  votes.filter(({ vote }) => vote.slug === slug && vote.coop === coop)

interface Core {
  readonly rows: Rows
  /** Contacts whose next message the carrier refuses. */
  readonly refusals: ContactRow[]
  /** Contacts whose next answer does not arrive. */
  readonly lost: Set<ContactRow>
  /** Pairs that the carrier has blocked by its own words, whatever the co-op knows of it. */
  readonly stopped: Set<ContactRow>
  /** The proposal of the last call to each contact. */
  readonly lastCalls: Map<ContactRow, string>
}

function applyIn(rows: Rows, source: string): void {
  const charter = readCharterIn(source)
  rows.charters.set(charter.id, { ...charter, version: (rows.charters.get(charter.id)?.version ?? 0) + 1 })
}

function invite(rows: Rows, person: Person): void {
  if (person.kind !== 'invited member') return
  const number = 101 + rows.members.length
  const { coop, language } = person
  rows.members.push({ number, coop, state: 'invited', language, suppressed: false })
  contactAt(rows, { person, channel: 'sms' }).member = number
}

function say({ rows, lastCalls, stopped, lost }: Core, from: Handle, sent: Sent): Told[] {
  const contact = contactAt(rows, from)
  const repliedTo = sent.replies ? lastCalls.get(contact) : undefined
  const heard: Heard = {
    text: sent.text,
    attached: sent.attachment !== undefined,
    ...(sent.button !== undefined && { choice: sent.button }),
    ...(repliedTo !== undefined && { repliedTo }),
  }
  if (from.channel === 'sms') blockByWord(stopped, contact, sent.text)
  const answer = stepIn(rows, contact, heard)
  if (answer.text === '') return []
  const isLost = lost.delete(contact)
  if (isLost && answer.statesFact) sendAgain(rows, contact, answer.text)
  return [{ to: from, text: answer.text, how: 'answer', delivered: !isLost && !stopped.has(contact) }]
}

// Nobody said within five minutes that it arrived, and the carrier does not have it.
function sendAgain(rows: Rows, contact: ContactRow, text: string): void {
  const nextAt = rows.now + 5 * minuteMs
  const expiresAt = nextAt + dayMs / 2
  rows.outbox.push({ member: contact.member, contact, text, nextAt, expiresAt, state: 'pending', isAnswer: true })
}

function blockByWord(stopped: Set<ContactRow>, contact: ContactRow, text: string): void {
  const word = carrierWord(text)
  if (word === 'stop') stopped.add(contact)
  if (word === 'start') stopped.delete(contact)
}

// From one instant at which something is due to the next, as workers would see to it.
function pass(core: Core, until: number): Told[] {
  const { rows } = core
  const told: Told[] = []
  for (;;) {
    const due = nextDue(rows)
    if (due === undefined || due > until) break
    rows.now = Math.max(rows.now, due)
    told.push(...seeTo(core))
  }
  rows.now = until
  return told
}

function nextDue(rows: Rows): number | undefined {
  const instants = [
    ...rows.contacts.flatMap((contact) => wakeOf(contact) ?? []),
    ...rows.votes.flatMap(({ vote: { status, opensAt, closesAt } }) =>
      status === 'closed' ? [] : status === 'notice' ? opensAt : closesAt,
    ),
    ...rows.broadcasts.filter(({ state }) => state === 'waiting').map(({ beginsAt }) => beginsAt),
    ...rows.outbox.filter(({ state }) => state === 'pending').map(({ nextAt }) => nextAt),
    ...missedCalls(rows).map(() => rows.now),
  ]
  return instants.length === 0 ? undefined : Math.min(...instants)
}

function wakeOf(contact: ContactRow): number | undefined {
  const session = sessionIn(contact)
  return session && wakeAt(machine, session)
}

function seeTo(core: Core): Told[] {
  const { rows } = core
  runVotesIn(rows)
  for (const contact of rows.contacts)
    if ((wakeOf(contact) ?? Number.POSITIVE_INFINITY) <= rows.now) wake(rows, contact)
  const due = rows.broadcasts.filter(({ state, beginsAt }) => state === 'waiting' && beginsAt <= rows.now)
  for (const broadcast of due) fanOut(rows, broadcast)
  callAgain(rows)
  const sent = rows.outbox.filter(({ state }) => state === 'pending')
  const told = sendDue(rows, (contact) => takeRefusal(core, contact))
  for (const { state, contact, broadcast } of sent)
    if (state === 'sent' && broadcast && broadcast.kind !== 'outcome') core.lastCalls.set(contact, broadcast.slug)
  return told
}

function wake(rows: Rows, contact: ContactRow): void {
  const { text, statesFact } = stepIn(rows, contact)
  if (text === '') return
  const member = memberOf(rows, contact.member)?.number
  const { session } = contact
  rows.outbox.push({
    member,
    contact,
    text,
    ...(!statesFact && { session }),
    nextAt: rows.now,
    expiresAt: rows.now + dayMs,
    state: 'pending',
  })
}

function takeRefusal({ refusals }: Core, contact: ContactRow): boolean {
  const at = refusals.indexOf(contact)
  if (at >= 0) refusals.splice(at, 1)
  return at >= 0
}

// Servers that fail change nothing here: that is what the wire stage is held to.
function befall({ rows, refusals, lost }: Core, trouble: Trouble): void {
  if (trouble.trouble === 'answer_lost') lost.add(contactAt(rows, trouble.to))
  if (trouble.trouble === 'refused') refusals.push(contactAt(rows, trouble.to))
}
