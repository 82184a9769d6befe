// A small HTTP client for the load: kept-alive connections with one request in flight each, cheap enough to leave the
// machine to whom is measured. It reads what the stages answer and no more of HTTP than that.
import net from 'node:net'
import type { Said } from './texts.ts'

export interface Reply {
  /** 0 where no answer came. */
  readonly status: number
  /** The body, or why there is none. */
  readonly body: string
}

export interface Connection {
  /** Resolves in any case, and never before the answer is whole. */
  send(request: Buffer): Promise<Reply>
  close(): void
}

const patienceMs = 15_000

interface Pending {
  readonly request: Buffer
  readonly resolve: (reply: Reply) => void
  readonly timer: NodeJS.Timeout
  /** Sent on a socket that was idle before, which the other side may just have closed. */
  retries: number
}

/** A connection to a port of this machine, opened with its first request and again whenever it was closed. */
export function openConnection(port: number): Connection {
  let socket: net.Socket | undefined
  let read: Buffer = Buffer.alloc(0)
  let pending: Pending | undefined

  function open(): net.Socket {
    const opened = net.connect({ host: '127.0.0.1', port, noDelay: true })
    read = Buffer.alloc(0)
    opened.on('data', (chunk) => opened === socket && take(chunk))
    opened.on('error', () => undefined)
    opened.on('close', () => opened === socket && lost())
    socket = opened
    return opened
  }

  function lost(): void {
    socket = undefined
    if (!pending) return
    if (pending.retries === 0) return finish({ status: 0, body: 'the connection broke' })
    pending.retries--
    open().write(pending.request)
  }

  function take(chunk: Buffer): void {
    read = read.length === 0 ? chunk : Buffer.concat([read, chunk])
    const answer = readAnswer(read)
    if (!answer) return
    read = Buffer.alloc(0)
    if (answer.closes) drop()
    finish(answer)
  }

  function drop(): void {
    const dropped = socket
    socket = undefined
    dropped?.destroy()
  }

  function finish(reply: Reply): void {
    const { resolve, timer } = pending ?? {}
    pending = undefined
    clearTimeout(timer)
    resolve?.(reply)
  }

  const late = () => {
    drop()
    finish({ status: 0, body: 'no answer in time' })
  }

  return {
    send: (request) =>
      new Promise((resolve) => {
        pending = { request, resolve, timer: setTimeout(late, patienceMs), retries: socket ? 1 : 0 }
        const current = socket ?? open()
        current.write(request)
      }),
    close: drop,
  }
}

function readAnswer(read: Buffer): (Reply & { closes: boolean }) | undefined {
  const end = read.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = read.toString('latin1', 0, end)
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
  const from = end + 4
  if (read.length < from + length) return undefined
  return {
    status: Number(head.slice(9, 12)),
    body: read.toString('utf8', from, from + length),
    closes: /\r\nconnection: *close/i.test(head),
  }
}

const message = /<Message([^>]*)>([^<]*)<\/Message>/
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

/** What the TwiML of an answer says; the empty text where it is silent. */
export function saidIn(twiml: string): Said {
  const [, attributes = '', text = ''] = message.exec(twiml) ?? []
  const plain = text.includes('&') ? text.replace(/&(\w+);/g, (all, name) => entities[name] ?? all) : text
  return { text: plain, calls: attributes.includes('action=') }
}
