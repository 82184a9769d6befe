// The line from a phone in the terminal to the pretend carrier's control endpoints in another process.

import { z } from 'zod'
import { type Address, readAddress } from '../coop/members/address.ts'
import type { Said } from './forms.ts'

const heard = z.object({
  attempts: z.number(),
  status: z.number().optional(),
  twiml: z.string().optional(),
})

const received = z.object({
  n: z.number(),
  from: z.string(),
  body: z.string(),
  kind: z.enum(['message', 'carrier']),
})

export interface PhoneLine {
  say(said: Said): Promise<z.infer<typeof heard>>
  repeat(): Promise<z.infer<typeof heard>>
  received(after: number, waitSeconds: number): Promise<z.infer<typeof received>[]>
  lastReceived(): Promise<number>
  senders(): Promise<Address[]>
  /** Ends what is still waiting. */
  hangUp(): void
}

export interface LineSettings {
  readonly carrierUrl: string
  readonly controlToken: string
  readonly address: Address
}

/** The line of one phone. */
export function connectPhone({ carrierUrl, controlToken, address }: LineSettings): PhoneLine {
  const ending = new AbortController()
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${carrierUrl}/pretend/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${controlToken}` },
      signal: ending.signal,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((cause) => {
      throw new Error(`The pretend carrier at ${carrierUrl} does not answer; start Coopline first`, { cause })
    })
    const answer: unknown = await response.json()
    if (!response.ok) throw new Error(z.object({ problem: z.string() }).parse(answer).problem)
    return answer
  }
  const path = `phones/${encodeURIComponent(address)}`
  const events = async (after: number, wait: number) =>
    z.object({ events: z.array(received) }).parse(await ask(`${path}/events?after=${after}&wait=${wait}`)).events
  return {
    say: async (said) => heard.parse(await ask(`${path}/say`, said)),
    repeat: async () => heard.parse(await ask(`${path}/repeat`, {})),
    received: events,
    lastReceived: async () => (await events(0, 0)).at(-1)?.n ?? 0,
    senders: async () => {
      const { senders } = z
        .object({ senders: z.array(z.object({ address: z.string() })) })
        .parse(await ask('senders'))
      return senders.flatMap(({ address }) => readAddress(address) ?? [])
    },
    hangUp: () => ending.abort(),
  }
}
