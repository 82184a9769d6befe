// Reads a signed status callback as a report on a message of ours, and folds many reports into the one that counts.
// Callbacks come at any time, in any order and repeated; folding gives the same whatever their order.

import { accountKey, type Form, type Rejection, type Required, rejected } from './form.ts'
import { messageSid } from './names.ts'

export interface StatusReport {
  /** The carrier's id of our message. */
  readonly providerId: string
  readonly status: string
  readonly rank: number
  readonly errorCode?: number
}

// What is final outranks what is on the way; a delivery outranks a failure, since only a handset can confirm one.
const ranks: ReadonlyMap<string, number> = new Map([
  ['accepted', 0],
  ['queued', 1],
  ['sending', 2],
  ['sent', 3],
  ['failed', 4],
  ['undelivered', 4],
  ['delivered', 5],
  ['read', 6],
])

const UNKNOWN_STATUS = -1

/** How far a message has come by this status; below all others for a status nobody has told us of. */
export function rankOf(status: string): number {
  return ranks.get(status) ?? UNKNOWN_STATUS
}

/** Reads a status callback, or says which key makes it none. */
export function readStatus(form: Form, accountSid: string): StatusReport | Rejection {
  const lack = rejected(form, required, accountSid)
  if (lack) return lack
  const status = String(form.MessageStatus)
  const errorCode = readErrorCode(form)
  return {
    providerId: String(form.MessageSid),
    status,
    rank: rankOf(status),
    ...(errorCode !== undefined && { errorCode }),
  }
}

const required: Required = [['MessageSid', messageSid], accountKey, ['MessageStatus', /^[a-z_-]{1,40}$/]]

// Twilio sends 0, an empty text or nothing at all where there is no error.
function readErrorCode(form: Form): number | undefined {
  const code = form.ErrorCode
  return typeof code === 'string' && /^[1-9]\d{3,5}$/.test(code) ? Number(code) : undefined
}

/** The report that counts of two on the same message; the order in which they came makes no difference. */
export function foldStatus(one: StatusReport, other: StatusReport): StatusReport {
  if (one.providerId !== other.providerId) {
    throw new Error(`Reports on two messages, ${one.providerId} and ${other.providerId}, cannot be folded into one`)
  }
  return precedence(one, other) >= 0 ? one : other
}

// Reports of one rank are told apart by name and code, only so that every order of arrival ends alike.
function precedence(one: StatusReport, other: StatusReport): number {
  if (one.rank !== other.rank) return one.rank - other.rank
  if (one.status !== other.status) return one.status > other.status ? 1 : -1
  return (one.errorCode ?? 0) - (other.errorCode ?? 0)
}
