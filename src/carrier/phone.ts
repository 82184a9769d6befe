// A phone in the terminal: what is typed is sent as a text, what arrives is shown with its cost in SMS parts.
// It speaks to the pretend carrier only, keeps nothing, and goes on where Coopline was started again.

import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { type Address, channelOf } from '../coop/members/address.ts'
import type { Said } from './forms.ts'
import { CarrierAway, type CarrierPlace, connectPhone, type PhoneLine } from './phone_line.ts'
import type { SegmentsOf } from './settings.ts'

export interface PhoneSettings {
  /** The carrier that runs now, if one does. */
  readonly find: () => CarrierPlace | undefined
  readonly address: Address
  /** The co-op's sender to text; where not given, the only one of the carrier's on the same channel. */
  readonly to?: Address
  readonly countSegments: SegmentsOf
  readonly input: Readable & { readonly isTTY?: boolean }
  readonly output: Writable & { readonly isTTY?: boolean }
}

interface Phone extends PhoneSettings {
  /** Somebody types here, and is shown where. */
  readonly isTyped: boolean
  readonly line: PhoneLine
  readonly terminal: Interface
  to: Address
  away: boolean
  closed: boolean
}

/** Runs the phone until its input ends or `/quit` is typed. */
export async function runPhone(settings: PhoneSettings): Promise<void> {
  const line = connectPhone(settings)
  const to = settings.to ?? (await onlySender(line, settings.address))
  // What it received before is no news.
  await line.received(0)
  const { input, output } = settings
  // From here to the loop nothing may wait, or lines that come through a pipe are lost.
  const isTyped = input.isTTY === true && output.isTTY === true
  const terminal = createInterface({ input, output, terminal: isTyped, prompt: isTyped ? 'you> ' : '' })
  const phone: Phone = { ...settings, line, terminal, isTyped, to, away: false, closed: false }
  print(phone, header(phone))
  terminal.once('close', () => {
    phone.closed = true
  })
  const listening = listen(phone)
  terminal.prompt()
  for await (const typed of terminal) {
    if (!(await take(phone, typed.trim()))) break
    if (!phone.closed) terminal.prompt()
  }
  phone.closed = true
  line.hangUp()
  terminal.close()
  await listening
}

async function onlySender(line: PhoneLine, address: Address): Promise<Address> {
  const channel = channelOf(address)
  const [only, ...others] = (await line.senders()).filter((sender) => channelOf(sender) === channel)
  if (only !== undefined && others.length === 0) return only
  if (only !== undefined) {
    const numbers = [only, ...others].map((sender) => sender.slice(sender.indexOf(':') + 1))
    throw new Error(
      `Several co-ops have a number on ${channel}. Name the one to text: --to ${numbers.join(' or --to ')}`,
    )
  }
  throw new Error(`The pretend carrier has no sender on ${channel}: apply a charter that names one`)
}

function header({ address, to }: Phone): string {
  return [
    `A pretend phone, ${address}, texting ${to}.`,
    'Type a text and press Enter. /help shows what else it can do.',
    '',
  ].join('\n')
}

async function listen(phone: Phone): Promise<void> {
  while (!phone.closed) {
    await show(phone, phone.away ? 0 : 30).catch(async (error) => {
      if (phone.closed) return
      if (!(error instanceof CarrierAway)) print(phone, problemOf(error))
      await new Promise((resolve) => setTimeout(resolve, 1000))
    })
  }
}

/** Asks the carrier; that it is away is said once, and that it is back. */
async function ask<T>(phone: Phone, question: (line: PhoneLine) => Promise<T>): Promise<T> {
  try {
    const answer = await question(phone.line)
    notice(phone, false)
    return answer
  } catch (error) {
    if (error instanceof CarrierAway) notice(phone, true)
    throw error
  }
}

function notice(phone: Phone, away: boolean): void {
  if (phone.closed || phone.away === away) return
  phone.away = away
  print(phone, away ? '(Coopline is away: start it again, and this phone goes on)' : '(Coopline is back)')
}

async function show(phone: Phone, waitSeconds: number): Promise<void> {
  const events = await ask(phone, (line) => line.received(waitSeconds))
  for (const { from, body, kind } of events) {
    const sender = kind === 'carrier' ? 'the carrier' : from.slice(from.indexOf(':') + 1)
    print(phone, `${sender}> ${body.replaceAll('\n', '\n    ')}\n    ${cost(phone, body)}`)
  }
}

function cost({ address, countSegments }: Phone, body: string): string {
  const length = [...body].length
  if (channelOf(address) === 'whatsapp') return `[WhatsApp, ${length} characters]`
  const { segments, encoding } = countSegments(body)
  return `[${segments} SMS ${segments === 1 ? 'part' : 'parts'}, ${encoding}, ${length} characters]`
}

// What arrives must not be written into the middle of what is being typed.
function print({ output, terminal, isTyped, closed }: Phone, text: string): void {
  const isTyping = isTyped && !closed
  output.write(`${isTyping ? '\r\x1b[K' : ''}${text}\n`)
  if (isTyping) terminal.prompt(true)
}

const help = [
  '/repeat      Twilio repeats the last webhook: nothing must happen twice',
  '/press ID    press the button or choose the list item with this id (WhatsApp)',
  '/photo       send a picture',
  '/place       send a location (WhatsApp)',
  '/to NUMBER   text another of the co-op numbers; /to alone lists them',
  '/quit        put the phone away',
].join('\n')

async function take(phone: Phone, typed: string): Promise<boolean> {
  const [command = '', argument = ''] = typed.split(/\s+/, 2)
  try {
    if (command === '/quit') return false
    if (command === '/help') print(phone, help)
    else if (command === '/to') await redirect(phone, argument)
    else if (command === '/repeat') report(phone, await ask(phone, (line) => line.repeat()), 'repeated')
    else if (command.startsWith('/')) await sendSpecial(phone, command, argument)
    else if (typed !== '') await say(phone, { to: phone.to, body: typed })
  } catch (error) {
    print(phone, problemOf(error))
  }
  return true
}

function problemOf(error: unknown): string {
  if (!(error instanceof CarrierAway)) return `(${error instanceof Error ? error.message : 'That did not work'})`
  if (!error.wasAsked) return '(Not sent: Coopline is away)'
  return '(Coopline went away before it answered: this may have been sent or not)'
}

async function sendSpecial(phone: Phone, command: string, argument: string): Promise<void> {
  const { to } = phone
  if (command === '/photo') return say(phone, { to, media: 1 })
  if (command === '/place') return say(phone, { to, location: { latitude: -1.286, longitude: 36.817 } })
  if (command === '/press' && argument !== '') {
    return say(phone, { to, button: { payload: argument, text: argument } })
  }
  print(phone, `(This phone has no ${command}; /help shows what it has)`)
}

async function redirect(phone: Phone, number: string): Promise<void> {
  const senders = (await ask(phone, (line) => line.senders())).filter(
    (sender) => channelOf(sender) === channelOf(phone.address),
  )
  const found = senders.find((sender) => number !== '' && (sender === number || sender.endsWith(`:${number}`)))
  if (found !== undefined) phone.to = found
  print(phone, found === undefined ? senders.join('\n') : `(Now texting ${found})`)
}

async function say(phone: Phone, said: Said): Promise<void> {
  report(phone, await ask(phone, (line) => line.say(said)))
  await show(phone, 0)
}

function report(
  phone: Phone,
  { status, attempts, twiml }: Awaited<ReturnType<PhoneLine['say']>>,
  done?: string,
): void {
  const times = attempts === 1 ? 'once' : `${attempts} times`
  if (status === undefined) print(phone, `(The co-op did not answer; called ${times}. Is it running?)`)
  else if (status >= 400) print(phone, `(The co-op answered HTTP ${status}; called ${times})`)
  else if (done !== undefined) print(phone, `(${done}; the co-op answered: ${twiml ?? ''})`)
}
