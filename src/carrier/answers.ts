// Reads the TwiML that a webhook was answered with, as far as messages go: <Message>, with or without <Body>.
// It is strict where Twilio is: what is not a <Response> is an error, not a message.

export interface Answer {
  readonly text: string
  readonly action?: string
}

const response = /^\s*(?:<\?xml[^>]*\?>)?\s*<Response\s*(?:\/>|>(.*)<\/Response>)\s*$/s
const message = /<Message([^>]*?)(?:\/>|>(.*?)<\/Message>)/gs
const MOST_MESSAGES = 10

/** The messages of a TwiML document; undefined where it is none. */
export function readTwiml(document: string): readonly Answer[] | undefined {
  const found = response.exec(document)
  if (found === null) return undefined
  const verbs = found[1] ?? ''
  if (verbs.replace(message, '').trim() !== '') return undefined
  return [...verbs.matchAll(message)].slice(0, MOST_MESSAGES).map(([, attributes = '', content = '']) => {
    const action = /\baction="([^"]*)"/.exec(attributes)?.[1]
    const text = plain(/^\s*<Body>(.*)<\/Body>\s*$/s.exec(content)?.[1] ?? content)
    return action === undefined ? { text } : { text, action: plain(action) }
  })
}

const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

function plain(xml: string): string {
  return xml.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
    return entities.get(name) ?? whole
  })
}
