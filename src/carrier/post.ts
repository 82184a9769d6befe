// One signed form, posted as Twilio posts it; a failed connection is told apart from an answer that never came.
// It tries once: what follows a failure is the business of who calls.

import http from 'node:http'
import https from 'node:https'
import { type Form, readForm } from '../twilio/form.ts'
import { sign } from '../twilio/signature.ts'

export interface Post {
  readonly url: string
  readonly parameters: Readonly<Record<string, string>>
  readonly authToken: string
  readonly reach?: string
  readonly timeoutMs: number
  /** The same over one chain of attempts. */
  readonly idempotencyToken: string
  /** Cut the connection when the request is out. */
  readonly cut?: boolean
}

export type Posted =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'not_connected' }
  | { readonly kind: 'no_answer' }

/** Posts the form and resolves with what came of it. */
export function post(order: Post): Promise<Posted> {
  const body = new URLSearchParams(order.parameters).toString()
  const target = targetOf(order)
  const { promise, resolve } = Promise.withResolvers<Posted>()
  const request = (target.protocol === 'https:' ? https : http).request(target, {
    method: 'POST',
    agent: target.protocol === 'https:' ? https.globalAgent : agent,
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'TwilioProxy/1.1',
      'i-twilio-idempotency-token': order.idempotencyToken,
      'x-twilio-signature': sign(order.authToken, order.url, readForm(body) ?? noForm()),
    },
  })
  let connected = false
  request.on('socket', (socket) => {
    if (!socket.connecting) connected = true
    else socket.once('connect', () => (connected = true))
  })
  const timer = setTimeout(() => request.destroy(new Error('no answer in time')), order.timeoutMs)
  request.on('response', (response) => resolve(answerOf(response)))
  request.on('error', () => resolve({ kind: connected ? 'no_answer' : 'not_connected' }))
  request.on('close', () => clearTimeout(timer))
  request.end(body, () => order.cut && setTimeout(() => request.destroy(), CUT_AFTER_MS))
  return promise
}

const agent = new http.Agent({ keepAlive: true })

// Enough for the other side to have read the request.
const CUT_AFTER_MS = 50

function targetOf({ url, reach }: Post): URL {
  const signed = new URL(url)
  return reach === undefined ? signed : new URL(signed.pathname + signed.search, reach)
}

function noForm(): Form {
  throw new Error('The pretend carrier made a form that is none; more than 200 parameters?')
}

async function answerOf(response: http.IncomingMessage): Promise<Posted> {
  try {
    let body = ''
    for await (const chunk of response.setEncoding('utf8')) body += chunk
    return { kind: 'answered', status: response.statusCode ?? 0, body }
  } catch {
    return { kind: 'no_answer' }
  }
}
