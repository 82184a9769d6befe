// Everything under /pretend/: phones that send and receive, faults to order, warnings to read.
// It is for the terminal phone, the dialogues and the load run, and is only open with its token.

import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { type Address, readAddress } from '../coop/members/address.ts'
import { faultOrder } from './faults.ts'
import type { Network } from './network.ts'
import { json, type Reply, send, textOf } from './replies.ts'
import type { Webhooks } from './webhooks.ts'

/** Answers one request under /pretend/. */
export async function answerControl(
  network: Network,
  webhooks: Webhooks,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isOpen(network, request.headers.authorization))
    return send(response, problem(401, 'Bring the control token'))
  try {
    send(response, await act(network, webhooks, request))
  } catch (error) {
    send(response, problem(400, error instanceof Error ? error.message : 'Not understood'))
  }
}

function problem(status: number, message: string): Reply {
  return json(status, { problem: message })
}

function isOpen({ settings }: Network, header = ''): boolean {
  if (settings.controlToken === undefined) return false
  const given = Buffer.from(header)
  const expected = Buffer.from(`Bearer ${settings.controlToken}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

async function act(network: Network, webhooks: Webhooks, request: IncomingMessage): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://carrier')
  const phone = /^\/pretend\/phones\/([^/]+)\/(say|repeat|events)$/.exec(url.pathname)
  if (phone !== null) return actOnPhone(network, webhooks, request, url, addressIn(phone[1] ?? ''), phone[2] ?? '')
  switch (`${request.method} ${url.pathname}`) {
    case 'POST /pretend/faults':
      network.faults.order(faultOrder.parse(JSON.parse(await textOf(request))))
      return json(201, {})
    case 'DELETE /pretend/faults':
      network.faults.clear()
      return json(200, {})
    case 'GET /pretend/faults':
      return json(200, { faults: network.faults.pending() })
    case 'GET /pretend/senders':
      return json(200, { senders: network.settings.senders() })
    case 'GET /pretend/warnings':
      return json(200, { warnings: network.warnings })
    default:
      return problem(404, `There is no ${request.method} ${url.pathname} here`)
  }
}

function addressIn(segment: string): Address {
  const address = readAddress(decodeURIComponent(segment))
  if (address === undefined)
    throw new Error('A phone is named by its address: sms:+447700900123 or whatsapp:+447700900123')
  return address
}

const LONGEST_WAIT_SECONDS = 60

async function actOnPhone(
  network: Network,
  webhooks: Webhooks,
  request: IncomingMessage,
  { searchParams }: URL,
  phone: Address,
  action: string,
): Promise<Reply> {
  if (action === 'say') return json(200, await webhooks.say(phone, said.parse(JSON.parse(await textOf(request)))))
  if (action === 'repeat') return json(200, await webhooks.repeat(phone))
  const after = Number(searchParams.get('after') ?? 0)
  const wait = Math.min(Number(searchParams.get('wait') ?? 0), LONGEST_WAIT_SECONDS)
  const { handsets } = network
  const events = wait > 0 ? await handsets.next(phone, after, wait * 1000) : handsets.received(phone, after)
  return json(200, { events })
}

const said = z.strictObject({
  to: z.string().transform(addressIn),
  body: z.string().exactOptional(),
  button: z.object({ payload: z.string(), text: z.string() }).exactOptional(),
  item: z.object({ id: z.string(), title: z.string() }).exactOptional(),
  location: z.object({ latitude: z.number(), longitude: z.number() }).exactOptional(),
  media: z.int().min(0).max(10).exactOptional(),
  inReplyTo: z.string().exactOptional(),
  profileName: z.string().exactOptional(),
  userId: z.string().exactOptional(),
  sid: z.string().exactOptional(),
})
