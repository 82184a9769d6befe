// From the body of a webhook to a message that can be gathered: signed, read, ours, and her session asked for. What is
// none is rejected with a status and a reason that names a key, never what stood in it.
import type { Applied } from '../../coop/charter/charter.ts'
import { type Address, channelOf } from '../../coop/members/address.ts'
import { addressIndex, personIndex } from '../../coop/members/contact_keys.ts'
import type { Keys } from '../../store/keys.ts'
import { type Form, readForm } from '../../twilio/form.ts'
import { type Inbound, readInbound } from '../../twilio/inbound.ts'
import { signatureHolds } from '../../twilio/signature.ts'
import { identityOf, type Sender, type TextMessage } from '../message.ts'
import type { Sessions } from '../sessions.ts'
import { together } from '../turns.ts'

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

/** A webhook as it came. */
export interface Came {
  readonly body: string
  /** The configured public one, with the query of the request. */
  readonly url: string
  readonly signature: string | undefined
}

/** Its signed form, or why it is none. */
export function readSigned(
  { authTokens }: Arrivals,
  { body, url, signature }: Came,
): { readonly form: Form } | Refused {
  const form = readForm(body)
  if (!form) return { status: 400, reason: 'the body is not a well-formed form' }
  return signatureHolds(authTokens, url, form, signature)
    ? { form }
    : { status: 403, reason: 'the signature does not hold' }
}

export const isRefused = (read: object): read is Refused => 'status' in read && 'reason' in read

export type Reading = (came: Came) => Promise<TextMessage | Refused>

/**
 * Reads messages. Those that come in one turn of the event loop are read together, stage by stage: the code of a stage
 * then lies ready in the processor for all of them. Where one breaks that, each is read alone.
 */
export function openReading(arrivals: Arrivals): Reading {
  const readAll = (all: readonly Came[]): (TextMessage | Refused)[] => {
    const forms = all.map((came) => readSigned(arrivals, came))
    const inbounds = forms.map((read) => (isRefused(read) ? read : inboundOf(arrivals, read.form)))
    return inbounds.map((read) => (isRefused(read) ? read : messageOf(arrivals, read)))
  }
  const read = together(readAll)
  return (came) => read(came).catch(() => together(readAll)(came))
}

function inboundOf({ accountSid }: Arrivals, form: Form): Inbound | Refused {
  const inbound = readInbound(form, accountSid)
  return 'rejected' in inbound ? { status: 400, reason: inbound.rejected } : inbound
}

function messageOf({ keys, sessions, charterOf }: Arrivals, inbound: Inbound): TextMessage | Refused {
  const charter = charterOf(inbound.to)
  if (!charter) return { status: 404, reason: 'To is no sender of any co-op here' }
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
