// The webhooks of the load, byte for byte as the carrier posts them: every key that it always sends, and its signature
// over them. Made before the clock starts, so that making them costs no run anything.
import { sign } from '../../src/twilio/signature.ts'
import type { Person } from './dialogue.ts'

/** The account that all stages answer for, and where the carrier believes them to be. */
export const account = {
  publicUrl: 'https://line.example.org',
  sid: `AC${'0'.repeat(32)}`,
  token: 'bench-auth-token',
  number: '+447700900100',
} as const
export const inboundPath = '/twilio/inbound'

type Fields = Record<string, string>

/** The keys of a message: 21 on SMS, 20 on WhatsApp. */
export function fieldsOf(person: Person, body: string, sid: string): Fields {
  const prefix = person.channel === 'whatsapp' ? 'whatsapp:' : ''
  return {
    AccountSid: account.sid,
    ApiVersion: '2010-04-01',
    Body: body,
    From: prefix + person.phone,
    MessageSid: sid,
    MessagingServiceSid: `MG${'0'.repeat(32)}`,
    NumMedia: '0',
    NumSegments: '1',
    SmsMessageSid: sid,
    SmsSid: sid,
    SmsStatus: 'received',
    To: prefix + account.number,
    ...(person.channel === 'whatsapp' ? whatsappFields(person) : smsFields),
  }
}

const smsFields: Fields = {
  FromCity: '',
  FromCountry: 'GB',
  FromState: '',
  FromZip: '',
  ToCity: '',
  ToCountry: 'GB',
  ToState: '',
  ToZip: '',
}

const whatsappFields = ({ phone }: Person): Fields => ({
  ChannelMetadata: JSON.stringify({
    type: 'whatsapp',
    data: { context: { ProfileName: 'Asha', WaId: phone.slice(1) } },
  }),
  ChannelPrefix: 'whatsapp',
  Forwarded: 'false',
  MessageType: 'text',
  ProfileName: 'Asha',
  ReferralNumMedia: '0',
  WaId: phone.slice(1),
})

/** A signed request. */
export const signedRequest = (person: Person, body: string, sid: string): Buffer => {
  const fields = fieldsOf(person, body, sid)
  return requestOf(fields, signatureOf(fields))
}

/** The carrier's signature over these keys, by another token or for another address if so told. */
export const signatureOf = (
  fields: Fields,
  token: string = account.token,
  url: string = account.publicUrl + inboundPath,
): string => sign(token, url, fields)

/** A request with this signature, or with none. */
export function requestOf(fields: Fields, signature: string | undefined): Buffer {
  const form = Object.entries(fields)
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .join('&')
  const head = [
    `POST ${inboundPath} HTTP/1.1`,
    `Host: ${new URL(account.publicUrl).host}`,
    'User-Agent: TwilioProxy/1.1',
    'Accept: */*',
    'Content-Type: application/x-www-form-urlencoded; charset=UTF-8',
    `I-Twilio-Idempotency-Token: ${fields.MessageSid}`,
    ...(signature === undefined ? [] : [`X-Twilio-Signature: ${signature}`]),
    `Content-Length: ${form.length}`,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${form}`, 'latin1')
}

/** The id of a sender's message: the same in each run, since each has a database of its own. */
export const sidOf = ({ n }: Person, at: number): string =>
  `SM${n.toString(16).padStart(16, '0')}${at.toString(16).padStart(16, '0')}`
