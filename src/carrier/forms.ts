// The forms that Twilio posts: an inbound message on SMS or WhatsApp, and the status of an outbound one.
// Every key that Twilio always sends is there, with its own names.

import { type Address, channelOf, phoneOf } from '../coop/members/address.ts'
import { nameAtCarrier } from '../twilio/names.ts'
import type { Message } from './messages.ts'
import type { CarrierWord } from './opt_outs.ts'

/** What a person sends from her phone. */
export interface Said {
  /** The co-op's sender. */
  readonly to: Address
  readonly body?: string
  readonly button?: { readonly payload: string; readonly text: string }
  readonly item?: { readonly id: string; readonly title: string }
  readonly location?: { readonly latitude: number; readonly longitude: number }
  readonly media?: number
  /** The carrier's id of the message she replies to. */
  readonly inReplyTo?: string
  readonly profileName?: string
  /** Her business-scoped id, shown beside her number: `US.1349…`. */
  readonly userId?: string
  readonly sid?: string
}

type Parameters = Record<string, string>

/** The form of an inbound message. */
export function inboundForm(accountSid: string, message: Message, said: Said, word?: CarrierWord): Parameters {
  return {
    SmsMessageSid: message.sid,
    NumMedia: String(message.media),
    SmsSid: message.sid,
    SmsStatus: 'received',
    Body: message.body,
    To: nameAtCarrier(message.to),
    NumSegments: String(message.segments),
    MessageSid: message.sid,
    AccountSid: accountSid,
    From: nameAtCarrier(message.from),
    ApiVersion: '2010-04-01',
    ...mediaKeys(message.media),
    ...(word !== undefined && { OptOutType: word }),
    ...(channelOf(message.from) === 'sms' ? placeKeys() : whatsappKeys(message, said)),
  }
}

function mediaKeys(media: number): Parameters {
  const keys: Parameters = {}
  for (let n = 0; n < media; n++) {
    keys[`MediaContentType${n}`] = 'image/jpeg'
    keys[`MediaUrl${n}`] = `https://api.twilio.com/media/${n}`
  }
  return keys
}

function placeKeys(): Parameters {
  const ends = ['From', 'To'].flatMap((end) => ['City', 'State', 'Zip', 'Country'].map((part) => end + part))
  return Object.fromEntries(ends.map((key) => [key, '']))
}

function whatsappKeys(message: Message, said: Said): Parameters {
  const phone = phoneOf(message.from)
  const userId = phone === undefined ? message.from : said.userId && `whatsapp:${said.userId}`
  return {
    ProfileName: said.profileName ?? 'Member',
    MessageType: messageType(said),
    ReferralNumMedia: '0',
    ...(phone !== undefined && { WaId: phone.slice(1) }),
    ...(userId && { ExternalUserId: userId }),
    ...(said.button && { ButtonPayload: said.button.payload, ButtonText: said.button.text }),
    ...(said.item && { ListId: said.item.id, ListTitle: said.item.title }),
    ...(said.location && { Latitude: `${said.location.latitude}`, Longitude: `${said.location.longitude}` }),
    ...(said.inReplyTo && {
      OriginalRepliedMessageSid: said.inReplyTo,
      OriginalRepliedMessageSender: nameAtCarrier(message.to),
    }),
  }
}

function messageType(said: Said): string {
  if (said.button) return 'button'
  if (said.item) return 'interactive'
  if (said.location) return 'location'
  return said.media ? 'image' : 'text'
}

/** The form of a status callback. */
export function statusForm(accountSid: string, message: Message, status: string, errorCode?: number): Parameters {
  return {
    SmsSid: message.sid,
    SmsStatus: status,
    MessageStatus: status,
    To: nameAtCarrier(message.to),
    MessageSid: message.sid,
    AccountSid: accountSid,
    From: nameAtCarrier(message.from),
    ApiVersion: '2010-04-01',
    ...(errorCode !== undefined && { ErrorCode: String(errorCode) }),
    ...(channelOf(message.to) === 'whatsapp' && {
      ChannelPrefix: 'whatsapp',
      ChannelToAddress: nameAtCarrier(message.to),
    }),
  }
}
