// What becomes of an outbound message: sent and delivered, or failed, each told to its status callback.
// The status with which a message was accepted gets no callback, as at Twilio.

import { randomUUID } from 'node:crypto'
import { statusForm } from './forms.ts'
import type { Message } from './messages.ts'
import { call, type Network, warn } from './network.ts'

type Ending = { readonly kind: 'delivered' } | { readonly kind: 'failed'; readonly code: number }

const FREE_TEXT_OUTSIDE_WINDOW = 63016
const defaultPace = { sentMs: 20, deliveredMs: 60 }

/** Takes an accepted message to its end; the phone has it at once, the callbacks follow. */
export function follow(network: Network, message: Message, callback: string | undefined): void {
  const { sentMs, deliveredMs } = network.settings.pace ?? defaultPace
  const ending = endingOf(network, message)
  if (ending.kind === 'failed') {
    network.errands.after(sentMs, () => tell(network, message, 'failed', callback, ending.code))
    return
  }
  const { from, to, body, sid } = message
  network.handsets.receive(to, { from, body, sid, kind: 'message' })
  const { faults, errands } = network
  const swapped = faults.take('reorder_callbacks', to) !== undefined
  errands.after(swapped ? sentMs + 2 * deliveredMs : sentMs, () => tell(network, message, 'sent', callback))
  if (faults.take('stay_sent', to)) return
  errands.after(sentMs + deliveredMs, () => tell(network, message, 'delivered', callback))
}

function endingOf({ faults, windows }: Network, { from, to, direction }: Message): Ending {
  const fault = faults.take('fail_later', to)
  if (fault !== undefined) return { kind: 'failed', code: fault.code ?? 30008 }
  const closed = direction === 'outbound-api' && !windows.isOpen(to, from)
  return closed ? { kind: 'failed', code: FREE_TEXT_OUTSIDE_WINDOW } : { kind: 'delivered' }
}

async function tell(
  network: Network,
  message: Message,
  status: string,
  callback: string | undefined,
  errorCode?: number,
): Promise<void> {
  // A callback may come late and out of order; the carrier's own record never goes back.
  if (message.status !== 'delivered') network.messages.move(message, status, errorCode)
  if (callback === undefined || network.faults.take('lose_callback', message.to)) return
  const late = network.faults.take('delay_callback', message.to)
  if (late !== undefined) await new Promise((resolve) => setTimeout(resolve, (late.seconds ?? 1) * 1000).unref())
  const times = network.faults.take('repeat_callback', message.to) ? 2 : 1
  const parameters = statusForm(network.settings.accountSid, message, status, errorCode)
  const order = { url: callback, parameters, idempotencyToken: randomUUID() }
  for (let time = 0; time < times; time++) {
    const first = await call(network, order)
    const posted = first.kind === 'not_connected' ? await call(network, order) : first
    if (posted.kind !== 'answered' || posted.status >= 400) warn(network, '11200 a status callback failed')
  }
}
