// A message is handed in: checked as Twilio checks it, accepted, answered, and whatever fault was ordered for it.

import type { ServerResponse } from 'node:http'
import { type Address, channelOf } from '../coop/members/address.ts'
import type { Form } from '../twilio/form.ts'
import { addressNamed } from '../twilio/names.ts'
import { LONGEST_BODY, shown } from './messages.ts'
import { type Network, senderAt } from './network.ts'
import { json, type Reply, refusal, send } from './replies.ts'
import { follow } from './statuses.ts'

interface Order {
  readonly from: Address
  readonly to: Address
  readonly body: string
}

/** Answers a request to create a message. */
export function createMessage(network: Network, form: Form, response: ServerResponse): void {
  const order = check(network, form)
  if ('status' in order) return send(response, order)
  if (failsBefore(network, order.to, response)) return
  const { segments } = network.settings.countSegments(order.body)
  const message = network.messages.add({ ...order, direction: 'outbound-api', segments, status: 'queued' })
  follow(network, message, single(form, 'StatusCallback') || undefined)
  if (failsAfter(network, order.to, response)) return
  send(response, json(201, shown(message, network.settings.accountSid)))
}

function single(form: Form, key: string): string {
  const value = form[key]
  return typeof value === 'string' ? value : ''
}

const LONGEST_VALIDITY = 36_000

function check(network: Network, form: Form): Order | Reply {
  const [fromName, toName, body] = ['From', 'To', 'Body'].map((key) => single(form, key))
  if (!toName) return refusal(400, 21604, "A 'To' phone number is required.")
  if (!fromName) return refusal(400, 21603, "A 'From' phone number is required.")
  if (!body) return refusal(400, 21602, 'Message body is required.')
  if (body.length > LONGEST_BODY) {
    return refusal(400, 21617, 'The concatenated message body exceeds the 1600 character limit')
  }
  const to = addressNamed(toName)
  const from = addressNamed(fromName)
  if (to === undefined) return refusal(400, 21211, `Invalid 'To' Phone Number: ${toName}`)
  if (from === undefined || !senderAt(network, from)) return notASender(toName, fromName)
  return checkPair(network, { from, to, body }) ?? checkValidity(form) ?? { from, to, body }
}

function notASender(to: string, from: string): Reply {
  if (to.startsWith('whatsapp:')) {
    return refusal(400, 63007, 'Twilio could not find a Channel with the specified From address')
  }
  return refusal(400, 21606, `The 'From' phone number ${from} is not a valid message-capable Twilio phone number`)
}

function checkPair({ optOuts, faults }: Network, { from, to }: Order): Reply | undefined {
  if (channelOf(from) !== channelOf(to)) {
    return refusal(400, 21910, "Invalid 'From' and 'To' pair. 'From' and 'To' should be of the same channel")
  }
  if (from === to) return refusal(400, 21266, "'To' and 'From' number cannot be the same")
  if (optOuts.isBlocked(to, from)) return refusal(400, 21610, 'Attempt to send to unsubscribed recipient')
  const fault = faults.take('refuse', to)
  return fault && refusal(400, fault.code ?? 21211, 'Refused on demand')
}

function checkValidity(form: Form): Reply | undefined {
  const given = form.ValidityPeriod
  if (given === undefined) return undefined
  const seconds = Number(given)
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_VALIDITY) return undefined
  return refusal(400, 21655, `ValidityPeriod must be 1 to ${LONGEST_VALIDITY} seconds`)
}

const badGateway =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>502 Bad Gateway</body>\r\n</html>'

function failsBefore({ faults }: Network, to: Address, response: ServerResponse): boolean {
  const tooMany = faults.take('too_many_requests', to)
  if (tooMany !== undefined) {
    const headers = tooMany.seconds === undefined ? {} : { 'retry-after': String(tooMany.seconds) }
    send(response, { ...refusal(429, 20429, 'Too Many Requests'), headers })
  } else if (faults.take('server_error', to)) send(response, refusal(500, 20500, 'Internal Server Error'))
  else if (faults.take('bad_gateway', to)) {
    send(response, { status: 502, headers: { 'content-type': 'text/html' }, body: badGateway })
  } else if (faults.take('reset_before', to)) response.socket?.resetAndDestroy()
  else return faults.take('hang_before', to) !== undefined
  return true
}

function failsAfter({ faults }: Network, to: Address, response: ServerResponse): boolean {
  if (faults.take('reset_after', to)) response.socket?.resetAndDestroy()
  else if (faults.take('garbled_answer', to)) send(response, { status: 201, body: '{"sid": "SM' })
  else return faults.take('hang_after', to) !== undefined
  return true
}
