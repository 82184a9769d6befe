// Writes the contacts of a batch: new ones whole, known ones by their session, and the rest only where it changed.
import { keepsCallsAwayMs, wakeAt } from '../../../conversation/step/late.ts'
import { sealAddress } from '../../../coop/members/contact_keys.ts'
import { type Kept as KeptSession, sealSession } from '../../sessions.ts'
import { insertContacts, updateByClock, updateContacts } from '../statements.ts'
import type { Stepped } from '../stepped.ts'
import { memberAfter, type Recording, versionAfter } from './entry.ts'

/** A contact after its message. */
interface Kept {
  readonly stepped: Stepped
  readonly snapshot: Buffer
  /** Seconds since 1970, as the statements take them. */
  readonly askingUntil: number | null
  readonly wake: number | null
}

/** Sends the writes of the contacts; returns their sessions for Redis. */
export function recordContacts(recording: Recording): KeptSession[] {
  const kept = recording.steps.stepped.map((stepped) => keep(recording, stepped))
  insertNew(
    recording,
    kept.filter((each) => !hasRow(each)),
  )
  updateKnown(recording, kept.filter(hasRow))
  return kept.map(({ stepped, snapshot }) => ({
    sender: stepped.placed.message.sender,
    version: versionAfter(stepped.placed),
    sealed: snapshot,
    session: stepped.step.session,
    owner: memberAfter(stepped) ?? 'none',
  }))
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

function insertNew({ send, steps, exchange }: Recording, fresh: readonly Kept[]): void {
  if (fresh.length === 0) return
  const rows = fresh
    .map((each) => ({
      ...each,
      id: steps.worlds.contactOf(each.stepped.placed),
      sender: each.stepped.placed.message.sender,
    }))
    .toSorted((one, other) => (one.sender.addressIndex < other.sender.addressIndex ? -1 : 1))
  send(insertContacts, [
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

function updateKnown({ send }: Recording, known: readonly Kept[]): void {
  const spoke = known.filter(({ stepped }) => stepped.placed.message.kind === 'text')
  const woken = known.filter(({ stepped }) => stepped.placed.message.kind === 'clock')
  if (woken.length > 0) send(updateByClock, sessions(woken))
  if (!spoke[0]) return
  send(updateContacts, [
    ...sessions(spoke),
    spoke.map(({ stepped }) => memberAfter(stepped)),
    spoke.map(({ stepped }) => stepped.placed.message.sender.to),
    spoke[0].stepped.now / 1000,
  ])
}

const sessions = (rows: readonly Kept[]): unknown[] => [
  rows.map(({ stepped }) => stepped.placed.contact?.id),
  rows.map(({ snapshot }) => snapshot),
  rows.map(({ askingUntil }) => askingUntil),
  rows.map(nextWake),
]

// The column is indexed, so it changes only where the clock would come too late, or has just come: a look that is too
// early finds nothing to do and sets the next.
function nextWake({ stepped, wake }: Kept): number | null {
  const before = stepped.placed.contact?.wake_at
  const isTooLate = wake !== null && (!before || before > wake * 1000)
  return stepped.placed.message.kind === 'clock' || isTooLate || !before ? wake : before / 1000
}
