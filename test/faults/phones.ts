// People who text: each message is a signed webhook, posted to one of the web processes, and what was posted and
// answered is written down here, outside of the system, for the safety checker.
import { randomBytes } from 'node:crypto'
import http from 'node:http'
import { type Address, addressOn } from '../../src/coop/members/address.ts'
import { sign } from '../../src/twilio/signature.ts'
import { account } from '../messaging/worker_desk.ts'
import { sleep } from './lengths.ts'

export interface Person {
  readonly phone: string
  readonly memberId: number
}

/** One post of one message, and its answer if one came. */
export interface Post {
  readonly sid: string
  readonly from: Address
  readonly body: string
  readonly status?: number
  readonly twiml?: string
  readonly ms: number
}

export interface Texting {
  readonly sid?: string
  /** Which web process: its place in the list, or the front. */
  readonly web?: number
  readonly channel?: 'sms' | 'whatsapp'
  /** The button that was pressed, by our own id. */
  readonly button?: string
  readonly more?: Readonly<Record<string, string>>
}

export interface Phones {
  /** Everything that was posted, in the order of the answers. */
  readonly posts: readonly Post[]
  /** Posts a text once; resolves whatever happens. */
  text(who: Pick<Person, 'phone'>, body: string, how?: Texting): Promise<Post>
  /** Posts it again, as the carrier does, until it has been answered with 200. */
  insist(who: Pick<Person, 'phone'>, body: string, how?: Texting): Promise<Post>
  /** Casts a ballot with one press of a button. */
  vote(who: Pick<Person, 'phone'>, slug: string, option: number, how?: Texting): Promise<Post>
}

export const newSid = (): string => `SM${randomBytes(16).toString('hex')}`
/** What an answer says; nothing where it is silence. */
export const sayOf = ({ twiml = '' }: Pick<Post, 'twiml'>): string =>
  /<Message[^>]*>([\s\S]*?)<\/Message>/.exec(twiml)?.[1] ?? ''

const coopNumber = '+447700900100'

/** The form of a text, as the carrier posts it. */
export function formOf(phone: string, body: string, { sid, channel = 'sms', button, more }: Texting = {}) {
  const on = (number: string) => (channel === 'sms' ? number : `whatsapp:${number}`)
  const shown = channel === 'whatsapp' ? { ProfileName: 'Member', WaId: phone.slice(1) } : { FromCity: '' }
  const form: Record<string, string> = {
    MessageSid: sid ?? newSid(),
    AccountSid: account.accountSid,
    From: on(phone),
    To: on(coopNumber),
    Body: body,
    NumMedia: '0',
    NumSegments: '1',
    ApiVersion: '2010-04-01',
    ...shown,
    ...(button !== undefined && { ButtonPayload: button, ButtonText: body }),
    ...more,
  }
  return form
}

/** Phones whose webhooks are signed for the public URL and posted to the ports that `ports` names. */
export function openPhones(publicUrl: string, ports: () => readonly number[], front: number): Phones {
  const posts: Post[] = []
  // Idle connections go before the server ends them: a text on one that just ends would be lost on the way.
  const agent = new http.Agent({ keepAlive: true, maxSockets: 256, timeout: 2_000 })
  const text = async (who: Pick<Person, 'phone'>, body: string, how: Texting = {}): Promise<Post> => {
    const form = formOf(who.phone, body, how)
    const url = `${publicUrl}/twilio/inbound`
    const port = how.web === undefined ? front : ports()[how.web]
    const since = performance.now()
    const answer = await send(agent, {
      port: port ?? front,
      path: '/twilio/inbound',
      body: new URLSearchParams(form).toString(),
      headers: { 'x-twilio-signature': sign(account.authToken, url, form) },
    })
    const post = {
      sid: form.MessageSid ?? '',
      from: addressOn(how.channel ?? 'sms', who.phone),
      body,
      ms: performance.now() - since,
      ...(answer && { status: answer.status, twiml: answer.body }),
    }
    posts.push(post)
    return post
  }
  const insist = async (who: Pick<Person, 'phone'>, body: string, how: Texting = {}): Promise<Post> => {
    const same = { ...how, sid: how.sid ?? newSid() }
    for (let tries = 0; tries < 150; tries++) {
      const post = await text(who, body, same)
      if (post.status === 200) return post
      await sleep(100)
    }
    throw new Error('A message was posted for 15 seconds and more and never answered with 200')
  }
  const vote = (who: Pick<Person, 'phone'>, slug: string, option: number, how: Texting = {}) =>
    text(who, `option ${option}`, { ...how, channel: 'whatsapp', button: `v.${slug}.${option}` })
  return { posts, text, insist, vote }
}

export interface Request {
  readonly port: number
  readonly path: string
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: string
}

type Answered = { readonly status: number; readonly body: string }

/** One request and its answer; nothing where none came. */
export async function send(agent: http.Agent, request: Request): Promise<Answered | undefined> {
  const first = await attempt(agent, request)
  // A kept connection may just have ended at the other side: every client then tries a new one, the carrier too.
  const answer = first === 'stale' ? await attempt(agent, request) : first
  return answer === 'stale' ? undefined : answer
}

function attempt(
  agent: http.Agent,
  { port, path, body, headers, method = 'POST' }: Request,
): Promise<Answered | 'stale' | undefined> {
  return new Promise((resolve) => {
    const request = http.request({ agent, host: '127.0.0.1', port, path, method }, async (response) => {
      try {
        let answered = ''
        for await (const piece of response.setEncoding('utf8')) answered += piece
        resolve({ status: response.statusCode ?? 0, body: answered })
      } catch {
        resolve(undefined)
      }
    })
    request.on('error', () => resolve(request.reusedSocket ? 'stale' : undefined))
    request.setTimeout(20_000, () => request.destroy())
    const form = 'application/x-www-form-urlencoded; charset=UTF-8'
    const given = { 'content-type': form, 'content-length': String(Buffer.byteLength(body)), ...headers }
    for (const [name, value] of Object.entries(given)) request.setHeader(name, value)
    request.end(body)
  })
}
