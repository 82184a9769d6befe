// A proxy for one server's connections, TCP or a Unix socket: it can cut, hold and watch what goes through. The
// front of several web processes is one, and so is the line to Postgres that breaks at a COMMIT.
import net from 'node:net'

/** What becomes of a piece on its way: it goes on, or the line is cut before it, or right after it has gone on. */
export type Verdict = 'pass' | 'cut_before' | 'cut_after'

export interface Wire {
  readonly port: number
  /** Judges each piece that goes to the server; passes everything at first. */
  watch(judge: (piece: Buffer) => Verdict): void
  /** Looks at each piece that the server says; where a part of it is given back, that goes on and the line is cut. */
  hear(cut: (piece: Buffer) => Buffer | undefined): void
  /** Nothing goes through in either direction until released. */
  hold(): void
  release(): void
  /** Cuts every line that is open now. */
  cut(): void
  /** No new line is taken until it is opened again, and the present ones are cut. */
  close(): Promise<void>
}

type Place = { readonly path: string } | { readonly port: number; readonly host?: string }

/** Listens at a place and leads each connection to the server that `target` names at that moment. */
export async function openWire(at: Place, target: () => Place | undefined): Promise<Wire> {
  const lines = new Set<readonly [net.Socket, net.Socket]>()
  const state: State = { held: false, judge: () => 'pass', part: () => undefined }
  const server = net.createServer({ pauseOnConnect: true }, (client) => {
    const place = target()
    if (!place) return void client.destroy()
    const upstream = net.connect(place)
    const line = [client, upstream] as const
    lines.add(line)
    const end = () => {
      lines.delete(line)
      for (const socket of line) socket.destroy()
    }
    for (const socket of line) socket.on('error', end).on('close', end)
    upstream.on('connect', () => join(line, state, end))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(at, resolve))
  const address = server.address()
  const cut = () => {
    for (const line of lines) for (const socket of line) socket.destroy()
  }
  const flow = (held: boolean) => {
    state.held = held
    for (const line of lines) for (const socket of line) held ? socket.pause() : socket.resume()
  }
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    watch: (judge) => {
      state.judge = judge
    },
    hear: (part) => {
      state.part = part
    },
    hold: () => flow(true),
    release: () => flow(false),
    cut,
    close: () => {
      cut()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

interface State {
  held: boolean
  judge(piece: Buffer): Verdict
  part(piece: Buffer): Buffer | undefined
}

function join([client, upstream]: readonly [net.Socket, net.Socket], state: State, end: () => void): void {
  client.on('data', (piece) => {
    const verdict = state.judge(piece)
    if (verdict === 'cut_before') return end()
    if (verdict === 'pass') return void upstream.write(piece)
    // The server has it; whoever sent it never hears what came of it.
    client.destroy()
    upstream.removeAllListeners('close').write(piece, () => setTimeout(end, 50))
  })
  upstream.on('data', (piece) => {
    if (client.destroyed) return
    const part = state.part(piece)
    if (part === undefined) return void client.write(piece)
    upstream.removeAllListeners('data')
    client.write(part, end)
  })
  client.on('end', () => upstream.end())
  upstream.on('end', () => client.end())
  if (state.held) return
  client.resume()
}
