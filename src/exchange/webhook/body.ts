// Reads the body of a webhook: a form of at most 64 kB, as Twilio sends it, and nothing else. It keeps no more than
// that in memory, whatever the request claims or does.
import type { IncomingMessage } from 'node:http'
import type { Refused } from './arrival.ts'

export interface Body {
  /** One character for each byte: a form is ASCII, and what is not is found out by its reader. */
  readonly text: string
  /** The query as it was sent, with its question mark; it is signed too. */
  readonly query: string
}
export interface BodyRefused {
  readonly refused: Refused
}

const mostBytes = 65_536
const formType = /^application\/x-www-form-urlencoded(?:\s*;\s*charset="?utf-8"?)?\s*$/i

/** The body, or why it is refused. */
export function readBody(request: IncomingMessage): Promise<Body | BodyRefused> {
  const { headers } = request
  const refuse = (status: Refused['status'], reason: string) => Promise.resolve({ refused: { status, reason } })
  if (!formType.test(headers['content-type'] ?? '')) return refuse(415, 'the content type is not a form in UTF-8')
  if (headers['content-encoding'] !== undefined) return refuse(415, 'the body is compressed')
  if (Number(headers['content-length'] ?? 0) > mostBytes) return refuse(413, 'the body is longer than 64 kB')
  return collect(request)
}

function collect(request: IncomingMessage): Promise<Body | BodyRefused> {
  return new Promise((resolve) => {
    const brokeOff = () => resolve({ refused: { status: 400, reason: 'the body broke off' } })
    let text = ''
    request.on('data', (chunk: Buffer) => {
      if (text.length + chunk.length > mostBytes)
        resolve({ refused: { status: 413, reason: 'the body is longer than 64 kB' } })
      else text += chunk.toString('latin1')
    })
    request.on('end', () => resolve({ text, query: queryOf(request.url ?? '') }))
    request.on('error', brokeOff)
    request.on('aborted', brokeOff)
  })
}

const queryOf = (url: string): string => {
  const at = url.indexOf('?')
  return at < 0 ? '' : url.slice(at)
}
