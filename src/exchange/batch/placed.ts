// A message with everyone behind it: her contact, the member, and the session that she is in. Made under her lock,
// from the rows that were read after it.
import { newSession, type Session } from '../../conversation/session.ts'
import type { Member } from '../../coop/members/member.ts'
import type { Keys } from '../../store/keys.ts'
import { type LockKey, memberKey } from '../../store/locks.ts'
import { type Found, identityOf, type Message, type Sender } from '../message.ts'
import { unsealSession } from '../sessions.ts'
import type { ContactRow } from './statements.ts'

export interface Placed<M extends Message = Message> {
  readonly message: M
  /** Her row; none while nothing has been kept of her. */
  readonly contact?: ContactRow
  readonly memberId?: number
  readonly member?: Member
  /** Other addresses of the same person. */
  readonly siblings: number
  readonly blocked: boolean
  readonly session: Session
  /** Her session was there and could not be read: this one is new. */
  readonly lost: boolean
}

/**
 * The message cannot be handled now: its lock is elsewhere, it belongs under the lock of another, or what Redis had is
 * damaged and the snapshot is needed.
 */
export type Unplaced =
  | { readonly again: 'busy' }
  | { readonly again: 'moved'; readonly sender: Sender }
  | { readonly again: 'snapshot' }

/** Finds who is behind a message among the rows of its people, if all of her locks were obtained. */
export function placeMessage<M extends Message>(
  message: M,
  rows: readonly ContactRow[],
  locks: ReadonlySet<LockKey>,
  found: Found | undefined,
  keys: Keys,
): Placed<M> | Unplaced {
  const { sender } = message
  if (!locks.has(sender.line)) return { again: 'busy' }
  const contact = rows.find((row) => row.address === sender.addressIndex)
  if (contact?.same_as_index && contact.same_as_person) return { again: 'moved', sender: movedTo(sender, contact) }
  const owner = contact?.member_id ? contact : rows.find((row) => row.member_id !== null)
  // She has become a member, or another, since her locks were chosen.
  if (owner?.member_id && !locks.has(memberKey(owner.member_id))) return { again: 'busy' }
  const session = sessionOf(contact, found, keys)
  if (!session) return { again: 'snapshot' }
  return {
    message,
    ...(contact && { contact }),
    ...(owner?.member_id && { memberId: owner.member_id }),
    ...memberOf(owner),
    siblings: rows.length - (contact ? 1 : 0),
    blocked: rows.some((row) => row.blocked),
    ...session,
  }
}

export const isPlaced = <M extends Message>(placed: Placed<M> | Unplaced): placed is Placed<M> =>
  !('again' in placed)

type Read = Pick<Placed, 'session' | 'lost'>

// A session that is damaged must not lock her out: she starts anew. Buttons of the old one stay old, since no serial
// comes twice: a version counts more messages than there were questions.
function sessionOf(contact: ContactRow | undefined, found: Found | undefined, keys: Keys): Read | undefined {
  const kept = contact?.version ? (contact.snapshot ?? found?.session) : undefined
  if (!contact || !kept) return { session: newSession, lost: false }
  const session = Buffer.isBuffer(kept) ? unsealSession(keys, kept) : kept
  if (session) return { session, lost: false }
  return contact.snapshot ? { session: { ...newSession, serial: contact.version }, lost: true } : undefined
}

const movedTo = (sender: Sender, { same_as_index, same_as_person }: ContactRow): Sender => ({
  ...sender,
  ...identityOf(same_as_index as Buffer, same_as_person as Buffer),
})

function memberOf(owner: ContactRow | undefined): { member?: Member } {
  if (!owner?.member_id || !owner.state || !owner.language) return {}
  return {
    member: {
      number: owner.member_id,
      state: owner.state,
      language: owner.language,
      suppressed: owner.silenced ?? false,
      ...(owner.joined_at !== null && { joinedAt: owner.joined_at }),
      ...(owner.erasure_asked_at !== null && { erasureAskedAt: owner.erasure_asked_at }),
    },
  }
}
