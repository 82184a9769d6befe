// What the pretend carrier is told at its start: an account, how to ask for its senders, and where the co-op listens.

import type { Address } from '../coop/members/address.ts'

export interface Sender {
  readonly address: Address
  /** Whether the carrier itself acts on STOP, START and HELP; on SMS it does, on WhatsApp it never can. */
  readonly answersWords?: boolean
  /** Whether the webhook then says so with OptOutType. */
  readonly advancedOptOut?: boolean
}

interface Pace {
  /** From acceptance to the callback `sent`, and from there to `delivered`. */
  readonly sentMs: number
  readonly deliveredMs: number
}

export type SegmentsOf = (text: string) => { readonly segments: number; readonly encoding: 'GSM-7' | 'UCS-2' }

export interface PretendSettings {
  /** The port on 127.0.0.1; any free one where not given. */
  readonly port?: number
  readonly accountSid: string
  readonly authToken: string
  readonly apiKey?: string
  readonly apiSecret?: string
  /** Asked anew for each message: a charter that is applied while it runs brings senders of its own. */
  readonly senders: () => readonly Sender[]
  /** The co-op's public URL for inbound messages, as it is signed. */
  readonly inboundUrl: string
  /** Called when the first fails; the same URL where not given. */
  readonly fallbackUrl?: string
  /** Where the public URLs are really reached from here, such as `http://127.0.0.1:3000`. */
  readonly reach?: string
  /** Guards everything under `/pretend/`; nothing is there without it. */
  readonly controlToken?: string
  readonly countSegments: SegmentsOf
  /** The file that keeps open windows and blocks over a restart; without one they end with the process. */
  readonly memory?: string
  readonly now?: () => Date
  readonly pace?: Pace
  /** How long a webhook may take. */
  readonly webhookTimeoutMs?: number
}
