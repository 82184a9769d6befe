// A person sends a text: the carrier takes its own words, posts the signed webhook and delivers the answer.
// Delivery is what Twilio gives: one retry where no connection was made, then the fallback URL, then nothing.

import { randomUUID } from 'node:crypto'
import type { Address } from '../coop/members/address.ts'
import { type Answer, readTwiml } from './answers.ts'
import { inboundForm, type Said } from './forms.ts'
import { LONGEST_BODY, type Message, newSid } from './messages.ts'
import { call, type Network, senderAt, warn } from './network.ts'
import type { Posted } from './post.ts'
import type { Sender } from './settings.ts'
import { follow } from './statuses.ts'

export interface Heard {
  /** The carrier's id of the message. */
  readonly sid: string
  /** How often the webhook was posted, and the HTTP status of the last answer, if one came. */
  readonly attempts: number
  readonly status?: number
  /** The answer as it was written, and what it says. */
  readonly twiml?: string
  readonly answers: readonly string[]
}

export interface Webhooks {
  say(phone: Address, said: Said): Promise<Heard>
  /** Posts the last webhook of a phone once more, byte for byte; the answer is returned but not delivered. */
  repeat(phone: Address): Promise<Heard>
}

interface Webhook {
  readonly message: Message
  readonly parameters: Readonly<Record<string, string>>
}

const HELD_MS = 5_000

/** The webhooks of one network. */
export function createWebhooks(network: Network): Webhooks {
  const last = new Map<Address, Webhook>()
  const held: (() => void)[] = []
  return {
    say: async (phone, said) => {
      const webhook = receive(network, phone, said)
      last.set(phone, webhook)
      if (network.faults.take('hold_webhook', phone)) await overtaken(held)
      const heard = await deliver(network, webhook)
      for (const release of held.splice(0)) release()
      return heard
    },
    repeat: async (phone) => {
      const webhook = last.get(phone)
      if (webhook === undefined) throw new Error('This phone has sent nothing yet: there is no webhook to repeat')
      return heardOf(webhook, await chain(network, webhook))
    },
  }
}

async function overtaken(held: (() => void)[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  held.push(resolve)
  const timer = setTimeout(resolve, HELD_MS)
  await promise
  clearTimeout(timer)
}

function receive(network: Network, phone: Address, said: Said): Webhook {
  const sender = senderNamed(network, said.to)
  const { settings, messages, windows, optOuts, handsets } = network
  const body = said.body ?? said.button?.text ?? said.item?.title ?? ''
  const { media = 0 } = said
  const sid = said.sid ?? newSid(media > 0 ? 'MM' : 'SM')
  const { segments } = settings.countSegments(body)
  const message = messages.add({
    direction: 'inbound',
    from: phone,
    to: said.to,
    body,
    segments,
    media,
    sid,
    status: 'received',
  })
  windows.open(phone, said.to)
  const heard = optOuts.hear(phone, sender, body)
  if (heard?.answer !== undefined) handsets.receive(phone, { from: said.to, body: heard.answer, kind: 'carrier' })
  const word = sender.advancedOptOut ? heard?.word : undefined
  return { message, parameters: inboundForm(settings.accountSid, message, said, word) }
}

function senderNamed(network: Network, to: Address): Sender {
  const sender = senderAt(network, to)
  if (sender !== undefined) return sender
  const known = network.settings.senders().map(({ address }) => address)
  throw new Error(`${to} is no sender of this account; text one of ${known.join(', ')}`)
}

async function deliver(network: Network, webhook: Webhook): Promise<Heard> {
  const { from } = webhook.message
  const repeated = network.faults.take('repeat_webhook', from) && chain(network, webhook)
  const heard = heardOf(webhook, await chain(network, webhook))
  await repeated
  if (heard.status === undefined || heard.status >= 400) warn(network, '11200 the webhook and its fallback failed')
  else if (heard.twiml !== undefined) answer(network, webhook.message, heard.twiml)
  return heard
}

function answer(network: Network, { from, to }: Message, twiml: string): void {
  const answers = readTwiml(twiml)
  if (answers === undefined) warn(network, '12100 the answer to a webhook is not TwiML')
  for (const each of answers ?? []) reply(network, from, to, each)
}

function reply(network: Network, phone: Address, sender: Address, { text, action }: Answer): void {
  const { settings, messages, optOuts, faults } = network
  if (faults.take('lose_answer', phone)) return
  if (text === '') return warn(network, '14103 a message without text')
  if (text.length > LONGEST_BODY) return warn(network, '21617 an answer of more than 1600 characters')
  if (optOuts.isBlocked(phone, sender)) return warn(network, '21610 an answer to someone who has stopped')
  const { segments } = settings.countSegments(text)
  const parts = {
    direction: 'outbound-reply',
    from: sender,
    to: phone,
    body: text,
    segments,
    status: 'queued',
  } as const
  // A relative action is relative to the document it stands in.
  const callback = action === undefined ? undefined : new URL(action, settings.inboundUrl).href
  follow(network, messages.add(parts), callback)
}

async function chain(network: Network, { message, parameters }: Webhook): Promise<Posted[]> {
  const { inboundUrl, fallbackUrl = inboundUrl } = network.settings
  const token = randomUUID()
  const attempt = (url: string, cut: boolean) => call(network, { url, parameters, idempotencyToken: token, cut })
  const posted = [await attempt(inboundUrl, network.faults.take('cut_webhook', message.from) !== undefined)]
  if (posted[0]?.kind === 'not_connected') posted.push(await attempt(inboundUrl, false))
  if (failed(posted.at(-1))) posted.push(await attempt(fallbackUrl, false))
  return posted
}

function failed(posted: Posted | undefined): boolean {
  return posted?.kind !== 'answered' || posted.status >= 400
}

function heardOf({ message }: Webhook, posted: readonly Posted[]): Heard {
  const final = posted.at(-1)
  const heard = { sid: message.sid, attempts: posted.length, answers: [] }
  if (final?.kind !== 'answered') return heard
  const answers = final.status < 400 ? (readTwiml(final.body) ?? []) : []
  return { ...heard, status: final.status, twiml: final.body, answers: answers.map(({ text }) => text) }
}
