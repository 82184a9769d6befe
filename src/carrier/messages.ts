// The carrier's log of messages in both directions, the newest 100,000, and how its REST API shows one.
// It is in memory and ends with the process.

import { randomBytes } from 'node:crypto'
import type { Address } from '../coop/members/address.ts'
import { nameAtCarrier } from '../twilio/names.ts'

export interface Message {
  readonly sid: string
  readonly direction: 'inbound' | 'outbound-api' | 'outbound-reply'
  readonly from: Address
  readonly to: Address
  readonly body: string
  readonly segments: number
  readonly media: number
  readonly created: Date
  updated: Date
  sent: Date | undefined
  status: string
  errorCode: number | undefined
}

type NewMessage = Pick<Message, 'direction' | 'from' | 'to' | 'body' | 'segments' | 'status'> & {
  readonly sid?: string
  readonly media?: number
}

interface Filter {
  readonly from?: string
  readonly to?: string
  readonly sentSince?: Date
  readonly sentBefore?: Date
}

export interface Messages {
  add(message: NewMessage): Message
  get(sid: string): Message | undefined
  /** The newest first. */
  list(filter: Filter): Message[]
  move(message: Message, status: string, errorCode?: number): void
}

const MOST_KEPT = 100_000

/** Characters of one message, whichever way it is handed in. */
export const LONGEST_BODY = 1600

/** A message id as Twilio makes them. */
export function newSid(kind: 'SM' | 'MM' = 'SM'): string {
  return kind + randomBytes(16).toString('hex')
}

/** An empty log, dated by this clock. */
export function createMessages(now: () => Date): Messages {
  const kept = new Map<string, Message>()
  return {
    add: ({ sid = newSid(), media = 0, ...rest }) => {
      const created = now()
      const message = { sid, media, ...rest, created, updated: created, sent: undefined, errorCode: undefined }
      kept.set(sid, message)
      const [oldest] = kept.size > MOST_KEPT ? kept.keys() : []
      if (oldest !== undefined) kept.delete(oldest)
      return message
    },
    get: (sid) => kept.get(sid),
    list: (filter) => [...kept.values()].filter((message) => matches(message, filter)).reverse(),
    move: (message, status, errorCode) => {
      message.status = status
      message.errorCode = errorCode
      message.updated = now()
      if (status === 'sent') message.sent = message.updated
    },
  }
}

function matches(message: Message, { from, to, sentSince, sentBefore }: Filter): boolean {
  if (from !== undefined && nameAtCarrier(message.from) !== from) return false
  if (to !== undefined && nameAtCarrier(message.to) !== to) return false
  if (sentSince !== undefined && (message.sent === undefined || message.sent < sentSince)) return false
  return sentBefore === undefined || (message.sent !== undefined && message.sent <= sentBefore)
}

/** A message as the REST API shows it. */
export function shown(message: Message, accountSid: string): object {
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}`
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: rfc2822(message.created),
    date_sent: message.sent === undefined ? null : rfc2822(message.sent),
    date_updated: rfc2822(message.updated),
    direction: message.direction,
    error_code: message.errorCode ?? null,
    error_message: null,
    from: nameAtCarrier(message.from),
    messaging_service_sid: null,
    num_media: String(message.media),
    num_segments: String(message.segments),
    price: null,
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: nameAtCarrier(message.to),
    uri: `${uri}.json`,
  }
}

function rfc2822(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000')
}
