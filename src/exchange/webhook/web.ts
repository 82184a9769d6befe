// The web process: two webhooks and two probes. The webhooks are answered before Express sees them: its routing took a
// tenth of what a message costs. A webhook that is none of ours costs one log line and leaves no state; no answer shows
// an error's inside.
import type http from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import express from 'express'
import type { Log } from '../../log.ts'
import { recordStatus } from '../../messaging/callbacks/statuses.ts'
import type { Timing } from '../../timing.ts'
import { messageSid } from '../../twilio/names.ts'
import { readStatus } from '../../twilio/status.ts'
import { emptyTwiml, messageTwiml } from '../../twilio/twiml.ts'
import type { Counter } from '../counter.ts'
import type { Answer } from '../message.ts'
import { type Came, isRefused, type Refused, readSigned } from './arrival.ts'
import { type Body, readBody } from './body.ts'
import { listen } from './listen.ts'
import { readiness } from './readiness.ts'

// An import of `node:http` brings an HTTP client with WebSockets: 8 MB of memory, and a tenth of each start.
const { createServer } = process.getBuiltinModule('node:http')

export interface Web {
  /** Listens; resolves to the port. */
  listen(port: number, host: string): Promise<number>
  /** Serves on for `letGoMs` and says not ready; then refuses what is new and finishes what is under way. */
  stop(letGoMs?: number): Promise<void>
}

export const inboundPath = '/twilio/inbound'
export const statusPath = '/twilio/status'

/** The HTTP side of a web process. */
export function openWeb(counter: Counter): Web {
  const state = { stopping: false }
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.get('/healthz', (_request, response) => send(response, 200, 'text/plain', 'ok\n'))
  app.get('/readyz', async (_request, response) => {
    const { ready, ...said } = await readiness(counter, state.stopping)
    send(response, ready ? 200 : 503, 'application/json', `${JSON.stringify(said)}\n`)
  })
  app.use((request, response) => {
    if (request.method === 'POST') refuse(counter.parts.log, request, response, notThere)
    else send(response, 404, 'text/plain', 'not found\n')
  })
  app.use(failed(counter.parts.log))
  const server = createServer(limitsOf(counter.parts.config.timing), (request, response) => {
    if (state.stopping) response.shouldKeepAlive = false
    const handle = webhooks.get(pathOf(request))
    if (!handle) app(request, response)
    else if (request.method === 'POST') void webhook(counter, request, response, handle)
    else refuse(counter.parts.log, request, response, notByPost)
  })
  server.maxConnections = 2_000
  server.on('clientError', (error, socket) => refuseConnection(counter.parts.log, socket, error))
  return {
    listen: (port, host) => listen(server, port, host),
    stop: async (letGoMs = 0) => {
      state.stopping = true
      if (letGoMs > 0) await pause(letGoMs)
      await close(server, counter.parts.config.timing.drain)
    },
  }
}

function limitsOf({ head, request }: Timing): http.ServerOptions {
  const headersTimeout = Math.min(head, request)
  return {
    headersTimeout,
    requestTimeout: request,
    connectionsCheckingInterval: Math.ceil(headersTimeout / 5),
    maxHeaderSize: 16_384,
    // Longer than a load balancer keeps an idle connection: whoever closes first must not be us.
    keepAliveTimeout: 75_000,
  }
}

// Twilio lets an organiser choose GET, or another address: unsaid, every message would be lost without a line in the
// log.
const notByPost: Refused = { status: 405, reason: 'a webhook comes by POST: have the carrier use HTTP POST' }
const notThere: Refused = {
  status: 404,
  reason: `no webhook stands here: have the carrier post to ${inboundPath} and ${statusPath}`,
}

type Handler = (counter: Counter, came: Came, query: string) => Promise<Sent | Refused>
interface Sent {
  readonly twiml: string
}

const pathOf = ({ url = '/' }: http.IncomingMessage): string => {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}

async function webhook(
  counter: Counter,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  handle: Handler,
): Promise<void> {
  try {
    const body = await readBody(request)
    const result =
      'refused' in body ? body.refused : await handle(counter, cameBy(counter, request, body), body.query)
    if (isRefused(result)) refuse(counter.parts.log, request, response, result)
    else send(response, 200, 'text/xml; charset=utf-8', result.twiml)
  } catch (error) {
    sayFailed(counter.parts.log, request, response, error)
  }
}

async function receive(counter: Counter, came: Came): Promise<Sent | Refused> {
  const message = await counter.read(came)
  if (isRefused(message)) return message
  const linked = message.alias === undefined ? message : await counter.aliases.link(message)
  const answer = await counter.gather.submit(linked)
  return { twiml: twimlOf(counter, message.sid, answer) }
}

// A reply that states a fact asks the carrier to say that it arrived.
function twimlOf(counter: Counter, sid: string, answer: Answer): string {
  if (answer.end === 'put_aside' || answer.text === undefined) return emptyTwiml
  const action = `${counter.parts.config.twilio.publicUrl}${statusPath}?i=${sid}`
  return answer.statesFact ? messageTwiml(answer.text, action) : messageTwiml(answer.text)
}

async function report(counter: Counter, came: Came, query: string): Promise<Sent | Refused> {
  const read = readSigned(counter.arrivals, came)
  if (isRefused(read)) return read
  const status = readStatus(read.form, counter.arrivals.accountSid)
  if ('rejected' in status) return { status: 400, reason: status.rejected }
  await recordStatus(counter.desk, status, aboutOf(query))
  return { twiml: emptyTwiml }
}

const webhooks: ReadonlyMap<string, Handler> = new Map([
  [inboundPath, receive],
  [statusPath, report],
])

function cameBy({ parts }: Counter, request: http.IncomingMessage, { text, query }: Body): Came {
  const signature = request.headers['x-twilio-signature']
  return {
    body: text,
    url: `${parts.config.twilio.publicUrl}${pathOf(request)}${query}`,
    signature: typeof signature === 'string' ? signature : undefined,
  }
}

function aboutOf(query: string) {
  const asked = new URLSearchParams(query)
  const [outboxId, attempt, inboundSid] = [asked.get('o'), asked.get('a'), asked.get('i')]
  return {
    ...(outboxId && /^\d{1,15}$/.test(outboxId) && { outboxId: Number(outboxId) }),
    ...(attempt && /^\d{1,4}$/.test(attempt) && { attempt: Number(attempt) }),
    ...(inboundSid && messageSid.test(inboundSid) && { inboundSid }),
  }
}

function refuse(
  log: Log,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  { status, reason }: Refused,
): void {
  const path = pathOf(request)
  // Another path is anybody's, and may name a person.
  const named = webhooks.has(path) && { path }
  sayRefused(log, request.socket, { event: 'request_rejected', ...named, status, reason })
  response.setHeader('connection', 'close')
  if (status === 405) response.setHeader('allow', 'POST')
  send(response, status, 'text/plain', `${reason}\n`)
}

// What is no whole request: no HTTP, too slow, or broken off while somebody still waits for an answer.
function refuseConnection(log: Log, socket: Duplex, error: Error): void {
  if (!socket.writable) return void socket.destroy()
  const reason: unknown = Reflect.get(error, 'code')
  const [status, phrase] = reason === 'ERR_HTTP_REQUEST_TIMEOUT' ? [408, 'Request Timeout'] : [400, 'Bad Request']
  sayRefused(log, socket, { event: 'request_malformed', status, reason })
  socket.end(`HTTP/1.1 ${status} ${phrase}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
  // What drips in after the answer must not become a request after all.
  if (status === 408) socket.once('finish', () => socket.destroy())
}

// A connection ends with its first refusal: whatever else goes wrong on it is still the same request.
const refused = new WeakSet<Duplex>()

function sayRefused(
  log: Log,
  connection: Duplex,
  line: { readonly event: string; readonly [key: string]: unknown },
) {
  if (refused.has(connection)) return
  refused.add(connection)
  log.info(line)
}

function send(response: http.ServerResponse, status: number, type: string, text: string): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, ['content-type', type, 'content-length', String(Buffer.byteLength(text))])
  response.end(text)
}

// What could not even be put aside: the carrier tries the fallback URL, or again.
function sayFailed(log: Log, request: http.IncomingMessage, response: http.ServerResponse, error: unknown): void {
  log.error({ event: 'request_failed', path: pathOf(request), reason: String(error) })
  send(response, 503, 'text/plain', 'try again\n')
}

function failed(log: Log): express.ErrorRequestHandler {
  return (error: Error, request, response, _next) => sayFailed(log, request, response, error)
}

async function close(server: http.Server, drainMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A kept connection whose last answer was under way becomes idle only later.
  const tidy = setInterval(() => server.closeIdleConnections(), 50)
  const late = setTimeout(() => server.closeAllConnections(), drainMs)
  await closed
  clearInterval(tidy)
  clearTimeout(late)
}
