// The 24 hours after a person's last WhatsApp message in which a business may answer with free text.
// It knows pairs of phone and sender; SMS has no window.

import { type Address, channelOf } from '../coop/members/address.ts'
import type { Memory } from './memory.ts'

const WINDOW_MS = 24 * 60 * 60 * 1000

export interface Windows {
  open(phone: Address, sender: Address): void
  isOpen(phone: Address, sender: Address): boolean
}

/** A WhatsApp window is closed until somebody writes. */
export function createWindows(now: () => Date, memory: Memory): Windows {
  return {
    open: (phone, sender) => {
      if (channelOf(phone) === 'whatsapp') memory.note(nameOf(phone, sender), now().getTime())
    },
    isOpen: (phone, sender) => {
      if (channelOf(phone) === 'sms') return true
      const last = memory.recall(nameOf(phone, sender))
      return last !== undefined && now().getTime() - last < WINDOW_MS
    },
  }
}

const nameOf = (phone: Address, sender: Address) => `window ${phone} ${sender}`
