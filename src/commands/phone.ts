// npm run phone: a phone in the terminal, on the pretend carrier of the instance that runs here.
import { Command } from 'commander'
import { runPhone } from '../carrier/phone.ts'
import type { CarrierPlace } from '../carrier/phone_line.ts'
import { readSettings } from '../config.ts'
import { type Address, type Channel, phoneOf, readAddress } from '../coop/members/address.ts'
import { countSegments } from '../messaging/speak/segments.ts'
import { findInstance } from '../store/instance.ts'
import { CommandError } from './place.ts'

interface Options {
  readonly whatsapp?: true
  readonly to?: string
}

export const phoneCommand = (): Command =>
  new Command('phone')
    .description('a phone in the terminal, on the pretend carrier')
    .argument('<number>', 'such as +447700901001')
    .option('--whatsapp', 'speak WhatsApp instead of SMS')
    .option('--to <number>', "the co-op's number, where there are several; without it they are listed")
    .action((number: string, options: Options) => phone(number, options))

async function phone(number: string, { whatsapp, to }: Options): Promise<void> {
  const channel = whatsapp ? 'whatsapp' : 'sms'
  const address = addressIn(number, channel)
  const called = to === undefined ? undefined : addressIn(to, channel)
  const { data } = readSettings('command')
  if (!findInstance(data))
    throw new CommandError(`No Coopline runs on ${data}. Start it in another terminal with "npm start".`)
  if (!carrierOn(data)) {
    throw new CommandError('This Coopline has a real carrier: text it from a real phone.')
  }
  await runPhone({
    find: () => carrierOn(data),
    address,
    ...(called && { to: called }),
    countSegments,
    input: process.stdin,
    output: process.stdout,
  })
}

/** The pretend carrier of the instance that runs now: each start has a port and a token of its own. */
function carrierOn(data: string): CarrierPlace | undefined {
  const { carrierUrl, authToken: controlToken } = findInstance(data) ?? {}
  return carrierUrl && controlToken ? { carrierUrl, controlToken } : undefined
}

function addressIn(number: string, channel: Channel): Address {
  const address = readAddress(`${channel}:${number.replaceAll(/[ ()-]/g, '')}`)
  // A short code is an address, and no phone of a person.
  if (address && phoneOf(address)) return address
  throw new CommandError('Write a phone number with its country, such as +447700901001.')
}
