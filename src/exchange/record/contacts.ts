// Writes the contacts of a batch: new ones whole, known ones by their session, and the rest only where it changed.
import { keepsCallsAwayMs, wakeAt } from '../../conversation/late.ts'
import { sealAddress } from '../../coop/members/contact_keys.ts'
import type { Found, Sender } from '../message.ts'
import { sealSession } from '../sessions.ts'
import { settled } from '../settled.ts'
import {
  drawContactIds,
  insertContacts,
  updateBelongings,
  updateSessions,
  updateSessionsByClock,
  updateWakes,
} from '../statements.ts'
import type { Stepped } from '../stepped.ts'
import { memberAfter, type Recording } from './entry.ts'

/** A contact after its message. */
interface Kept {
  readonly stepped: Stepped
  readonly snapshot: Buffer
  /** Seconds since 1970, as the statements take them. */
  readonly askingUntil: number | null
  readonly wake: number | null
}

export interface Contacts {
  readonly ids: ReadonlyMap<Stepped, number>
  readonly sessions: (Found & { sender: Sender })[]
}

/** Writes them; returns each one's id, and its session for Redis. */
export async function recordContacts(recording: Recording): Promise<Contacts> {
  const kept = recording.steps.stepped.map((stepped) => keep(recording, stepped))
  const [known, fresh] = [kept.filter(hasRow), kept.filter((each) => !hasRow(each))]
  const ids = new Map(known.map(({ stepped }) => [stepped, stepped.placed.contact?.id ?? 0]))
  await settled([insertNew(recording, fresh, ids), updateKnown(recording, known)])
  const sessions = kept.map(({ stepped, snapshot }) => ({
    sender: stepped.placed.message.sender,
    version: (stepped.placed.contact?.version ?? 0) + 1,
    sealed: snapshot,
  }))
  return { ids, sessions }
}

const hasRow = ({ stepped }: Kept): boolean => stepped.placed.contact !== undefined

function keep({ exchange }: Recording, stepped: Stepped): Kept {
  const { session } = stepped.step
  const wake = wakeAt(exchange.machine, session)
  return {
    stepped,
    snapshot: sealSession(exchange.keys, session),
    askingUntil: session.open ? (session.open.askedAt + keepsCallsAwayMs) / 1000 : null,
    wake: wake === undefined ? null : wake / 1000,
  }
}

async function insertNew(
  { lane, exchange }: Recording,
  fresh: readonly Kept[],
  ids: Map<Stepped, number>,
): Promise<void> {
  if (fresh.length === 0) return
  const drawn = await lane.ask(drawContactIds, [fresh.length])
  const rows = fresh
    .map((each, at) => ({ ...each, id: drawn[at]?.number ?? 0, sender: each.stepped.placed.message.sender }))
    .toSorted((one, other) => Buffer.compare(one.sender.addressIndex, other.sender.addressIndex))
  for (const { stepped, id } of rows) ids.set(stepped, id)
  await lane.ask(insertContacts, [
    rows.map(({ id }) => id),
    rows.map(({ sender }) => sender.coop),
    rows.map(({ sender }) => sender.addressIndex),
    rows.map(({ sender }) => sender.personIndex),
    rows.map(({ sender }) => sealAddress(exchange.keys, sender.address)),
    rows.map(({ sender }) => sender.channel),
    rows.map(({ stepped }) => memberAfter(stepped) ?? null),
    rows.map(({ sender }) => sender.to),
    rows.map(({ snapshot }) => snapshot),
    rows.map(({ askingUntil }) => askingUntil),
    rows.map(({ wake }) => wake),
    (rows[0]?.stepped.now ?? 0) / 1000,
  ])
}

async function updateKnown({ lane }: Recording, known: readonly Kept[]): Promise<void> {
  const ids = (rows: readonly Kept[]) => rows.map(({ stepped }) => stepped.placed.contact?.id)
  const spoke = known.filter(({ stepped }) => stepped.placed.message.kind === 'text')
  const woken = known.filter(({ stepped }) => stepped.placed.message.kind === 'clock')
  const wakes = known.filter(wakesAnew)
  const moved = known.filter(belongsAnew)
  const sessions = (rows: readonly Kept[]) => [
    ids(rows),
    rows.map(({ snapshot }) => snapshot),
    rows.map(({ askingUntil }) => askingUntil),
  ]
  await Promise.all([
    spoke[0] && lane.ask(updateSessions, [...sessions(spoke), spoke[0].stepped.now / 1000]),
    woken[0] && lane.ask(updateSessionsByClock, sessions(woken)),
    wakes[0] && lane.ask(updateWakes, [ids(wakes), wakes.map(({ wake }) => wake)]),
    moved[0] &&
      lane.ask(updateBelongings, [
        ids(moved),
        moved.map(({ stepped }) => memberAfter(stepped) ?? null),
        moved.map(({ stepped }) => stepped.placed.message.sender.to),
      ]),
  ])
}

// The column is indexed, so it is touched only where the clock would come too late, or has just come: a look that is
// too early finds nothing to do and sets the next.
function wakesAnew({ stepped, wake }: Kept): boolean {
  const before = stepped.placed.contact?.wake_at
  if (stepped.placed.message.kind === 'clock') return true
  return wake !== null && (!before || before > wake * 1000)
}

function belongsAnew({ stepped }: Kept): boolean {
  const { contact, message } = stepped.placed
  return contact?.member_id !== (memberAfter(stepped) ?? null) || contact?.sender !== message.sender.to
}
