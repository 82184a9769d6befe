// Twilio's own REST client, pointed at the configured base and with a deadline that holds.
// It is loaded when the first message is sent (25 MB); it never retries, and its errors hold no number and no text.

import type { Twilio } from 'twilio'
import type RequestClient from 'twilio/lib/base/RequestClient.js'

export interface CarrierSettings {
  readonly accountSid: string
  readonly apiKey: string
  readonly apiSecret: string
  /** Where the REST API is, when it is not Twilio's own host: `http://127.0.0.1:4000`. */
  readonly apiBase?: string
  readonly timeoutMs: number
}

/** The carrier answered, and it was not a yes. */
export class CarrierRefusal extends Error {
  readonly status: number
  readonly code: number | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, code: number | undefined, retryAfterSeconds: number | undefined) {
    super(`The carrier answered HTTP ${status}${code === undefined ? '' : ` with error ${code}`}`)
    this.name = 'CarrierRefusal'
    this.status = status
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
  }
}

const LARGEST_ANSWER = 4 * 1024 * 1024

/** Loads the library and makes a client that signs in with an API key. */
export async function connect(settings: CarrierSettings): Promise<Twilio> {
  const { default: twilio } = await import('twilio')
  // The library has no setting for a base URL, and says in its guide to subclass this for one.
  class CoopRequestClient extends twilio.RequestClient {
    override async request<Data>(options: RequestClient.RequestOptions<Data>) {
      const answer = await super.request<Data>({ ...options, uri: onBase(options.uri, settings.apiBase) })
      if (answer.statusCode >= 200 && answer.statusCode < 300) return answer
      throw new CarrierRefusal(answer.statusCode, codeIn(answer.body), secondsIn(answer.headers))
    }
  }
  const httpClient = new CoopRequestClient({ timeout: settings.timeoutMs, autoRetry: false })
  // Its own timeout is one of silence: a carrier that drips bytes would hold a message for ever.
  httpClient.axios.interceptors.request.use((request) => {
    request.signal = AbortSignal.timeout(settings.timeoutMs)
    request.maxContentLength = LARGEST_ANSWER
    return request
  })
  return twilio(settings.apiKey, settings.apiSecret, { accountSid: settings.accountSid, httpClient })
}

function onBase(uri: string, base: string | undefined): string {
  if (base === undefined) return uri
  const { pathname, search } = new URL(uri)
  return base.replace(/\/+$/, '') + pathname + search
}

function codeIn(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null || !('code' in body)) return undefined
  return Number.isInteger(body.code) ? Number(body.code) : undefined
}

function secondsIn(headers: unknown): number | undefined {
  if (typeof headers !== 'object' || headers === null || !('retry-after' in headers)) return undefined
  const after = String(headers['retry-after'])
  const seconds = /^\d+$/.test(after) ? Number(after) : Math.ceil((Date.parse(after) - Date.now()) / 1000)
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds)
}
