// A pretend Twilio for one machine: its REST API, its signed webhooks and status callbacks, its opt-outs, the
// WhatsApp window, and faults on demand. It listens on the loopback only; messages end with the process.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Address } from '../coop/members/address.ts'
import { answerControl } from './control.ts'
import type { Faults } from './faults.ts'
import type { Said } from './forms.ts'
import type { Received } from './handsets.ts'
import type { Messages } from './messages.ts'
import { createNetwork } from './network.ts'
import { answerRest } from './rest.ts'
import type { PretendSettings } from './settings.ts'
import { createWebhooks, type Heard } from './webhooks.ts'

export type { FaultName, FaultOrder } from './faults.ts'
export type { Said } from './forms.ts'
export type { Received } from './handsets.ts'
export type { PretendSettings } from './settings.ts'
export type { Heard } from './webhooks.ts'

export interface PretendCarrier {
  /** What TWILIO_API_BASE must be. */
  readonly url: string
  /** A person sends something; resolves when the webhook has been answered. */
  say(phone: Address, said: Said): Promise<Heard>
  /** Posts the last webhook of a phone once more. */
  repeat(phone: Address): Promise<Heard>
  /** What a phone has received after its n-th message. */
  received(phone: Address, after?: number): readonly Received[]
  readonly faults: Faults
  readonly messages: Pick<Messages, 'get' | 'list'>
  readonly warnings: readonly string[]
  /** Resolves when every status callback is out. */
  settled(): Promise<void>
  stop(): Promise<void>
}

/** Starts the pretend carrier. */
export async function startCarrier(settings: PretendSettings): Promise<PretendCarrier> {
  const network = createNetwork(settings)
  const webhooks = createWebhooks(network)
  const server = createServer((request, response) => {
    const isControl = request.url?.startsWith('/pretend/') ?? false
    const answered = isControl
      ? answerControl(network, webhooks, request, response)
      : answerRest(network, request, response)
    answered.catch(() => response.destroy())
  })
  const url = await listen(server, settings.port ?? 0)
  const { handsets, faults, messages, warnings, errands } = network
  return {
    url,
    ...webhooks,
    received: handsets.received,
    faults,
    messages,
    warnings,
    settled: errands.done,
    stop: () => {
      errands.stop()
      return close(server)
    },
  }
}

async function listen(server: Server, port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(port, '127.0.0.1', resolve)
  await promise
  return `http://127.0.0.1:${portOf(server.address())}`
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string')
    throw new Error('The pretend carrier has no port to listen on')
  return address.port
}

async function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeAllConnections()
  await promise
}
