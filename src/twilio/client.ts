// Sends a message and looks one up at the carrier, and says of each send only what is certain.
// It never retries: Twilio has no idempotency key, so whether to send again is decided by who knows what was said.

import type { Address } from '../coop/members/address.ts'
import { type SendFailure, whatToDo } from './errors.ts'
import { messageSid, nameAtCarrier } from './names.ts'
import { CarrierRefusal, type CarrierSettings, connect } from './rest.ts'

export type { CarrierSettings } from './rest.ts'

export interface OutboundMessage {
  readonly from: Address
  readonly to: Address
  readonly body: string
  readonly statusCallback: string
  readonly validitySeconds?: number
}

export interface Search {
  readonly from: Address
  readonly to: Address
  readonly since: Date
  readonly body: string
  /** Whether what a webhook carried back counts too, and not only what was handed to `send`. */
  readonly replies: boolean
}

export type SendResult =
  | { readonly kind: 'accepted'; readonly providerId: string; readonly status: string }
  /** Surely never processed. */
  | { readonly kind: 'not_sent'; readonly retryAfterSeconds?: number }
  /** It may be on its way; sending again may say it twice. */
  | { readonly kind: 'unclear' }
  | { readonly kind: 'refused'; readonly code: number; readonly failure: SendFailure }

export interface Carrier {
  /** Hands one message to the carrier; resolves whatever happens on the way there. */
  send(message: OutboundMessage): Promise<SendResult>
  /** The first message of exactly this text since then in the carrier's list; rejects if that cannot be read. */
  find(search: Search): Promise<{ providerId: string; status: string } | undefined>
}

/** The carrier behind these settings; nothing is loaded or connected before the first use. */
export function createCarrier(settings: CarrierSettings): Carrier {
  let client: ReturnType<typeof connect> | undefined
  const connected = () => {
    client ??= connect(settings)
    return client
  }
  return {
    send: async (message) => send(await connected(), message),
    find: async (search) => find(await connected(), search),
  }
}

type Client = Awaited<ReturnType<typeof connect>>

async function send(client: Client, message: OutboundMessage): Promise<SendResult> {
  try {
    const { sid, status } = await client.messages.create({
      from: nameAtCarrier(message.from),
      to: nameAtCarrier(message.to),
      body: message.body,
      statusCallback: message.statusCallback,
      ...(message.validitySeconds !== undefined && { validityPeriod: message.validitySeconds }),
    })
    return isMessageSid(sid) ? { kind: 'accepted', providerId: sid, status: String(status) } : { kind: 'unclear' }
  } catch (error) {
    return resultOf(error)
  }
}

function isMessageSid(sid: unknown): boolean {
  return typeof sid === 'string' && messageSid.test(sid)
}

function resultOf(error: unknown): SendResult {
  if (error instanceof CarrierRefusal) return resultOfRefusal(error)
  return notConnected.has(networkCode(error)) ? { kind: 'not_sent' } : { kind: 'unclear' }
}

// The errors that come before a byte has left.
const notConnected: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])

function networkCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}

const TOO_MANY_REQUESTS = 429
const REQUEST_TIMEOUT = 408

function resultOfRefusal({ status, code = status, retryAfterSeconds }: CarrierRefusal): SendResult {
  const { failure } = whatToDo(code)
  if (status === TOO_MANY_REQUESTS || failure === 'rate') {
    return { kind: 'not_sent', ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) }
  }
  if (status >= 500 || status === REQUEST_TIMEOUT || failure === 'unclear') return { kind: 'unclear' }
  return { kind: 'refused', code, failure }
}

const MOST_SEARCHED = 400

// Not by the carrier's own date filter: that is the date of sending, which a message still in the queue has not.
async function find(client: Client, search: Search): Promise<{ providerId: string; status: string } | undefined> {
  const { from, to } = { from: nameAtCarrier(search.from), to: nameAtCarrier(search.to) }
  const listed = await client.messages.list({ from, to, limit: MOST_SEARCHED, pageSize: 100 }).catch((error) => {
    throw error instanceof CarrierRefusal ? error : new Error('The carrier did not answer a search of its messages')
  })
  // The carrier's dates are whole seconds.
  const since = Math.floor(search.since.getTime() / 1000) * 1000
  const found = listed.findLast(
    ({ body, dateCreated, direction }) =>
      body === search.body && dateCreated.getTime() >= since && (search.replies || direction !== 'outbound-reply'),
  )
  return found && { providerId: found.sid, status: found.status }
}
