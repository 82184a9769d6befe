// From the body of a webhook to a message that can be gathered: signed, read, ours, and her session asked for. What is
// none is rejected with a status and a reason that names a key, never what stood in it.
import type { Applied } from '../coop/charter/charter.ts'
import { type Address, channelOf } from '../coop/members/address.ts'
import { addressIndex, personIndex } from '../coop/members/contact_keys.ts'
import type { Keys } from '../store/keys.ts'
import { type Form, readForm } from '../twilio/form.ts'
import { type Inbound, readInbound } from '../twilio/inbound.ts'
import { signatureHolds } from '../twilio/signature.ts'
import { identityOf, type Sender, type TextMessage } from './message.ts'
import type { Sessions } from './sessions.ts'

export interface Refused {
  readonly status: 400 | 403 | 404 | 405 | 413 | 415
  readonly reason: string
}

export interface Arrivals {
  readonly keys: Keys
  readonly sessions: Sessions
  readonly accountSid: string
  readonly authTokens: readonly string[]
  charterOf(sender: Address): Applied | undefined
}

/** A signed form, or why it is none. `url` is the configured public one, with the query of the request. */
export function readSigned(
  body: string,
  url: string,
  signature: string | undefined,
  tokens: readonly string[],
): { readonly form: Form } | Refused {
  const form = readForm(body)
  if (!form) return { status: 400, reason: 'the body is not a well-formed form' }
  return signatureHolds(tokens, url, form, signature)
    ? { form }
    : { status: 403, reason: 'the signature does not hold' }
}

export const isRefused = (read: object): read is Refused => 'status' in read && 'reason' in read

/** The message of a signed form. */
export function readMessage(arrivals: Arrivals, form: Form): TextMessage | Refused {
  const inbound = readInbound(form, arrivals.accountSid)
  if ('rejected' in inbound) return { status: 400, reason: inbound.rejected }
  const charter = arrivals.charterOf(inbound.to)
  if (!charter) return { status: 404, reason: 'To is no sender of any co-op here' }
  return messageOf(arrivals, charter, inbound)
}

function messageOf({ keys, sessions }: Arrivals, charter: Applied, inbound: Inbound): TextMessage {
  const sender = senderOf(keys, charter.id, inbound.from, inbound.to)
  const { choice, carrierWord, inReplyTo } = inbound
  return {
    kind: 'text',
    source: 'webhook',
    sid: inbound.id,
    sender,
    charter,
    found: sessions.find(sender),
    heard: {
      text: inbound.body,
      attached: inbound.attached,
      ...(choice !== undefined && { choice }),
      ...(carrierWord !== undefined && { carrierWord }),
    },
    ...(inReplyTo !== undefined && { inReplyTo }),
    ...(inbound.alias !== undefined && { alias: inbound.alias }),
  }
}

// Whoever writes once writes again within minutes, and two keyed hashes are a tenth of what a message costs.
const remembered = new WeakMap<Keys, Map<string, Sender>>()
const mostRemembered = 20_000

/** The contact of an address at a co-op, by its keyed hashes. */
export function senderOf(keys: Keys, coop: string, address: Address, to: Address): Sender {
  const known = remembered.get(keys) ?? new Map<string, Sender>()
  const name = `${coop}|${address}`
  const before = known.get(name)
  if (before?.to === to) return before
  const identity = identityOf(addressIndex(keys, coop, address), personIndex(keys, coop, address))
  const sender = { coop, address, to, channel: channelOf(address), ...identity }
  if (known.size >= mostRemembered) known.clear()
  remembered.set(keys, known.set(name, sender))
  return sender
}
