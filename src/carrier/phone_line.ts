// The line from a phone in the terminal to the pretend carrier's control endpoints in another process. It asks where
// the carrier is each time: one that was started again listens elsewhere, and counts what it delivers from 1.

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
  /** What has arrived since this was asked last, each message once; waits for the first at most so long. */
  received(waitSeconds: number): Promise<z.infer<typeof received>[]>
  senders(): Promise<Address[]>
  /** Ends what is still waiting. */
  hangUp(): void
}

/** Where a pretend carrier is, and what opens it; each has a token of its own. */
export interface CarrierPlace {
  readonly carrierUrl: string
  readonly controlToken: string
}

export interface LineSettings {
  /** The carrier that runs now, if one does. */
  readonly find: () => CarrierPlace | undefined
  readonly address: Address
}

/** No carrier answers. `wasAsked`: one was called, and went away before it answered. */
export class CarrierAway extends Error {
  readonly wasAsked: boolean
  constructor(wasAsked: boolean, cause?: unknown) {
    super('The pretend carrier does not answer; start Coopline first', { cause })
    this.wasAsked = wasAsked
  }
}

type Ask = (path: string, body?: object, place?: CarrierPlace) => Promise<unknown>

/** The line of one phone. */
export function connectPhone({ find, address }: LineSettings): PhoneLine {
  const ending = new AbortController()
  const present = (): CarrierPlace => {
    const place = find()
    if (place) return place
    throw new CarrierAway(false)
  }
  const ask: Ask = (path, body, place = present()) => call(place, path, ending.signal, body)
  const path = `phones/${encodeURIComponent(address)}`
  return {
    say: async (said) => heard.parse(await ask(`${path}/say`, said)),
    repeat: async () => heard.parse(await ask(`${path}/repeat`, {})),
    received: inboxOf((query, place) => ask(`${path}/events?${query}`, undefined, place), present),
    senders: async () => {
      const { senders } = z
        .object({ senders: z.array(z.object({ address: z.string() })) })
        .parse(await ask('senders'))
      return senders.flatMap(({ address }) => readAddress(address) ?? [])
    },
    hangUp: () => ending.abort(),
  }
}

function inboxOf(
  ask: (query: string, place: CarrierPlace) => Promise<unknown>,
  present: () => CarrierPlace,
): PhoneLine['received'] {
  let inbox = { token: '', shown: 0 }
  return async (waitSeconds) => {
    const place = present()
    if (place.controlToken !== inbox.token) inbox = { token: place.controlToken, shown: 0 }
    const own = inbox
    const answer = await ask(`after=${own.shown}&wait=${waitSeconds}`, place)
    // Two who ask at once may both get a message: the one who listens and the one who has just texted.
    const fresh = z
      .object({ events: z.array(received) })
      .parse(answer)
      .events.filter(({ n }) => n > own.shown)
    own.shown = fresh.at(-1)?.n ?? own.shown
    return fresh
  }
}

async function call(
  { carrierUrl, controlToken }: CarrierPlace,
  path: string,
  signal: AbortSignal,
  body?: object,
): Promise<unknown> {
  const { ok, answer } = await answerOf(`${carrierUrl}/pretend/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${controlToken}` },
    signal,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!ok) throw new Error(z.object({ problem: z.string() }).parse(answer).problem)
  return answer
}

async function answerOf(url: string, request: RequestInit): Promise<{ ok: boolean; answer: unknown }> {
  try {
    const response = await fetch(url, request)
    return { ok: response.ok, answer: await response.json() }
  } catch (error) {
    throw new CarrierAway(!isRefused(error), error)
  }
}

const isRefused = (error: unknown): boolean =>
  error instanceof Error &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  error.cause.code === 'ECONNREFUSED'
