// Writes the answer to a webhook: TwiML that says nothing, or one message.
// It writes no other verb and never fails on a character: what XML cannot hold is left out.

const declaration = '<?xml version="1.0" encoding="UTF-8"?>'

/** The answer that says nothing. */
export const emptyTwiml = `${declaration}<Response/>`

/** The answer that says one text; the carrier then reports on its delivery to `action`, if given. */
export function messageTwiml(text: string, action?: string): string {
  const said = legal(text)
  // A message without text is an error at Twilio, not silence.
  if (said === '') return emptyTwiml
  const attribute = action === undefined ? '' : ` action="${escapeAttribute(legal(action))}"`
  return `${declaration}<Response><Message${attribute}>${escapeText(said)}</Message></Response>`
}

const plain = /^[\x20-\x7e]*$/
const illegal = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g

function legal(text: string): string {
  return plain.test(text) ? text : text.toWellFormed().replace(illegal, '')
}

const special = /[&<>"\t\n\r]/

function escapeText(text: string): string {
  if (!special.test(text)) return text
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;')
}

function escapeAttribute(text: string): string {
  if (!special.test(text)) return text
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  return escaped.replaceAll('\t', '&#x9;').replaceAll('\n', '&#xA;').replaceAll('\r', '&#xD;')
}
