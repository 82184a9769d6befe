// What the pretend carrier's HTTP server reads and writes, whichever API it is for.

import type { IncomingMessage, ServerResponse } from 'node:http'

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

/** Everything a request carries, as text. */
export async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text
}

/** Writes an answer. */
export function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=utf-8', ...headers }).end(body)
}

/** An answer in JSON. */
export function json(status: number, body: object): Reply {
  return { status, body: JSON.stringify(body) }
}

/** A refusal as Twilio words it. */
export function refusal(status: number, code: number, message: string): Reply {
  return json(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status })
}
