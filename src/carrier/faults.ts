// What goes wrong on demand, so many times and, if wished, for one recipient only.
// It holds the orders; whoever does the work asks for his own fault and makes it happen.

import { z } from 'zod'
import { type Address, readAddress } from '../coop/members/address.ts'

const faultNames = [
  // Of the REST API, for one send each.
  'too_many_requests',
  'server_error',
  'bad_gateway',
  'reset_before',
  'reset_after',
  'hang_before',
  'hang_after',
  'garbled_answer',
  'refuse',
  // Of what becomes of an accepted message.
  'fail_later',
  'stay_sent',
  'lose_callback',
  'repeat_callback',
  'delay_callback',
  'reorder_callbacks',
  // Of the webhook with an inbound message.
  'repeat_webhook',
  'hold_webhook',
  'cut_webhook',
  'lose_answer',
] as const

export type FaultName = (typeof faultNames)[number]

const addressText = z.string().transform((text, context): Address => {
  const address = readAddress(text)
  if (address !== undefined) return address
  context.addIssue({ code: 'custom', message: 'an address is sms:+447700900100 or whatsapp:+447700900100' })
  return z.NEVER
})

export const faultOrder = z.object({
  fault: z.enum(faultNames),
  times: z.int().positive().default(1),
  to: addressText.optional(),
  /** The error code of `refuse` and `fail_later`. */
  code: z.int().optional(),
  /** The Retry-After of `too_many_requests`, the lateness of `delay_callback`. */
  seconds: z.number().nonnegative().optional(),
})

export type FaultOrder = z.input<typeof faultOrder>
type Fault = z.output<typeof faultOrder>

export interface Faults {
  order(fault: FaultOrder): void
  /** Uses up one fault of this name that applies to the address. */
  take(name: FaultName, address: Address): Fault | undefined
  pending(): readonly Fault[]
  clear(): void
}

/** No fault at first. */
export function createFaults(): Faults {
  let orders: Fault[] = []
  return {
    order: (fault) => {
      orders.push(faultOrder.parse(fault))
    },
    take: (name, address) => {
      const fault = orders.find((each) => each.fault === name && (each.to === undefined || each.to === address))
      if (fault === undefined) return undefined
      fault.times -= 1
      if (fault.times === 0) orders = orders.filter((each) => each !== fault)
      return fault
    },
    pending: () => orders,
    clear: () => {
      orders = []
    },
  }
}
