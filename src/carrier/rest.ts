// Twilio's REST API as far as the co-op uses it: create, read and list messages, and read the account.
// Its answers have the shape of Twilio's OpenAPI file; what it does not know it answers with 404.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { readForm } from '../twilio/form.ts'
import { createMessage } from './creation.ts'
import { shown } from './messages.ts'
import type { Network } from './network.ts'
import { json, type Reply, refusal, send, textOf } from './replies.ts'

/** Answers one request of the REST API. */
export async function answerRest(
  network: Network,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://carrier')
  const path = /^\/2010-04-01\/Accounts\/(\w+)(?:\/Messages(?:\/(\w+))?)?\.json$/.exec(url.pathname)
  if (!isSignedIn(network, request.headers.authorization))
    return send(response, refusal(401, 20003, 'Authenticate'))
  const [, account, sid] = path ?? []
  if (account !== network.settings.accountSid) return send(response, notFound(url))
  if (!url.pathname.includes('/Messages')) return send(response, json(200, accountShown(account)))
  if (request.method === 'POST' && sid === undefined) {
    const form = readForm(await textOf(request))
    return createMessage(network, form ?? {}, response)
  }
  if (request.method !== 'GET') return send(response, refusal(405, 20004, 'Method not allowed'))
  if (sid === undefined) return send(response, list(network, url))
  const message = network.messages.get(sid)
  return send(response, message === undefined ? notFound(url) : json(200, shown(message, account)))
}

function notFound({ pathname }: URL): Reply {
  return refusal(404, 20404, `The requested resource ${pathname} was not found`)
}

function isSignedIn({ settings }: Network, header = ''): boolean {
  const { accountSid, authToken, apiKey, apiSecret } = settings
  const pairs = [`${accountSid}:${authToken}`, ...(apiKey === undefined ? [] : [`${apiKey}:${apiSecret ?? ''}`])]
  return pairs.some((pair) => header === `Basic ${Buffer.from(pair).toString('base64')}`)
}

function accountShown(sid: string): object {
  const uri = `/2010-04-01/Accounts/${sid}`
  return {
    sid,
    friendly_name: 'Pretend account',
    owner_account_sid: sid,
    status: 'active',
    type: 'Full',
    uri: `${uri}.json`,
    subresource_uris: { messages: `${uri}/Messages.json` },
  }
}

function list({ messages, settings }: Network, url: URL): Reply {
  const { searchParams: query } = url
  const size = Math.min(Number(query.get('PageSize') ?? 50), 1000)
  const page = Number(query.get('Page') ?? 0)
  const found = messages.list(filterIn(query))
  const start = page * size
  const shownHere = found.slice(start, start + size)
  const uriOf = (number: number) => {
    const other = new URLSearchParams(query)
    other.set('PageSize', String(size))
    other.set('Page', String(number))
    return `${url.pathname}?${other}`
  }
  return json(200, {
    end: Math.max(start + shownHere.length - 1, 0),
    first_page_uri: uriOf(0),
    messages: shownHere.map((message) => shown(message, settings.accountSid)),
    next_page_uri: start + size < found.length ? uriOf(page + 1) : null,
    page,
    page_size: size,
    previous_page_uri: page > 0 ? uriOf(page - 1) : null,
    start,
    uri: uriOf(page),
  })
}

function filterIn(query: URLSearchParams): { from?: string; to?: string; sentSince?: Date; sentBefore?: Date } {
  const from = query.get('From')
  const to = query.get('To')
  const since = query.get('DateSent>')
  const before = query.get('DateSent<')
  return {
    ...(from && { from }),
    ...(to && { to }),
    ...(since && { sentSince: new Date(since) }),
    ...(before && { sentBefore: new Date(before) }),
  }
}
