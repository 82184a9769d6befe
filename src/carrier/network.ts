// Everything the pretend carrier knows, in one place for the parts that act on it.

import type { Address } from '../coop/members/address.ts'
import { createErrands, type Errands } from './errands.ts'
import { createFaults, type Faults } from './faults.ts'
import { createHandsets, type Handsets } from './handsets.ts'
import { openMemory } from './memory.ts'
import { createMessages, type Messages } from './messages.ts'
import { createOptOuts, type OptOuts } from './opt_outs.ts'
import { type Post, type Posted, post } from './post.ts'
import type { PretendSettings, Sender } from './settings.ts'
import { createWindows, type Windows } from './window.ts'

export interface Network {
  readonly settings: PretendSettings
  readonly messages: Messages
  readonly handsets: Handsets
  readonly optOuts: OptOuts
  readonly windows: Windows
  readonly faults: Faults
  readonly errands: Errands
  /** What Twilio's console would show as an error, the newest 100: code and cause, nothing personal. */
  readonly warnings: string[]
  now(): Date
}

/** A network in which nothing has happened but what its memory holds. */
export function createNetwork(settings: PretendSettings): Network {
  const now = settings.now ?? (() => new Date())
  const memory = openMemory(settings.memory)
  return {
    settings,
    messages: createMessages(now),
    handsets: createHandsets(now),
    optOuts: createOptOuts(memory),
    windows: createWindows(now, memory),
    faults: createFaults(),
    errands: createErrands(),
    warnings: [],
    now,
  }
}

/** The sender with this address, if the account has one now. */
export const senderAt = ({ settings }: Network, address: Address): Sender | undefined =>
  settings.senders().find((sender) => sender.address === address)

/** Notes an error as Twilio's console would. */
export function warn({ warnings }: Network, warning: string): void {
  warnings.push(warning)
  if (warnings.length > MOST_WARNINGS) warnings.shift()
}

const MOST_WARNINGS = 100
const WEBHOOK_TIMEOUT_MS = 15_000

/** Posts one signed form of this account to the co-op. */
export function call(
  { settings }: Network,
  order: Pick<Post, 'url' | 'parameters' | 'idempotencyToken' | 'cut'>,
): Promise<Posted> {
  const { authToken, reach, webhookTimeoutMs = WEBHOOK_TIMEOUT_MS } = settings
  return post({ ...order, authToken, timeoutMs: webhookTimeoutMs, ...(reach !== undefined && { reach }) })
}
