// Reads a signed form as one inbound message in our own words; Twilio's field names end here.
// It never answers, never looks anything up, and a rejection names a key, never what stood in it.

import { type Address, addressOn, channelOf, phoneOf, readAddress } from '../coop/members/address.ts'
import { accountKey, type Form, type Rejection, type Required, rejected } from './form.ts'
import { addressNamed, messageSid } from './names.ts'
import { isAmbiguous } from './resplit.ts'

export interface Inbound {
  /** The carrier's id of this message. */
  readonly id: string
  readonly from: Address
  /** The co-op's sender it was sent to. */
  readonly to: Address
  readonly body: string
  /** The id, one of ours, of the button or list item she chose. */
  readonly choice?: string
  /** The carrier's id of our message she replied to. */
  readonly inReplyTo?: string
  /** The other address that this webhook shows for the same WhatsApp person. */
  readonly alias?: Address
  /** Media or a location came with it. */
  readonly attached: boolean
  /** The carrier has acted on this word and answered it already. */
  readonly carrierWord?: 'stop' | 'start' | 'help'
}

/** Reads an inbound message, or says which key makes it none. */
export function readInbound(form: Form, accountSid: string): Inbound | Rejection {
  const lack = rejected(form, required, accountSid)
  if (lack) return lack
  const from = addressNamed(single(form, 'From'))
  if (from === undefined) return { rejected: 'From is not an address' }
  const to = addressNamed(single(form, 'To'))
  if (to === undefined) return { rejected: 'To is not an address' }
  if (channelOf(from) !== channelOf(to)) return { rejected: 'From and To are on different channels' }
  if (isAmbiguous(form)) return { rejected: 'the keys can be split in more than one way' }
  return { id: single(form, 'MessageSid'), from, to, body: cleanBody(single(form, 'Body')), ...extras(form, from) }
}

// What Twilio always sends. A signature joins keys and values without a border: only shapes as strict as these
// keep a signed form from being cut into other keys that it signs as well.
const required: Required = [
  ['MessageSid', messageSid],
  accountKey,
  ['From', /^/],
  ['To', /^/],
  ['Body', /^/],
  ['NumMedia', /^\d{1,3}$/],
  ['NumSegments', /^\d{1,4}$/],
  ['ApiVersion', /^\d{4}-\d\d-\d\d$/],
]

function single(form: Form, key: string): string {
  const value = form[key]
  return typeof value === 'string' ? value : ''
}

type Extras = Omit<Inbound, 'id' | 'from' | 'to' | 'body'>

function extras(form: Form, from: Address): Extras {
  const carrierWord = carrierWords.get(single(form, 'OptOutType'))
  return {
    ...(channelOf(from) === 'whatsapp' && whatsappExtras(form, from)),
    attached: hasAttachment(form),
    ...(carrierWord !== undefined && { carrierWord }),
  }
}

const carrierWords: ReadonlyMap<string, 'stop' | 'start' | 'help'> = new Map([
  ['STOP', 'stop'],
  ['START', 'start'],
  ['HELP', 'help'],
])

function hasAttachment(form: Form): boolean {
  return Number(form.NumMedia) > 0 || (single(form, 'Latitude') !== '' && single(form, 'Longitude') !== '')
}

function whatsappExtras(form: Form, from: Address): Omit<Extras, 'attached'> {
  const choice = [single(form, 'ButtonPayload'), single(form, 'ListId')].find((id) => ourId.test(id))
  const inReplyTo = single(form, 'OriginalRepliedMessageSid')
  const alias = aliasOf(form, from)
  return {
    ...(choice !== undefined && { choice }),
    ...(messageSid.test(inReplyTo) && { inReplyTo }),
    ...(alias !== undefined && { alias }),
  }
}

const ourId = /^[\x21-\x7e]{1,200}$/

// A person is named by number or by business-scoped id; the other name, where shown, stands in another key.
function aliasOf(form: Form, from: Address): Address | undefined {
  if (phoneOf(from) === undefined) {
    const digits = single(form, 'WaId')
    return /^[1-9]\d{6,14}$/.test(digits) ? addressOn('whatsapp', `+${digits}`) : undefined
  }
  const id = single(form, 'ExternalUserId')
  const alias = readAddress(id.startsWith('whatsapp:') ? id : `whatsapp:${id}`)
  return alias !== undefined && phoneOf(alias) === undefined ? alias : undefined
}

const LONGEST_BODY = 1600
const plain = /^[\x20-\x7e]*$/
const space = /\r\n|[\t\n\v\f\r\u0085\u2028\u2029]/g
const control = /[\x00-\x1f\x7f-\x9f]/g

function cleanBody(body: string): string {
  const clean = plain.test(body)
    ? body
    : body.toWellFormed().replace(space, ' ').replace(control, '').normalize('NFC')
  // Cutting may halve a surrogate pair.
  return clean.length <= LONGEST_BODY ? clean : clean.slice(0, LONGEST_BODY).replace(/[\ud800-\udbff]$/, '')
}
