// Who may start which flow. Whoever may not is shown the way in.
import { type Event, started } from '../event.ts'
import type { Standing } from '../heard.ts'
import type { Question } from '../session.ts'

// Whoever is not in may stop, ask and choose a language; whoever has left still decides what becomes of her data.
const openToAll: ReadonlySet<string> = new Set(['stop', 'start', 'help', 'language', 'join'])
const openToFormer: ReadonlySet<string> = new Set(['my', 'erase', 'undo'])
// Of whom a list was imported we hold a number, which is hers.
const openToInvited: ReadonlySet<string> = new Set(['erase'])

/** Whether somebody of this standing may start what the event starts. */
export function mayStart(member: Standing['member'], event: Event): boolean {
  if (member === 'active' || event.event !== 'started' || openToAll.has(event.flow)) return true
  if (member === 'invited') return openToInvited.has(event.flow)
  return member === 'left' && (openToFormer.has(event.flow) || event.answers.action === 'off')
}

/** The event, or the way in. */
export const admitted = (member: Standing['member'], event: Event, more: Question['answers'] = {}): Event =>
  mayStart(member, event) ? event : started('join', more)
