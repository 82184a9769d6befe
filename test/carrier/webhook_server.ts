// A co-op's end of the wire for the tests of the pretend carrier: it checks each form with twilio-node, keeps it,
// and answers what the test says.

import { createServer } from 'node:http'
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js'
import { readForm } from '../../src/twilio/form.ts'
import { emptyTwiml } from '../../src/twilio/twiml.ts'

interface Called {
  readonly path: string
  readonly form: Readonly<Record<string, string>>
  readonly signed: boolean
  readonly token: string
}

interface Reply {
  readonly status?: number
  readonly body?: string
  readonly afterMs?: number
}

export interface WebhookServer {
  readonly url: string
  readonly calls: Called[]
  answer(reply: (called: Called) => Reply): void
  stop(): Promise<void>
}

export async function startWebhookServer(authToken: string): Promise<WebhookServer> {
  const calls: Called[] = []
  let reply: (called: Called) => Reply = () => ({})
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const form = { ...readForm(body) } as Record<string, string>
    const signature = String(request.headers['x-twilio-signature'])
    const signed = validateRequest(authToken, signature, url + request.url, form)
    const token = String(request.headers['i-twilio-idempotency-token'])
    const called = { path: request.url ?? '', form, signed, token }
    calls.push(called)
    const { status = 200, body: answer = emptyTwiml, afterMs = 0 } = reply(called)
    setTimeout(() => response.writeHead(status, { 'content-type': 'text/xml' }).end(answer), afterMs)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  const answer: WebhookServer['answer'] = (next) => {
    reply = next
  }
  return { url, calls, answer, stop }
}
