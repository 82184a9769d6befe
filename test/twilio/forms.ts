// Two inbound forms with every key that Twilio always sends; a test changes what it is about.

export const account = `AC${'0'.repeat(32)}`
export const id = `SM${'0123456789abcdef'.repeat(2)}`

export const smsForm = {
  AccountSid: account,
  ApiVersion: '2010-04-01',
  Body: '8.5 1900 300',
  From: '+14155550100',
  FromCity: '',
  FromCountry: 'US',
  MessageSid: id,
  NumMedia: '0',
  NumSegments: '1',
  SmsMessageSid: id,
  SmsSid: id,
  SmsStatus: 'received',
  To: '+447700900100',
  ToCountry: 'GB',
}

export const whatsappForm = {
  AccountSid: account,
  ApiVersion: '2010-04-01',
  Body: 'For',
  From: 'whatsapp:+14155550100',
  MessageSid: id,
  MessageType: 'text',
  NumMedia: '0',
  NumSegments: '1',
  ProfileName: 'Amina',
  SmsMessageSid: id,
  SmsSid: id,
  SmsStatus: 'received',
  To: 'whatsapp:+447700900100',
  WaId: '14155550100',
}
